import type { Chapter } from './types.ts';

/** The start of a recording, where it is no chapter itself. */
const START_TITLE = 'Start';

/** A chapter with its end; the first begins at 0, each has a length. */
export interface ChapterSpan {
  startMs: number;
  durationMs: number;
  title: string;
}

/** Puts chapters in order, within the recording, and each up to the next, as players want them. */
export function chapterSpans(chapters: readonly Chapter[], durationMs: number): ChapterSpan[] {
  const starts = new Map<number, string>();
  const sorted = [...chapters].sort((a, b) => a.startMs - b.startMs);
  for (const { startMs, title } of sorted) {
    const at = Math.max(0, Math.round(startMs));
    const known = starts.get(at);
    if (at < durationMs) starts.set(at, known === undefined ? title : `${known}, ${title}`);
  }
  if (starts.size === 0) return [];
  const all: [number, string][] = starts.has(0) ? [...starts] : [[0, START_TITLE], ...starts];
  return all.map(([startMs, title], index) => {
    const end = all[index + 1]?.[0] ?? Math.ceil(durationMs);
    return { startMs, durationMs: end - startMs, title };
  });
}
