import { spawn } from 'node:child_process';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import { ageOfPicture } from '../pages/timeCode.ts';
import { waitFor } from '../support/waitFor.ts';

const SIZE = { width: 160, height: 90 };
/** What came while the player made out what it gets is old. */
const SKIPPED = 75;

/** Milliseconds that each of so many pictures is old when a player of a service has it: those with a time in them. */
export async function agesOverRtmp(url: string, count: number): Promise<number[]> {
  const input = ['-v', 'error', '-nostdin', '-fflags', 'nobuffer', '-flags', 'low_delay', '-i', url, '-an'];
  const output = ['-vf', `scale=${SIZE.width}:${SIZE.height}`, '-fps_mode', 'passthrough', '-threads', '1'];
  const raw = ['-pix_fmt', 'gray', '-f', 'rawvideo', '-flush_packets', '1', '-'];
  const player = spawn(findFfmpeg(), [...input, ...output, ...raw], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ages: number[] = [];
  let [rest, pictures] = [Buffer.alloc(0), 0];
  player.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (const length = SIZE.width * SIZE.height; rest.length >= length; rest = rest.subarray(length)) {
      const age = ageOfPicture(rest.subarray(0, length), SIZE, Date.now());
      if ((pictures += 1) > SKIPPED && age !== undefined) ages.push(age);
    }
  });
  try {
    await waitFor('pictures with a time in them', () => [ages.length, pictures], {
      timeout: 30_000,
      done: ([seen = 0]) => seen >= count,
    });
  } finally {
    player.kill('SIGKILL');
  }
  return ages.slice(0, count);
}
