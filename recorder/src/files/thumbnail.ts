import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import type { VaultReader } from '../vault/index.ts';
import { FilesError } from './FilesError.ts';
import { readFormat } from './finishRecording.ts';

const TIMEOUT_MS = 20_000;
const MAX_JPEG_BYTES = 4 * 1024 * 1024;

export interface ThumbnailOptions {
  /** A recording, finished or not. */
  source: VaultReader;
  /** The ffmpeg to run. */
  ffmpeg: string;
  /** The picture is taken from the first key frame from here on; where there is none so late, from the first of all. */
  atMs?: number;
  /** Pixels; the height follows. */
  width?: number;
  signal?: AbortSignal;
}

/**
 * Takes a picture from a recording, as JPEG. The recording reaches ffmpeg through a pipe, so that nothing is written.
 * @throws {FilesError} THUMBNAIL_FAILED: no picture in it, ffmpeg cannot, or it took 20 s
 */
export async function makeThumbnail(options: ThumbnailOptions): Promise<Buffer> {
  const { atMs = 0 } = options;
  const picture = await takePicture(options, atMs);
  if (picture.length > 0 || atMs === 0) return assertPicture(picture);
  return assertPicture(await takePicture(options, 0));
}

function assertPicture(picture: Buffer): Buffer {
  if (picture.length === 0) throw new FilesError('THUMBNAIL_FAILED', { detail: 'it holds none' });
  return picture;
}

async function takePicture(options: ThumbnailOptions, atMs: number): Promise<Buffer> {
  const { source, ffmpeg, width = 640 } = options;
  const format = (await readFormat(source)) === 'mp4' ? 'mp4' : 'matroska';
  const input = ['-protocol_whitelist', 'pipe', '-skip_frame', 'nokey', '-f', format, '-i', 'pipe:0'];
  const filter = ['-frames:v', '1', '-vf', `scale=${String(Math.round(width))}:-2`];
  const output = ['-an', '-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2pipe', 'pipe:1'];
  const seek = ['-ss', (atMs / 1000).toFixed(3)];
  const signal = AbortSignal.any([
    AbortSignal.timeout(TIMEOUT_MS),
    ...(options.signal ? [options.signal] : []),
  ]);
  const all = ['-v', 'error', '-threads', '1', ...input, ...seek, ...filter, ...output];
  const child = spawn(ffmpeg, all, { stdio: ['pipe', 'pipe', 'ignore'], signal, killSignal: 'SIGKILL' });
  // ffmpeg closes its input as soon as it has its picture.
  const fed = pipeline(source.stream(), child.stdin).catch(() => undefined);
  const ended = new Promise<void>((resolve, reject) =>
    child.once('close', () => resolve()).once('error', reject),
  );
  try {
    const [picture] = await Promise.all([readAll(child.stdout), ended, fed]);
    return picture;
  } catch (error) {
    child.kill('SIGKILL');
    throw new FilesError('THUMBNAIL_FAILED', { cause: error });
  }
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    if (bytes > MAX_JPEG_BYTES) throw new Error('the picture is too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
