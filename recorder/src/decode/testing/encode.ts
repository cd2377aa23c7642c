/** Frames as browsers send them, made by ffmpeg, for tests. */
import { execFileSync } from 'node:child_process';
import { findFfmpeg } from '../../findFfmpeg.ts';
import type { EncodedFrame, VideoCodec } from '../../rtp/EncodedFrame.ts';
import type { Picture } from '../../room/ProgramInput.ts';

const ENCODERS: Record<VideoCodec, string[]> = {
  VP8: ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-f', 'ivf'],
  VP9: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-f', 'ivf'],
  H264: [
    '-c:v',
    'libx264',
    '-profile:v',
    'baseline',
    '-tune',
    'zerolatency',
    '-x264-params',
    'aud=1:sliced-threads=0',
    '-f',
    'h264',
  ],
  AV1: ['-c:v', 'libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-f', 'ivf'],
};
const FRAME_RATE = 30;
/** Access unit delimiters of x264. */
const DELIMITER = Buffer.from([0, 0, 0, 1, 9]);

/** So many frames of what an ffmpeg source such as `color=red:s=320x240` shows; the first is a key frame. */
export function encodeFrames(codec: VideoCodec, source: string, count: number): EncodedFrame[] {
  const input = [
    '-f',
    'lavfi',
    '-i',
    `${source}:r=${FRAME_RATE}`,
    '-frames:v',
    String(count),
    '-pix_fmt',
    'yuv420p',
  ];
  const args = ['-hide_banner', '-loglevel', 'error', ...input, '-g', '1000', ...ENCODERS[codec], 'pipe:1'];
  const data = execFileSync(findFfmpeg(), args, {
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return (codec === 'H264' ? accessUnits(data) : ivfFrames(data)).map((frame, index) => ({
    data: frame,
    keyFrame: index === 0,
    rtpTimestamp: (index * 90_000) / FRAME_RATE,
    arrivedAt: 0,
    capturedAt: (index * 1000) / FRAME_RATE,
    rotation: 0,
  }));
}

function ivfFrames(data: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 32; at < data.length;) {
    const end = at + 12 + data.readUInt32LE(at);
    frames.push(data.subarray(at + 12, end));
    at = end;
  }
  return frames;
}

function accessUnits(data: Buffer): Buffer[] {
  const starts: number[] = [];
  for (let at = data.indexOf(DELIMITER); at !== -1; at = data.indexOf(DELIMITER, at + 1)) starts.push(at);
  return starts.map((start, index) => data.subarray(start, starts[index + 1] ?? data.length));
}

/** Y, U and V at a place given by parts of width and height. */
export function colourAt({ width, height, data }: Picture, x: number, y: number): [number, number, number] {
  const column = Math.floor(x * (width - 1));
  const row = Math.floor(y * (height - 1));
  const chroma = (row >> 1) * (width >> 1) + (column >> 1);
  const bytes = width * height;
  return [data[row * width + column] ?? 0, data[bytes + chroma] ?? 0, data[bytes + bytes / 4 + chroma] ?? 0];
}

export type ColourName = 'red' | 'green' | 'blue' | 'black' | 'other';

/** BT.601, as ffmpeg and browsers write colours of small pictures. */
export function nameOf([y, u, v]: readonly [number, number, number]): ColourName {
  if (v > 180) return 'red';
  if (u > 180) return 'blue';
  if (u < 110 && v < 110) return 'green';
  return y < 40 ? 'black' : 'other';
}
