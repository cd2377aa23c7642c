/** What a recording of tracks says of itself: who was there when, and which file is of whom. */
import { readdir } from 'node:fs/promises';
import { chaptersOf, readSidecar, type Chapter, type Sidecar } from '../../files/index.ts';
import { manifestLogPath, sidecarLogPath } from '../../sinks/partNames.ts';
import { openVault, type VaultKey } from '../../vault/index.ts';
import { readManifest, type Manifest, type TrackInfo } from '../manifest.ts';
import { TrackReader } from './TrackReader.ts';

/** A track, and when it can be seen or heard; ms of the programme. */
export interface TimelineTrack extends TrackInfo {
  readonly from: number;
  readonly to: number;
}

/** Something that is otherwise from `at` on, ms of the programme. */
export type TimelineEvent = { readonly at: number } & (
  | { readonly type: 'part' }
  | { readonly type: 'joined'; readonly participantId: string; readonly name: string }
  | { readonly type: 'left'; readonly participantId: string }
  | { readonly type: 'speaker'; readonly participantId: string | null }
  | { readonly type: 'begin'; readonly track: TimelineTrack }
  | { readonly type: 'end'; readonly file: string }
  | { readonly type: 'mute'; readonly file: string; readonly muted: boolean }
);

export interface Timeline {
  readonly durationMs: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** In the order of their times. */
  readonly events: readonly TimelineEvent[];
  readonly chapters: readonly Chapter[];
}

/** Where the recording lies. */
export interface TracksPlace {
  readonly folder: string;
  readonly keys: readonly VaultKey[];
}

interface Part {
  readonly manifest: Manifest;
  readonly log: Sidecar | undefined;
  readonly tracks: readonly TimelineTrack[];
  readonly durationMs: number;
}

/** Parts follow one another without a gap. @throws {VaultError} VAULT_WRONG_KEY, VAULT_TAMPERED */
export async function readTimeline(place: TracksPlace): Promise<Timeline> {
  const events: TimelineEvent[] = [];
  const chapters: Chapter[] = [];
  let start = 0;
  let startedAt: number | undefined;
  for (const number of await findParts(place.folder)) {
    const part = await readPart(number, place);
    if (part.tracks.length === 0) continue;
    startedAt ??= part.manifest.startedAt;
    const shifted = eventsOf(part).map((event) => ({ ...event, at: start + event.at }));
    events.push(
      { type: 'part', at: start },
      ...shifted.toSorted((a, b) => a.at - b.at).map((event) => placed(event, start)),
    );
    if (part.log)
      chapters.push(
        ...chaptersOf(part.log).map((chapter) => ({ ...chapter, startMs: start + chapter.startMs })),
      );
    start += part.durationMs;
  }
  return { durationMs: start, startedAt: startedAt ?? 0, events, chapters };
}

async function findParts(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).flatMap((name) => {
    const number = /^part-(\d+)\.tracks$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  return numbers.toSorted((a, b) => a - b);
}

async function readPart(part: number, { folder, keys }: TracksPlace): Promise<Part> {
  const manifest = await readManifest(manifestLogPath(folder, part), keys);
  const lengths = await Promise.all(manifest.tracks.map((track) => lengthOf(track, { folder, keys })));
  const known = manifest.tracks.flatMap((track, index) => {
    const length = lengths[index];
    return length === undefined ? [] : [{ ...track, from: track.offsetMs, until: track.offsetMs + length }];
  });
  const durationMs = Math.max(0, ...known.map(({ until }) => until));
  const tracks = known.map(({ until, ...track }) => {
    const end = manifest.ends.find(({ file }) => file === track.file);
    return {
      ...track,
      to: end ? Math.max(Math.min(end.atMs, durationMs), track.from) : Math.max(until, durationMs),
    };
  });
  return { manifest, log: await readLog(part, { folder, keys }), tracks, durationMs };
}

/** @returns undefined where nothing can be read of it */
async function lengthOf({ file }: TrackInfo, { folder, keys }: TracksPlace): Promise<number | undefined> {
  const reader = await TrackReader.open({ folder, file }, keys);
  await reader?.close();
  return reader?.durationMs;
}

/** Without it people come with what they send, and go with it. */
async function readLog(part: number, { folder, keys }: TracksPlace): Promise<Sidecar | undefined> {
  try {
    const source = await openVault(sidecarLogPath(folder, part), { keys, salvage: true });
    return await readSidecar(source).finally(() => source.close());
  } catch {
    return undefined;
  }
}

function eventsOf({ manifest, log, tracks, durationMs }: Part): TimelineEvent[] {
  const files = new Set(tracks.map(({ file }) => file));
  return [
    ...(log ? peopleOf(log, durationMs) : peopleByTracks(tracks)),
    ...tracks.map((track) => ({ type: 'begin', at: track.from, track }) as const),
    ...manifest.mutes
      .filter(({ file }) => files.has(file))
      .map(({ file, muted, atMs }) => ({ type: 'mute', at: atMs, file, muted }) as const),
    ...tracks
      .filter(({ to }) => to < durationMs)
      .map(({ file, to }) => ({ type: 'end', at: to, file }) as const),
  ];
}

function peopleOf({ events }: Sidecar, durationMs: number): TimelineEvent[] {
  return events.flatMap((event): TimelineEvent[] => {
    const at = Math.min(event.atMs, durationMs);
    if (event.type === 'joined')
      return [{ type: 'joined', at, participantId: event.participantId, name: event.name }];
    if (event.type === 'left') return [{ type: 'left', at, participantId: event.participantId }];
    return event.type === 'speaker' ? [{ type: 'speaker', at, participantId: event.participantId }] : [];
  });
}

function peopleByTracks(tracks: readonly TimelineTrack[]): TimelineEvent[] {
  return [...new Set(tracks.map(({ participantId }) => participantId))].flatMap((participantId) => {
    const own = tracks.filter((track) => track.participantId === participantId);
    const name = own[0]?.displayName ?? '';
    return [
      { type: 'joined', at: Math.min(...own.map(({ from }) => from)), participantId, name },
      { type: 'left', at: Math.max(...own.map(({ to }) => to)), participantId },
    ] as const;
  });
}

/** A track knows its place in the programme. */
function placed(event: TimelineEvent, start: number): TimelineEvent {
  if (event.type !== 'begin') return event;
  const { track } = event;
  return { ...event, track: { ...track, from: track.from + start, to: track.to + start } };
}
