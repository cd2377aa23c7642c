import { children, copyBox, findBox, getBox, makeBox, makeFullBox, u32, u64, type Box } from './boxes.ts';
import type { ChapterSpan } from '../chapterSpans.ts';
import { chapterTrack, neroChapters } from './chapterBoxes.ts';
import type { Mp4Index } from './Mp4Index.ts';
import { editList, sampleTables, type DataPlace } from './sampleTables.ts';
import type { TrackIndex } from './TrackIndex.ts';

const MOVIE_TIMESCALE = 1000;
/** Seconds from 1904, when these files' time begins, to 1970. */
const EPOCH_SECONDS = 2_082_844_800;

export interface MoovPlan {
  index: Mp4Index;
  data: DataPlace;
  chapters: readonly ChapterSpan[];
  title?: string;
  startedAt?: Date;
}

/** When a track is shown, in milliseconds of the finished file. */
interface Presentation {
  emptyMs: number;
  /** Units of the track that are not shown at its beginning, such as the priming of AAC. */
  mediaTime: number;
  durationMs: number;
}

/** When each track is shown. The earliest begins the file, whatever its time was in the fragments. */
function presentations(index: Mp4Index): Map<TrackIndex, Presentation> {
  const used = index.tracks.filter(({ sizes }) => sizes.length > 0);
  const startOf = ({ firstDecodeTime, track }: TrackIndex) => (firstDecodeTime * 1000) / track.timescale;
  const base = Math.min(...used.map(startOf));
  return new Map(
    used.map((track) => {
      const edit = readEdit(index, track.track.trak);
      const emptyMs = Math.round(startOf(track) - base + edit.emptyMs);
      const units = Math.max(0, track.shownUntil - edit.mediaTime);
      const durationMs = Math.round((units * 1000) / track.track.timescale);
      return [track, { emptyMs, mediaTime: edit.mediaTime, durationMs }];
    }),
  );
}

/** Milliseconds from the beginning of the finished file to its end. */
export function presentationMs(index: Mp4Index): number {
  const all = [...presentations(index).values()];
  return Math.max(...all.map(({ emptyMs, durationMs }) => emptyMs + durationMs));
}

/** What the encoder says of the beginning of a track, in the edit list of its init segment. */
function readEdit({ init }: Mp4Index, trak: Box): { emptyMs: number; mediaTime: number } {
  const { bytes } = init;
  const elst = findBox(bytes, trak, ['edts', 'elst']);
  if (!elst) return { emptyMs: 0, mediaTime: 0 };
  const isLong = bytes[elst.body] === 1;
  const width = isLong ? 8 : 4;
  const read = (at: number) => (isLong ? Number(bytes.readBigInt64BE(at)) : bytes.readInt32BE(at));
  const movie = getBox(bytes, init.moov, ['mvhd']);
  const timescale = bytes.readUInt32BE(movie.body + (bytes[movie.body] === 1 ? 20 : 12));
  const edit = { emptyMs: 0, mediaTime: 0 };
  for (let at = elst.body + 8; at + 2 * width + 4 <= elst.end; at += 2 * width + 4) {
    const mediaTime = read(at + width);
    if (mediaTime >= 0) return { ...edit, mediaTime };
    edit.emptyMs += (read(at) * 1000) / timescale;
  }
  return edit;
}

