import { SealedFile } from '../../vault/index.ts';
import { chapterSpans } from '../chapterSpans.ts';
import { copyRanges } from '../copyRanges.ts';
import type { FinishedFile, FinishOptions } from '../types.ts';
import { makeBox, u32, u64 } from './boxes.ts';
import { chapterSamples } from './chapterBoxes.ts';
import type { Mp4Index } from './Mp4Index.ts';
import { buildMoov, presentationMs, type MoovPlan } from './moov.ts';
import { scanMp4 } from './scanMp4.ts';

export interface FinishMp4Options extends FinishOptions {
  /** Gathered while the part was written and ended; otherwise the part is looked through first. */
  index?: Mp4Index;
}

/**
 * Makes a file that plays from its beginning and seeks ("faststart") of a part: its samples as they are, in front of
 * them one table of all. What is not complete at the end of the part is left out. The part stays as it is.
 * @throws {FilesError} MEDIA_EMPTY, MEDIA_UNSUPPORTED, MEDIA_MALFORMED, FINISH_CANCELLED
 * @throws {VaultError} VAULT_DISK_FULL, VAULT_IO, VAULT_TAMPERED
 */
export async function finishMp4(options: FinishMp4Options): Promise<FinishedFile> {
  const { source, path, key } = options;
  const index = options.index ?? (await scanMp4(source, options.signal));
  const durationMs = presentationMs(index);
  const { head, tail } = planFile(index, { options, durationMs });
  const output = await SealedFile.create(path, { key });
  try {
    await output.write(head);
    await copyRanges({ ...options, output, starts: index.dataStarts, ends: index.dataEnds });
    for (const sample of tail) await output.write(sample);
    await output.close();
  } finally {
    await output.abort();
  }
  const tracks = index.tracks
    .filter(({ sizes }) => sizes.length > 0)
    .map(({ track: { trackId, kind, codec, timescale } }) => ({ trackId, kind, codec, timescale }));
  return { path, size: output.size, durationMs, tracks };
}

/** All before the media data, and what stands behind it. */
function planFile(
  index: Mp4Index,
  { options, durationMs }: { options: FinishMp4Options; durationMs: number },
): { head: Buffer; tail: Buffer[] } {
  const chapters = chapterSpans(options.chapters ?? [], durationMs);
  const tail = chapterSamples(chapters);
  const dataBytes = tail.reduce((sum, { length }) => sum + length, index.dataBytes);
  const ftyp = makeBox('ftyp', Buffer.from('isom'), u32(0x200), Buffer.from('isomiso2avc1mp41'));
  const plan: MoovPlan = {
    ...{ index, chapters, data: { start: 0, isLong: false } },
    ...(options.title !== undefined && { title: options.title }),
    ...(options.startedAt !== undefined && { startedAt: options.startedAt }),
  };
  const isLong = ftyp.length + lengthOfMoov(plan, true) + 16 + dataBytes > 0xffffffff;
  const start = ftyp.length + lengthOfMoov(plan, isLong) + (isLong ? 16 : 8);
  const moov = buildMoov({ ...plan, data: { start, isLong } });
  const mdat = isLong
    ? Buffer.concat([u32(1), Buffer.from('mdat'), u64(16 + dataBytes)])
    : Buffer.concat([u32(8 + dataBytes), Buffer.from('mdat')]);
  return { head: Buffer.concat([ftyp, moov, mdat]), tail };
}

function lengthOfMoov(plan: MoovPlan, isLong: boolean): number {
  return buildMoov({ ...plan, data: { start: 0, isLong } }).length;
}
