/** What is in a recorded file, measured with ffmpeg. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';

const run = promisify(execFile);
const MOST = 1024 * 1024 * 1024;

/** Decodes all of it, strictly: what is broken throws. */
export async function assertDecodes(path: string): Promise<void> {
  // Pictures keep their times: those of a camera do not come in step.
  const list = ['-xerror', '-v', 'error', '-i', path, '-vsync', 'vfr', '-f', 'null', '-'];
  const { stderr } = await run(findFfmpeg(), list);
  if (stderr.trim() !== '') throw new Error(`${path}: ${stderr}`);
}

/** How long it is. */
export async function secondsOf(path: string): Promise<number> {
  const list = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
  return Number((await run('ffprobe', list)).stdout);
}

export interface PlainPicture {
  width: number;
  height: number;
  data: Buffer;
}

/** All pictures, scaled down, `perSecond` of each second. */
export async function readPictures(path: string, perSecond: number): Promise<PlainPicture[]> {
  const [width, height] = [320, 180];
  const filter = `fps=${perSecond}:start_time=0,scale=${width}:${height}:flags=area`;
  const list = [
    '-v',
    'error',
    '-i',
    path,
    '-an',
    '-vf',
    filter,
    '-pix_fmt',
    'yuv420p',
    '-f',
    'rawvideo',
    '-',
  ];
  const { stdout } = await run(findFfmpeg(), list, { encoding: 'buffer', maxBuffer: MOST });
  const length = (width * height * 3) / 2;
  return Array.from({ length: Math.floor(stdout.length / length) }, (_, i) => ({
    ...{ width, height },
    data: stdout.subarray(i * length, (i + 1) * length),
  }));
}

/** Mean colour around a place; x and y are shares of the width and height. */
export function colourAt({ width, height, data }: PlainPicture, x: number, y: number) {
  const [column, row] = [Math.floor((x * width) / 2), Math.floor((y * height) / 2)];
  const chroma = row * (width / 2) + column;
  const luma = width * height;
  return {
    y: data[2 * row * width + 2 * column] ?? 0,
    u: data[luma + chroma] ?? 0,
    v: data[luma * 1.25 + chroma] ?? 0,
  };
}

/** The sound of the left channel, 48 kHz. */
export async function readSound(path: string): Promise<Float32Array> {
  const list = [
    '-v',
    'error',
    '-i',
    path,
    '-vn',
    '-af',
    'pan=mono|c0=c0',
    '-ar',
    '48000',
    '-f',
    'f32le',
    '-',
  ];
  const { stdout } = await run(findFfmpeg(), list, { encoding: 'buffer', maxBuffer: MOST });
  return new Float32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.byteLength));
}

/** How much of a tone is in a stretch of sound (seconds): its amplitude (Goertzel). */
export function amplitudeOf(
  sound: Float32Array,
  frequency: number,
  { from, to }: { from: number; to: number },
): number {
  const samples = sound.subarray(Math.round(from * 48_000), Math.round(to * 48_000));
  const factor = 2 * Math.cos((2 * Math.PI * frequency) / 48_000);
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample + factor * one - two, one];
  return (2 * Math.sqrt(one * one + two * two - factor * one * two)) / samples.length;
}
