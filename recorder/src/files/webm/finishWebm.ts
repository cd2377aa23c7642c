import { SealedFile } from '../../vault/index.ts';
import { chapterSpans } from '../chapterSpans.ts';
import { copyRanges } from '../copyRanges.ts';
import type { FinishedFile, FinishOptions } from '../types.ts';
import { buildWebmHead, clusterStart } from './webmHead.ts';
import { scanWebm, type WebmIndex } from './WebmIndex.ts';

export interface FinishWebmOptions extends FinishOptions {
  /** Gathered while the part was written; otherwise the part is looked through first. */
  index?: WebmIndex;
}

/**
 * Makes a file that seeks of a part: its clusters as they are, in front of them duration, cues and chapters.
 * What is not complete at the end of the part is left out. The part stays as it is.
 * @throws {FilesError} MEDIA_EMPTY, MEDIA_MALFORMED, FINISH_CANCELLED
 * @throws {VaultError} VAULT_DISK_FULL, VAULT_IO, VAULT_TAMPERED
 */
export async function finishWebm(options: FinishWebmOptions): Promise<FinishedFile> {
  const { source, path, key, title, startedAt } = options;
  const index = options.index ?? (await scanWebm(source, options.signal));
  const { durationMs } = index;
  const chapters = chapterSpans(options.chapters ?? [], durationMs);
  const plan = {
    ...{ index, chapters },
    ...(title !== undefined && { title }),
    ...(startedAt !== undefined && { startedAt }),
  };
  const output = await SealedFile.create(path, { key });
  try {
    await output.write(buildWebmHead(plan));
    const before = (number: number) => clusterStart(index, number);
    await copyRanges({ ...options, output, starts: index.starts, ends: index.ends, before });
    await output.close();
  } finally {
    await output.abort();
  }
  const used = index.usedTracks;
  const tracks = index.init.tracks.filter(({ trackId }) => used.has(trackId));
  return { path, size: output.size, durationMs, tracks };
}
