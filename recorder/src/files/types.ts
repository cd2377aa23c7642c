import type { VaultKey, VaultReader } from '../vault/index.ts';

/** A place in a recording that a person marked, or that was made from what happened. */
export interface Chapter {
  /** Milliseconds from the beginning of the file. */
  startMs: number;
  title: string;
}

/** One picture or sound in a stream of fragments or clusters. */
export interface MediaTrack {
  trackId: number;
  kind: 'video' | 'audio';
  /** The four letters of the sample entry (`avc1`, `mp4a`) or Matroska's codec id (`V_VP8`, `A_OPUS`). */
  codec: string;
  /** Units in a second of this track's times. */
  timescale: number;
}

/** What a stream begins with, whole: `ftyp` and `moov`, or all of WebM before the first cluster. */
export interface InitSegment {
  kind: 'init';
  bytes: Buffer;
  tracks: readonly MediaTrack[];
}

/** The share of one track in a fragment or cluster; times in units of its timescale. */
export interface FragmentTrack {
  trackId: number;
  /** When its first sample is to be decoded. */
  decodeTime: number;
  /** Sum of the durations of its samples; WebM does not tell that of the last one, which is taken to be as the first. */
  duration: number;
  samples: number;
  /** Whether its first sample needs no earlier one. */
  startsIndependent: boolean;
}

/** What stands or falls together: one `moof` with its `mdat`, or one cluster. */
export interface Fragment {
  kind: 'fragment';
  bytes: Buffer;
  /** Milliseconds: the earliest of its tracks, and from there to the latest end. */
  startMs: number;
  durationMs: number;
  /** Whether a player can begin here: the video starts with a key frame, or there is no video. */
  keyFrame: boolean;
  tracks: readonly FragmentTrack[];
}

export interface FinishOptions {
  /** The part as it was recorded; it is not closed. */
  source: VaultReader;
  /** Where the finished file is to be. It is there when this has succeeded, and not before. */
  path: string;
  /** What it is sealed with; null: not at all. */
  key: VaultKey | null;
  chapters?: readonly Chapter[];
  title?: string;
  /** When the recording began; stands in the file. */
  startedAt?: Date;
  /** Cancels; what was written is removed. */
  signal?: AbortSignal;
  /** Share of the work that is done, 0 to 1; called about each hundredth. */
  onProgress?: (done: number) => void;
}

export interface FinishedFile {
  path: string;
  /** Bytes of plain text. */
  size: number;
  durationMs: number;
  tracks: readonly MediaTrack[];
}
