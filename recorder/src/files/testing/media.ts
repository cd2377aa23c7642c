import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { findFfmpeg } from '../../findFfmpeg.ts';
import type { Fragment, InitSegment } from '../types.ts';

/** Runs ffmpeg and gives what it wrote and what it said. It must succeed. */
export async function ffmpeg(args: string[], input?: Buffer): Promise<{ output: Buffer; log: string }> {
  const child = spawn(findFfmpeg(), ['-hide_banner', '-nostats', '-y', ...args], { stdio: 'pipe' });
  child.stdin.on('error', () => undefined).end(input);
  const output: Buffer[] = [];
  const log: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => output.push(piece));
  child.stderr.on('data', (piece: Buffer) => log.push(piece));
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const text = Buffer.concat(log).toString();
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}: ${text}`);
  return { output: Buffer.concat(output), log: text };
}

const picture = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=25:d=${String(seconds)}`];
const sound = (seconds: number) => ['-f', 'lavfi', '-i', `sine=f=440:r=48000:d=${String(seconds)}`];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '50', '-pix_fmt', 'yuv420p'];
const fragmented = ['-movflags', 'frag_keyframe+empty_moov+delay_moov+default_base_moof'];
const vp8 = ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '25'];

/** What the recorder's encoder writes. `more`: other options of the encoder. */
export async function encodeMp4(seconds: number, more: readonly string[] = []): Promise<Buffer> {
  const codecs = [...h264, ...more, '-c:a', 'aac', ...fragmented, '-frag_duration', '500000'];
  const inputs = ['-v', 'error', ...picture(seconds), ...sound(seconds)];
  return (await ffmpeg([...inputs, ...codecs, '-f', 'mp4', 'pipe:1'])).output;
}

export async function encodeWebm(seconds: number): Promise<Buffer> {
  const inputs = ['-v', 'error', ...picture(seconds), ...sound(seconds)];
  const live = ['-c:a', 'libopus', '-cluster_time_limit', '1000', '-live', '1'];
  return (await ffmpeg([...inputs, ...vp8, ...live, '-f', 'webm', 'pipe:1'])).output;
}

/** Feeds a splitter in pieces of this size. */
export function split(
  splitter: { push(chunk: Buffer): (InitSegment | Fragment)[] },
  bytes: Buffer,
  pieceBytes = 10_007,
): { init: InitSegment; fragments: Fragment[] } {
  const items: (InitSegment | Fragment)[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes)
    items.push(...splitter.push(bytes.subarray(at, at + pieceBytes)));
  const init = items.find((item) => item.kind === 'init');
  if (!init) throw new Error('no init segment came');
  return { init, fragments: items.filter((item) => item.kind === 'fragment') };
}

/** What a strict decoder says of a file: nothing is right. */
export async function complaints(path: string): Promise<string> {
  return (await ffmpeg(['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-'])).log;
}

/** A hash of all packets of one kind in their order, without their times and side data. */
export async function packetsOf(path: string, kind: 'v' | 'a'): Promise<{ count: number; hash: string }> {
  const copy = ['-v', 'error', '-i', path, '-map', `0:${kind}`, '-c', 'copy', '-f', 'framemd5', '-'];
  const lines = (await ffmpeg(copy)).output.toString().split('\n');
  const sums = lines.filter((line) => /^\d/.test(line)).map((line) => line.split(',')[5]?.trim());
  return { count: sums.length, hash: createHash('sha256').update(sums.join()).digest('hex') };
}

export interface Told {
  durationMs: number;
  startMs: number;
  title: string | undefined;
  chapters: { startMs: number; endMs: number; title: string }[];
}

/** What ffmpeg tells of a file when it opens it. */
export async function tell(path: string): Promise<Told> {
  const { log } = await ffmpeg(['-i', path, '-t', '0', '-f', 'null', '-']);
  const duration = /Duration: (\d+):(\d+):([\d.]+)/.exec(log)?.slice(1).map(Number) ?? [];
  const [hours = NaN, minutes = NaN, seconds = NaN] = duration;
  const pattern = /Chapter #0:\d+: start ([\d.]+), end ([\d.]+)\s+Metadata:\s+title\s+: (.*)/g;
  const chapters = [...log.matchAll(pattern)].map(([, start, end, title]) => ({
    ...{ startMs: Math.round(Number(start) * 1000), endMs: Math.round(Number(end) * 1000) },
    title: title?.trim() ?? '',
  }));
  return {
    durationMs: Math.round(((hours * 60 + minutes) * 60 + seconds) * 1000),
    startMs: Math.round(Number(/start: (-?[\d.]+)/.exec(log)?.[1]) * 1000),
    title: /\n {4}title +: (.*)/.exec(log)?.[1],
    // The same ones are told of the output.
    chapters: chapters.filter(
      (chapter, index) => index === 0 || chapter.startMs > (chapters[index - 1]?.startMs ?? 0),
    ),
  };
}
