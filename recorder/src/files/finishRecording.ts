import type { VaultReader } from '../vault/index.ts';
import { FilesError } from './FilesError.ts';
import { finishMp4 } from './mp4/finishMp4.ts';
import type { FinishedFile, FinishOptions } from './types.ts';
import { finishWebm } from './webm/finishWebm.ts';

/** WebM stands for Matroska, too. */
export type MediaFormat = 'mp4' | 'webm';

const EBML = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);

/** Tells by the first bytes what a part or a finished file is. @throws {FilesError} MEDIA_EMPTY, MEDIA_UNSUPPORTED */
export async function readFormat(source: VaultReader): Promise<MediaFormat> {
  const start = await source.bytes(0, Math.min(8, source.size));
  if (start.length < 8) throw new FilesError('MEDIA_EMPTY');
  if (start.subarray(0, 4).equals(EBML)) return 'webm';
  if (start.toString('latin1', 4, 8) === 'ftyp') return 'mp4';
  throw new FilesError('MEDIA_UNSUPPORTED');
}

/** `finishMp4` or `finishWebm`, by what the part is. */
export async function finishRecording(options: FinishOptions): Promise<FinishedFile> {
  const format = await readFormat(options.source);
  return format === 'mp4' ? finishMp4(options) : finishWebm(options);
}
