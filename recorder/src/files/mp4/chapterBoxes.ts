import type { ChapterSpan } from '../chapterSpans.ts';
import { makeBox, makeFullBox, u16, u32, u64 } from './boxes.ts';
import type { DataPlace } from './sampleTables.ts';

/** A title takes no more than this, in both kinds of chapters. */
const MAX_TITLE_BYTES = 255;
const MAX_NERO_CHAPTERS = 255;
/** As many whole characters as fit. */
export function cutTitle(title: string): Buffer {
  let text = Buffer.from(title);
  for (let letters = [...title]; text.length > MAX_TITLE_BYTES; text = Buffer.from(letters.join('')))
    letters = letters.slice(0, Math.min(letters.length - 1, MAX_TITLE_BYTES));
  return text;
}

/** Chapters as Nero began to write them, which VLC, mpv and ffmpeg read. Times in units of 100 ns. */
export function neroChapters(spans: readonly ChapterSpan[]): Buffer {
  const entries = spans.slice(0, MAX_NERO_CHAPTERS).map(({ startMs, title }) => {
    const text = cutTitle(title);
    return Buffer.concat([u64(startMs * 10_000), Buffer.from([text.length]), text]);
  });
  return makeFullBox('chpl', { version: 1 }, u32(0), Buffer.from([entries.length]), ...entries);
}

/** What the chapter track shows: each title with its length before it, and `encd` for UTF-8 behind it. */
export function chapterSamples(spans: readonly ChapterSpan[]): Buffer[] {
  const utf8 = makeBox('encd', u32(0x100));
  return spans.map(({ title }) => {
    const text = cutTitle(title);
    return Buffer.concat([u16(text.length), text, utf8]);
  });
}

/**
 * The chapter track as QuickTime, iOS and macOS read it: a text track that is not enabled, to which `tref/chap` of the
 * others points. Its samples lie one after another at `data.start`.
 */
export function chapterTrack(
  spans: readonly ChapterSpan[],
  at: { trackId: number; data: DataPlace },
): Buffer {
  const duration = spans.reduce((sum, span) => sum + span.durationMs, 0);
  const sizes = chapterSamples(spans).map(({ length }) => length);
  const times = spans.flatMap(({ durationMs }) => [1, durationMs]);
  const offset = at.data.isLong
    ? makeFullBox('co64', {}, u32(1), u64(at.data.start))
    : makeFullBox('stco', {}, u32(1, at.data.start));
  const stbl = makeBox(
    'stbl',
    makeFullBox('stsd', {}, u32(1), textDescription()),
    makeFullBox('stts', {}, u32(spans.length, ...times)),
    makeFullBox('stsc', {}, u32(1, 1, spans.length, 1)),
    makeFullBox('stsz', {}, u32(0, sizes.length, ...sizes)),
    offset,
  );
  const dinf = makeBox('dinf', makeFullBox('dref', {}, u32(1), makeFullBox('url ', { flags: 1 })));
  const handler = Buffer.concat([u32(0), Buffer.from('text'), u32(0, 0, 0), Buffer.from('Chapters\0')]);
  const mdia = makeBox(
    'mdia',
    makeFullBox('mdhd', {}, u32(0, 0, 1000, duration), u16(0x55c4, 0)),
    makeFullBox('hdlr', {}, handler),
    makeBox('minf', textMediaHeader(), dinf, stbl),
  );
  const tkhd = makeFullBox(
    'tkhd',
    { flags: 2 },
    u32(0, 0, at.trackId, 0, duration, 0, 0, 0),
    matrix(),
    u32(0, 0),
  );
  return makeBox('trak', tkhd, mdia);
}

/** The first 16 bits: reserved words and the data reference, then a text box of no size in no style. */
function textDescription(): Buffer {
  return makeBox('text', Buffer.alloc(6), u16(1), Buffer.alloc(43));
}

function textMediaHeader(): Buffer {
  const gmin = makeFullBox('gmin', {}, u16(0x40, 0x8000, 0x8000, 0x8000, 0, 0));
  return makeBox('gmhd', gmin, makeBox('text', matrix()));
}

/** Nothing moved, nothing scaled. */
function matrix(): Buffer {
  return u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
}
