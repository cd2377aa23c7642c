/** What the same costs ffmpeg alone, of files: the yardstick for a composite. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';

const run = promisify(execFile);
const SECONDS = 10;

const FILTER = [
  ...[0, 1, 2, 3].map((i) => `[${i}:v]fps=25,scale=640:360:flags=bilinear[v${i}]`),
  '[v0][v1][v2][v3]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0,format=yuv420p[v]',
  '[4:a][4:a][4:a][4:a]amix=inputs=4[a]',
].join(';');
/** As the recorder has it. */
const ENCODER = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-crf', '23', '-bf', '0'],
  ...['-x264-params', 'rc-lookahead=5:sync-lookahead=0:scenecut=0:subme=1', '-threads', '1'],
  ...['-maxrate', '2500k', '-bufsize', '5000k', '-force_key_frames', 'expr:gte(t,n_forced*2)'],
  ...['-c:a', 'aac', '-b:a', '96k', '-ar', '48000', '-ac', '2'],
];

/** @returns cores that ffmpeg needs to make one picture and one sound of four cameras and four microphones in real time */
export async function coresOfPlainFfmpeg(cameras: readonly Buffer[], microphone: Buffer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-plain-'));
  try {
    const files = [...cameras, microphone].map((bytes, i) => {
      writeFileSync(join(folder, `${i}`), bytes);
      return ['-stream_loop', '-1', '-threads', '1', '-i', join(folder, `${i}`)];
    });
    const output = ['-filter_complex', FILTER, '-map', '[v]', '-map', '[a]', ...ENCODER, '-t', `${SECONDS}`];
    const list = ['-hide_banner', '-nostdin', '-benchmark', ...files.flat(), ...output, '-f', 'mp4'];
    const { stderr } = await run(findFfmpeg(), [...list, '-y', join(folder, 'out.mp4')]);
    const [, user, system] = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr) ?? [];
    return (Number(user) + Number(system)) / SECONDS;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
