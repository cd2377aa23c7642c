import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** What a search for ffmpeg looks at; given in tests, the machine itself otherwise. */
export interface FfmpegPlaces {
  env: NodeJS.ProcessEnv;
  /** Where the package ffmpeg-static would have put its binary; null where it has none for this machine or is absent. */
  packaged: string | null;
  isExecutable: (path: string) => boolean;
}

/** There is no ffmpeg where one is looked for. The message names every place and what to do. */
export class FfmpegNotFoundError extends Error {
  readonly code = 'ffmpeg_not_found';

  constructor(looked: readonly string[]) {
    super(
      `No ffmpeg found. Looked at: ${looked.join('; ')}. ` +
        'Install it from your system (the package is called ffmpeg), or name a binary in FFMPEG_BIN.',
    );
    this.name = 'FfmpegNotFoundError';
  }
}

/**
 * The ffmpeg to run: `FFMPEG_BIN`, the binary of the package ffmpeg-static, `ffmpeg` on the search path, in this order.
 *
 * NOTE: ffmpeg-static downloads its binary when it is installed and stays without one where it cannot, so that its path
 * alone says nothing. An `FFMPEG_BIN` that cannot be run is an error, not a reason to look further: someone meant it.
 *
 * @returns its absolute path, or the value of `FFMPEG_BIN` as it is
 * @throws {FfmpegNotFoundError}
 */
export function findFfmpeg(places: FfmpegPlaces = machinePlaces()): string {
  const { env, packaged, isExecutable } = places;
  const named = env['FFMPEG_BIN'];
  if (named) {
    if (isExecutable(named)) return named;
    throw new FfmpegNotFoundError([`FFMPEG_BIN (${named}: cannot be run)`, 'no further, as it is set']);
  }
  if (packaged && isExecutable(packaged)) return packaged;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.map((folder) => join(folder, binaryName)).find(isExecutable);
  if (onPath) return onPath;
  throw new FfmpegNotFoundError([
    'FFMPEG_BIN (not set)',
    `ffmpeg-static (${packaged ? `${packaged}: no such binary` : 'not installed'})`,
    'ffmpeg on PATH (not there)',
  ]);
}

/**
 * That a file can be run does not make it an ffmpeg, nor one that finds its libraries.
 * @throws {FfmpegNotFoundError}
 */
export async function assertRuns(ffmpeg: string): Promise<void> {
  const said = await promisify(execFile)(ffmpeg, ['-hide_banner', '-version'], { timeout: 20_000 }).then(
    ({ stdout }) => stdout,
    (error: Error) => error.message,
  );
  if (said.startsWith('ffmpeg version')) return;
  const reason = said.trim().split('\n').at(-1) ?? '';
  throw new FfmpegNotFoundError([`${ffmpeg}: it is no ffmpeg that runs here (${reason.slice(0, 200)})`]);
}

const binaryName = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';

function machinePlaces(): FfmpegPlaces {
  return { env: process.env, packaged: findPackaged(), isExecutable };
}

function findPackaged(): string | null {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    return typeof path === 'string' ? path : null;
  } catch {
    return null;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
