import type { NumberList, RunList } from '../NumberList.ts';
import { makeFullBox, u32, u64 } from './boxes.ts';
import type { TrackIndex } from './TrackIndex.ts';

/** Where media data begins in the finished file, and whether offsets need 64 bits. */
export interface DataPlace {
  start: number;
  isLong: boolean;
}

/** The tables of `stbl` but `stsd` (ISO/IEC 14496-12, 8.6 and 8.7). */
export function sampleTables(index: TrackIndex, data: DataPlace): Buffer[] {
  const allSync = index.syncs.length === index.sizes.length;
  const version = index.hasNegativeOffset ? 1 : 0;
  return [
    makeFullBox('stts', {}, pairs(index.durations)),
    ...(index.hasOffsets ? [makeFullBox('ctts', { version }, pairs(index.offsets))] : []),
    ...(allSync ? [] : [makeFullBox('stss', {}, u32(index.syncs.length), words(index.syncs))]),
    makeFullBox('stsc', {}, sampleToChunk(index.chunkSamples)),
    makeFullBox('stsz', {}, u32(0, index.sizes.length), words(index.sizes)),
    chunkOffsets(index.chunkPlaces, data),
  ];
}

function pairs({ counts, values }: RunList): Buffer {
  const bytes = Buffer.allocUnsafe(4 + 8 * counts.length);
  bytes.writeUInt32BE(counts.length, 0);
  for (let index = 0; index < counts.length; index += 1) {
    bytes.writeUInt32BE(counts.at(index), 4 + 8 * index);
    bytes.writeUInt32BE(values.at(index) >>> 0, 8 + 8 * index);
  }
  return bytes;
}

function words(list: NumberList): Buffer {
  const bytes = Buffer.allocUnsafe(4 * list.length);
  for (let index = 0; index < list.length; index += 1) bytes.writeUInt32BE(list.at(index), 4 * index);
  return bytes;
}

/** An entry for each chunk that has not as many samples as the one before: its number from 1, samples, description. */
function sampleToChunk(chunkSamples: NumberList): Buffer {
  const entries: Buffer[] = [];
  for (let index = 0; index < chunkSamples.length; index += 1)
    if (chunkSamples.at(index) !== chunkSamples.at(index - 1))
      entries.push(u32(index + 1, chunkSamples.at(index), 1));
  return Buffer.concat([u32(entries.length), ...entries]);
}

function chunkOffsets(places: NumberList, { start, isLong }: DataPlace): Buffer {
  const width = isLong ? 8 : 4;
  const bytes = Buffer.allocUnsafe(width * places.length);
  for (let index = 0; index < places.length; index += 1) {
    const place = start + places.at(index);
    if (isLong) bytes.writeBigUInt64BE(BigInt(place), width * index);
    else bytes.writeUInt32BE(place, width * index);
  }
  return makeFullBox(isLong ? 'co64' : 'stco', {}, u32(places.length), bytes);
}

/** The edit list (8.6.6): nothing for `emptyMs`, then the media from `mediaTime` on, in units of the track. */
export function editList(edit: { emptyMs: number; mediaTime: number; durationMs: number }): Buffer {
  const isLong = edit.durationMs > 0xffffffff;
  const number = (value: number) => (isLong ? u64(value) : u32(value));
  // -1 says that nothing is shown.
  const nothing = isLong ? Buffer.alloc(8, 0xff) : u32(-1);
  const entries = [
    ...(edit.emptyMs > 0 ? [Buffer.concat([number(edit.emptyMs), nothing, u32(0x10000)])] : []),
    Buffer.concat([number(edit.durationMs), number(edit.mediaTime), u32(0x10000)]),
  ];
  return makeFullBox('elst', { version: isLong ? 1 : 0 }, u32(entries.length), ...entries);
}