/** The `moov` of a finished file; its length depends on nothing in `data` but `isLong`. */
export function buildMoov(plan: MoovPlan): Buffer {
  const { index, chapters } = plan;
  const shown = presentations(index);
  const durationMs = presentationMs(index);
  const chapterId = Math.max(...index.tracks.map(({ track }) => track.trackId)) + 1;
  const reference = chapters.length > 0 ? [makeBox('tref', makeBox('chap', u32(chapterId)))] : [];
  const traks = [...shown].map(([track, presentation]) =>
    buildTrak(plan, { track, presentation, reference }),
  );
  const chapterPlace = { ...plan.data, start: plan.data.start + index.dataBytes };
  if (chapters.length > 0) traks.push(chapterTrack(chapters, { trackId: chapterId, data: chapterPlace }));
  const { bytes, moov } = index.init;
  const mvhd = withTimes(bytes, getBox(bytes, moov, ['mvhd']), { duration: durationMs, at: plan.startedAt });
  mvhd.writeUInt32BE(MOVIE_TIMESCALE, mvhd[8] === 1 ? 28 : 20);
  mvhd.writeUInt32BE(chapterId + 1, mvhd.length - 4);
  return makeBox('moov', mvhd, ...traks, buildUserData(plan));
}

function buildTrak(
  { index, data, startedAt }: MoovPlan,
  at: { track: TrackIndex; presentation: Presentation; reference: Buffer[] },
): Buffer {
  const { bytes } = index.init;
  const { emptyMs, mediaTime, durationMs } = at.presentation;
  const { trak } = at.track.track;
  const tkhd = withTimes(bytes, getBox(bytes, trak, ['tkhd']), {
    duration: emptyMs + durationMs,
    at: startedAt,
  });
  const edts = emptyMs > 0 || mediaTime > 0 ? [makeBox('edts', editList(at.presentation))] : [];
  const mdia = getBox(bytes, trak, ['mdia']);
  const mdhd = withTimes(bytes, getBox(bytes, mdia, ['mdhd']), {
    duration: at.track.duration,
    at: startedAt,
  });
  const minf = getBox(bytes, mdia, ['minf']);
  const stsd = copyBox(bytes, getBox(bytes, minf, ['stbl', 'stsd']));
  const stbl = makeBox('stbl', stsd, ...sampleTables(at.track, data));
  const headers = children(bytes, minf).filter(({ type }) => type !== 'stbl');
  const newMinf = makeBox('minf', ...headers.map((box) => copyBox(bytes, box)), stbl);
  const handler = copyBox(bytes, getBox(bytes, mdia, ['hdlr']));
  return makeBox('trak', tkhd, ...edts, ...at.reference, makeBox('mdia', mdhd, handler, newMinf));
}

/** A copy of `mvhd`, `tkhd` or `mdhd` with another duration, in 64 bits if it needs them, and a time of making. */
function withTimes(bytes: Buffer, box: Box, times: { duration: number; at: Date | undefined }): Buffer {
  const isLong = bytes[box.body] === 1;
  const width = isLong ? 8 : 4;
  const flags = bytes.readUIntBE(box.body + 1, 3);
  // Between the times and the duration: the timescale, or the number of the track and a reserved word.
  const middleStart = box.body + 4 + 2 * width;
  const middleEnd = middleStart + (box.type === 'tkhd' ? 8 : 4);
  const seconds = times.at ? Math.floor(times.at.getTime() / 1000) + EPOCH_SECONDS : 0;
  const version = times.duration > 0xffffffff || seconds > 0xffffffff ? 1 : 0;
  const number = version === 1 ? u64 : u32;
  return makeFullBox(
    box.type,
    { version, flags },
    number(seconds, seconds),
    bytes.subarray(middleStart, middleEnd),
    number(times.duration),
    bytes.subarray(middleEnd + width, box.end),
  );
}

function buildUserData({ chapters, title }: MoovPlan): Buffer {
  const content: Buffer[] = [];
  if (chapters.length > 0) content.push(neroChapters(chapters));
  if (title !== undefined) content.push(metadata(title));
  return makeBox('udta', ...content);
}

/** The title as iTunes writes it, which all players read. */
function metadata(title: string): Buffer {
  const handler = makeFullBox('hdlr', {}, u32(0), Buffer.from('mdirappl'), u32(0, 0), Buffer.from([0]));
  const name = makeBox('data', u32(1, 0), Buffer.from(title));
  return makeFullBox('meta', {}, handler, makeBox('ilst', makeBox('\u00a9nam', name)));
}
