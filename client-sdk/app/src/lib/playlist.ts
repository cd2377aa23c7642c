/** Parts of a recording as one film: they are played one after the other. */
import type { RecordingEvent, RecordingFile, RecordingInfo } from '@parley/client-sdk';

export interface PlaylistPart {
  file: RecordingFile;
  /** Where it begins in the whole, ms. */
  startMs: number;
}

export interface Playlist {
  parts: readonly PlaylistPart[];
  totalMs: number;
}

/** Of each part the file that is the whole of it; tracks stand beside it. */
export function playlistOf(files: readonly RecordingFile[]): Playlist {
  const first = new Map<number, RecordingFile>();
  for (const file of files) {
    const known = first.get(file.part);
    if (!known || (!isWhole(known) && isWhole(file))) first.set(file.part, file);
  }
  const parts: PlaylistPart[] = [];
  let totalMs = 0;
  for (const file of [...first.values()].sort((a, b) => a.part - b.part)) {
    parts.push({ file, startMs: totalMs });
    totalMs += file.durationMs;
  }
  return { parts, totalMs };
}

const isWhole = ({ name }: RecordingFile): boolean => name === 'composite' || name === 'audio';

/** Which part is played at a moment of the whole, and where in it. What lies behind the end is the end. */
export function findMoment({ parts, totalMs }: Playlist, atMs: number): { index: number; insideMs: number } {
  const moment = Math.max(0, Math.min(atMs, totalMs));
  const index = Math.max(
    0,
    parts.findLastIndex(({ startMs }) => startMs <= moment),
  );
  return { index, insideMs: moment - (parts[index]?.startMs ?? 0) };
}

export interface Chapter {
  title: string;
  atMs: number;
}

/** Marked moments. Without the list of events they are where the clock says, though pauses make them too late. */
export function chaptersOf(
  recording: Pick<RecordingInfo, 'markers' | 'startedAt' | 'durationMs'>,
  events: readonly RecordingEvent[] | null,
): Chapter[] {
  const known = events?.flatMap((event) =>
    event.type === 'marker' ? [{ title: event.title, atMs: event.atMs }] : [],
  );
  if (known !== undefined && known.length > 0) return known;
  const { startedAt, durationMs } = recording;
  return recording.markers.map(({ title, at }) => ({
    title,
    atMs: Math.max(0, Math.min(at - startedAt, durationMs)),
  }));
}

/** The chapter that one is in; -1 before the first. */
export const chapterAt = (chapters: readonly Chapter[], atMs: number): number =>
  chapters.findLastIndex((chapter) => chapter.atMs <= atMs);
