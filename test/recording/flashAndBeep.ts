/** Flashes and beeps in a recorded file, however long it is: pictures and sound are read one number at a time. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';

const run = promisify(execFile);
const PICTURES_PER_SECOND = 100;
const SAMPLES_PER_SECOND = 8000;
/** Loudness is looked at in steps of 2 ms. */
const STEP = SAMPLES_PER_SECOND / 500;
/** A beep is zero at each half of its wave: what is loud within so many steps goes on. */
const HANGOVER = 10;
/** Flash and beep of one moment are nearer to each other than this, seconds. */
const REACH = 0.45;

export interface FlashAndBeep {
  /** Seconds of the file at which it flashes. */
  flash: number;
  /** By how much the beep comes later, ms. */
  offset: number;
}

export async function readFlashesAndBeeps(path: string): Promise<FlashAndBeep[]> {
  const [flashes, beeps] = [await readFlashes(path), await readBeeps(path)];
  let next = 0;
  return flashes.flatMap((flash) => {
    while ((beeps[next] ?? Infinity) < flash - REACH) next += 1;
    const beep = beeps[next];
    return beep === undefined || beep > flash + REACH ? [] : [{ flash, offset: (beep - flash) * 1000 }];
  });
}

async function readFlashes(path: string): Promise<number[]> {
  const filter = `crop=iw/8:ih/8,scale=1:1:flags=area,fps=${PICTURES_PER_SECOND}:start_time=0`;
  const luma = await decode(path, ['-an', '-vf', filter, '-pix_fmt', 'gray', '-f', 'rawvideo']);
  return beginnings((index) => (luma[index] ?? 0) > 120, luma.length, PICTURES_PER_SECOND);
}

async function readBeeps(path: string): Promise<number[]> {
  const filter = ['-vn', '-af', 'pan=mono|c0=c0', '-ar', String(SAMPLES_PER_SECOND), '-f', 'u8'];
  const samples = await decode(path, filter);
  let last = -Infinity;
  return beginnings(
    (step) => {
      for (let at = step * STEP; at < (step + 1) * STEP; at += 1)
        if (Math.abs((samples[at] ?? 128) - 128) > 13) last = step;
      return step - last <= HANGOVER;
    },
    Math.floor(samples.length / STEP),
    SAMPLES_PER_SECOND / STEP,
  );
}

async function decode(path: string, list: readonly string[]): Promise<Buffer> {
  const options = { encoding: 'buffer', maxBuffer: 1024 ** 3 } as const;
  return (await run(findFfmpeg(), ['-v', 'error', '-i', path, ...list, '-'], options)).stdout;
}

/** Seconds at which something begins that was not there before. */
function beginnings(isOn: (index: number) => boolean, count: number, perSecond: number): number[] {
  const found: number[] = [];
  let before = true;
  for (let index = 0; index < count; index += 1) {
    const now = isOn(index);
    if (now && !before) found.push(index / perSecond);
    before = now;
  }
  return found;
}
