import { chapterSpans } from './chapterSpans.ts';
import type { Chapter } from './types.ts';

/**
 * Chapters as a WebVTT file for `<track kind="chapters">` (W3C WebVTT, 1.6). Cues are joined without gaps.
 * @param durationMs that of the recording
 */
export function chaptersToWebVtt(chapters: readonly Chapter[], durationMs: number): string {
  const cues = chapterSpans(chapters, durationMs).map(({ startMs, durationMs: length, title }, index) =>
    [String(index + 1), `${timestamp(startMs)} --> ${timestamp(startMs + length)}`, escape(title), ''].join(
      '\n',
    ),
  );
  return ['WEBVTT', '', ...cues].join('\n');
}

function timestamp(ms: number): string {
  const pad = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0');
  return `${pad(ms / 3_600_000, 2)}:${pad((ms / 60_000) % 60, 2)}:${pad((ms / 1000) % 60, 2)}.${pad(ms % 1000, 3)}`;
}

/** A cue ends at an empty line, `-->` begins another, and `<` and `&` begin tags and entities. */
function escape(title: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return title
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[&<>]/g, (letter) => entities[letter] ?? '');
}
