/**
 * What becomes of the encoder's output: parts that survive everything, finished files that seek, thumbnails, sidecars,
 * uploads. Nothing here writes plain text to the disk unless encryption is off.
 */
export { FILES_ERRORS, FilesError, type FilesErrorCode } from './FilesError.ts';
export type {
  Chapter,
  FinishedFile,
  FinishOptions,
  Fragment,
  FragmentTrack,
  InitSegment,
  MediaTrack,
} from './types.ts';
export { Mp4Fragments } from './mp4/Mp4Fragments.ts';
export { shiftFragment, type FragmentShift } from './mp4/shiftFragment.ts';
export { PauseGap } from './PauseGap.ts';
export { finishRecording, readFormat, type MediaFormat } from './finishRecording.ts';
export { readMediaInfo, type MediaInfo, type MediaTrackInfo } from './mediaInfo.ts';
export { finishMp4, type FinishMp4Options } from './mp4/finishMp4.ts';
export { Mp4Index } from './mp4/Mp4Index.ts';
export { recoverPart, type RecoverOptions } from './recoverPart.ts';
export { chaptersOf, type Sidecar, type SidecarEvent } from './sidecar.ts';
export { readSidecar, sealSidecar, SidecarLog } from './SidecarLog.ts';
export { makeThumbnail, type ThumbnailOptions } from './thumbnail.ts';
export { shiftCluster } from './webm/cluster.ts';
export { finishWebm, type FinishWebmOptions } from './webm/finishWebm.ts';
export { WebmClusters } from './webm/WebmClusters.ts';
export { WebmIndex } from './webm/WebmIndex.ts';
export { chaptersToWebVtt } from './webVtt.ts';
export { S3Source } from './s3/S3Source.ts';
export { S3Store, type S3Options } from './s3/S3Store.ts';
export { S3Upload, type UploadOptions } from './s3/S3Upload.ts';
