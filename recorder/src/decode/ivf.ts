/** IVF, the simplest container that ffmpeg reads one frame at a time: with times, without an index, for any of our codecs. */
import type { VideoCodec } from '../rtp/EncodedFrame.ts';

const FOURCC: Record<VideoCodec, string> = { VP8: 'VP80', VP9: 'VP90', H264: 'H264', AV1: 'AV01' };
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;

/** Times are ticks of 90 kHz. The size in the header is a guess: decoders take that of the frames. */
export function ivfHeader(codec: VideoCodec): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('DKIF');
  header.writeUInt16LE(HEADER_BYTES, 6);
  header.write(FOURCC[codec], 8);
  header.writeUInt16LE(640, 12);
  header.writeUInt16LE(360, 14);
  header.writeUInt32LE(90_000, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

export function ivfFrameHeader(bytes: number, timestamp: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt32LE(bytes, 0);
  header.writeBigUInt64LE(BigInt(timestamp), 4);
  return header;
}
