import type { RtpCapabilities } from '@parley/protocol';
import type { AudioCodec, VideoCodec } from '../rtp/EncodedFrame.ts';

const CODECS: ReadonlyMap<string, VideoCodec | AudioCodec> = new Map([
  ['video/vp8', 'VP8'],
  ['video/vp9', 'VP9'],
  ['video/h264', 'H264'],
  ['video/av1', 'AV1'],
  ['audio/opus', 'opus'],
]);

/** What is fed back: NACK, PLI, FIR. */
const FEEDBACK: ReadonlySet<string | undefined> = new Set(['nack', 'ccm']);
/** How a camera is held; browsers on phones leave the turning to the receiver when this is agreed on. */
export const ORIENTATION = 'urn:3gpp:video-orientation';

/** The codec of a MIME type; undefined when it is none that is known here. */
export const findCodec = (mimeType: string): VideoCodec | AudioCodec | undefined =>
  CODECS.get(mimeType.toLowerCase());

/**
 * What of a router's capabilities a recorder takes. Without RTX: what is sent again comes as it was. Without bandwidth
 * estimation: there is no narrow way between the server and its recorder.
 */
export function recorderCapabilities({
  codecs = [],
  headerExtensions = [],
}: RtpCapabilities): RtpCapabilities {
  return {
    codecs: codecs
      .filter(({ mimeType }) => findCodec(mimeType) !== undefined)
      .map((codec) => ({
        ...codec,
        rtcpFeedback: (codec.rtcpFeedback ?? []).filter(({ type }) => FEEDBACK.has(type)),
      })),
    headerExtensions: headerExtensions.filter(({ uri }) => uri === ORIENTATION),
  };
}
