/** Who was in a meeting when, as bars along a line of time. */
import type { MeetingDetails, StayInfo } from '@parley/client-sdk';

export interface TimelineBar {
  stay: StayInfo;
  /** Where it begins and how long it is, in percent of the whole. */
  left: number;
  width: number;
}

export interface TimelineRow {
  identity: string;
  displayName: string;
  bars: TimelineBar[];
  /** Milliseconds that they were in, all stays together. */
  total: number;
  /** Of what they sent, 0 to 10; null when they sent nothing. */
  quality: number | null;
}

export interface TimelineTick {
  at: number;
  left: number;
}

export interface Timeline {
  rows: TimelineRow[];
  ticks: TimelineTick[];
}

/** So that who looked in for a second is seen. */
const MIN_WIDTH = 0.8;
const MINUTE = 60_000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * MINUTE);
const MOST_TICKS = 6;

/** One row for each person, first comers first. What goes on lasts until `now`. */
export function timelineOf(
  { startedAt, endedAt, stays }: Pick<MeetingDetails, 'startedAt' | 'endedAt' | 'stays'>,
  now: number,
): Timeline {
  const lasts = stays.map(({ leftAt }) => leftAt ?? now);
  const start = Math.min(startedAt, ...stays.map(({ joinedAt }) => joinedAt));
  const end = Math.max(endedAt ?? now, start + 1, ...lasts);
  const share = (moment: number) => ((moment - start) / (end - start)) * 100;
  const rows = [...Map.groupBy(stays, ({ identity }) => identity).values()].map((own) =>
    rowOf(own, { share, now }),
  );
  return { rows, ticks: ticksOf(start, end).map((at) => ({ at, left: share(at) })) };
}

function rowOf(
  stays: readonly StayInfo[],
  { share, now }: { share: (moment: number) => number; now: number },
): TimelineRow {
  const last = stays.at(-1);
  const bars = stays.map((stay) => {
    const left = Math.min(share(stay.joinedAt), 100 - MIN_WIDTH);
    const width = Math.max(share(stay.leftAt ?? now) - left, MIN_WIDTH);
    return { stay, left, width: Math.min(width, 100 - left) };
  });
  const lasted = (stay: StayInfo) => Math.max(1, (stay.leftAt ?? now) - stay.joinedAt);
  return {
    identity: last?.identity ?? '',
    displayName: last?.displayName ?? '',
    bars,
    total: stays.reduce((sum, stay) => sum + lasted(stay), 0),
    quality: meanQuality(stays, lasted),
  };
}

/** Each stay counts as long as it lasted. */
function meanQuality(stays: readonly StayInfo[], weightOf: (stay: StayInfo) => number): number | null {
  let weighted = 0;
  let weights = 0;
  for (const stay of stays) {
    if (stay.sentQuality === null) continue;
    weighted += stay.sentQuality * weightOf(stay);
    weights += weightOf(stay);
  }
  return weights === 0 ? null : weighted / weights;
}

/** Round times between start and end, few enough to be read. */
function ticksOf(start: number, end: number): number[] {
  const step = STEPS.find((size) => (end - start) / size <= MOST_TICKS);
  if (step === undefined) return [];
  const offset = new Date(start).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((start - offset) / step) * step + offset;
  return Array.from(
    { length: Math.max(0, Math.ceil((end - first) / step)) },
    (_, index) => first + index * step,
  );
}
