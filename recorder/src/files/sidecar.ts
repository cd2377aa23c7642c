import type { Chapter } from './types.ts';

/** What happened while a recording went on. Times in milliseconds of the finished file, pauses left out. */
export type SidecarEvent = { atMs: number } & (
  | { type: 'marker'; title: string; participantId?: string }
  /** Who speaks from here on; null: nobody. */
  | { type: 'speaker'; participantId: string | null }
  | { type: 'joined'; participantId: string; name: string }
  | { type: 'left'; participantId: string }
  | { type: 'layout'; layout: string }
  /** The recording was paused here, and went on at this time of the wall clock (ISO 8601). */
  | { type: 'paused'; resumedAt: string }
);

/** What lies beside a recording, as JSON. */
export interface Sidecar {
  version: 1;
  /** Wall clock at the beginning of the file, ISO 8601 in UTC. */
  startedAt: string;
  /** In the order of their times. */
  events: readonly SidecarEvent[];
}

const required: Record<SidecarEvent['type'], readonly string[]> = {
  marker: ['title'],
  speaker: [],
  joined: ['participantId', 'name'],
  left: ['participantId'],
  layout: ['layout'],
  paused: ['resumedAt'],
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether something that was read is an event of those above. */
export function isSidecarEvent(value: unknown): value is SidecarEvent {
  if (!isRecord(value) || typeof value['atMs'] !== 'number') return false;
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(required, type)) return false;
  const speaker = value['participantId'];
  if (type === 'speaker' && typeof speaker !== 'string' && speaker !== null) return false;
  const names = Object.entries(required).find(([known]) => known === type)?.[1] ?? [];
  return names.every((name) => typeof value[name] === 'string');
}

/** The head of a sidecar: version and start. */
export function isSidecarHead(value: unknown): value is Pick<Sidecar, 'version' | 'startedAt'> {
  return isRecord(value) && value['version'] === 1 && typeof value['startedAt'] === 'string';
}

/** The chapters that markers make. */
export function chaptersOf(sidecar: Sidecar): Chapter[] {
  return sidecar.events.flatMap((event) =>
    event.type === 'marker' ? [{ startMs: event.atMs, title: event.title }] : [],
  );
}
