import type { PublicationInfo } from '@parley/protocol';
import { KIND_OF_SOURCE } from '@parley/protocol/constants';
import { layeringOf, type VideoSize } from '../media/encodings.ts';
import type { Published, PublishRequest } from '../media/MediaSession.ts';

/** What others are told of a track that was published. */
export function publicationInfoOf(
  { source, muted, size }: PublishRequest,
  { publicationId, producer: { rtpParameters } }: Published,
): PublicationInfo {
  return {
    publicationId,
    source,
    kind: KIND_OF_SOURCE[source],
    muted,
    codec: rtpParameters.codecs[0]?.mimeType ?? '',
    layering: layeringOf(rtpParameters),
    ...size,
  };
}

/** Of a track with pictures, as far as it is known, pixels. */
export function sizeOf(track: MediaStreamTrack): VideoSize | undefined {
  const { width, height } = track.getSettings();
  return track.kind === 'video' && width && height ? { width, height } : undefined;
}
