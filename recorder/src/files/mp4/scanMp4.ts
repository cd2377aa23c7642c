import { FilesError } from '../FilesError.ts';
import type { VaultReader } from '../../vault/index.ts';
import { boxHead } from './boxes.ts';
import { Mp4Index } from './Mp4Index.ts';

/** An init segment or a `moof` is some kilobytes; what claims to be larger is damaged. */
const MAX_HEAD_BYTES = 16 * 1024 * 1024;

interface PlacedBox {
  type: string;
  start: number;
  end: number;
}

/**
 * Finds all complete fragments of a part, however it ended: what was cut, or is not a fragment, ends it there.
 * @throws {FilesError} MEDIA_EMPTY, MEDIA_UNSUPPORTED; {VaultError} when the part is not authentic
 */
export async function scanMp4(source: VaultReader, signal?: AbortSignal): Promise<Mp4Index> {
  let index: Mp4Index | undefined;
  let moof: PlacedBox | undefined;
  for (let at = 0; ;) {
    if (signal?.aborted) throw new FilesError('FINISH_CANCELLED');
    const box = await boxAt(source, at);
    if (!box) break;
    at = box.end;
    if (!index && box.type === 'moov' && box.end <= MAX_HEAD_BYTES) {
      index = new Mp4Index(await source.bytes(0, box.end));
    }
    if (box.type === 'moof') moof = box;
    if (box.type !== 'mdat' || !moof || !index) continue;
    if (!(await addFragment(source, index, { moof, mdat: box }))) break;
    moof = undefined;
  }
  if (!index) throw new FilesError(source.size === 0 ? 'MEDIA_EMPTY' : 'MEDIA_UNSUPPORTED');
  index.end();
  return index;
}

/** The box that begins here, if all of it is there. */
async function boxAt(source: VaultReader, at: number): Promise<PlacedBox | undefined> {
  const head = boxHead(await source.bytes(at, Math.min(at + 16, source.size)));
  if (!head || head.size < head.headBytes || at + head.size > source.size) return undefined;
  return { type: head.type, start: at, end: at + head.size };
}

/** Tells whether it was one. */
async function addFragment(
  source: VaultReader,
  index: Mp4Index,
  { moof, mdat }: { moof: PlacedBox; mdat: PlacedBox },
): Promise<boolean> {
  if (mdat.start - moof.start > MAX_HEAD_BYTES) return false;
  try {
    index.add(await source.bytes(moof.start, Math.min(mdat.start + 16, mdat.end)), moof.start);
    return true;
  } catch (error) {
    if (error instanceof FilesError || error instanceof RangeError) return false;
    throw error;
  }
}
