import { join } from 'node:path';

/**
 * How the files of a recording are called, in its folder: `part-2-composite.mp4`, for tracks `part-2-track-3-camera.webm`.
 * No name of a person and no id is in them. While it grows a file ends in `.part`.
 */
export function partFileName(o: { part: number; name: string; extension: string }): string {
  return `part-${o.part}-${o.name}.${o.extension}`;
}

const PART = /^part-(\d+)-([a-zA-Z0-9-]+)\.(mp4|m4a|webm|mkv)$/;

/** What a name says; undefined where it is none of ours. */
export function parsePartFileName(
  file: string,
): { part: number; name: string; extension: string } | undefined {
  const [, part, name, extension] = PART.exec(file) ?? [];
  if (part === undefined || name === undefined || extension === undefined) return undefined;
  return { part: Number(part), name, extension };
}

/** The part to which a file belongs, of whatever kind; 0 where it belongs to none. */
export function partOf(file: string): number {
  return Number(/^part-(\d+)[.-]/.exec(file)?.[1] ?? 0);
}

/** What a file is called while it grows: nobody takes it for a finished one. */
export function growingName(file: string): string {
  return `${file}.part`;
}

/** The name of the finished file; undefined where it does not grow. */
export function finishedName(file: string): string | undefined {
  return file.endsWith('.part') ? file.slice(0, -'.part'.length) : undefined;
}

/** What a grown file is called of which only the beginning could be kept: no part, and nothing that is finished again. */
export function damagedName(file: string): string {
  return `${growingName(file)}.damaged`;
}

/** What happened during a part. */
export function sidecarLogPath(folder: string, part: number): string {
  return join(folder, `part-${part}.events`);
}

/** Whose the tracks of a part are. */
export function manifestLogPath(folder: string, part: number): string {
  return join(folder, `part-${part}.tracks`);
}

export const SIDECAR_FILE = 'events.json';
export const THUMBNAIL_FILE = 'thumbnail.jpg';

export function mimeTypeOf(file: string, hasVideo: boolean): string {
  if (file.endsWith('.mkv')) return hasVideo ? 'video/x-matroska' : 'audio/x-matroska';
  return `${hasVideo ? 'video' : 'audio'}/${file.endsWith('.webm') ? 'webm' : 'mp4'}`;
}
