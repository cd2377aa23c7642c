/** When a schedule takes place: its rule, without what is left out, and with what was changed. */
import type { Occurrence, OccurrenceChange } from '@parley/protocol';
import { localAt, MINUTE, momentOf } from './clock.ts';
import type { StoredSchedule } from './ports.ts';
import { Recurrence } from './Recurrence.ts';

export const recurrenceOf = (schedule: StoredSchedule): Recurrence =>
  new Recurrence(schedule, schedule.lastStart);

/** Whether the rule has it, and it is not left out. */
export function takesPlace(schedule: StoredSchedule, occurrence: string): boolean {
  return (
    !schedule.exdates.includes(occurrence) &&
    recurrenceOf(schedule).has(momentOf(occurrence, schedule.timeZone))
  );
}

/** Those that go on at some time from `from` until `to`, by their start. Empty when it is cancelled. */
export function occurrencesBetween(schedule: StoredSchedule, from: number, to: number): Occurrence[] {
  if (schedule.status === 'cancelled') return [];
  const longest = schedule.durationMinutes * MINUTE;
  const regular = recurrenceOf(schedule)
    .between(from - longest, to)
    .map((moment) => localAt(moment, schedule.timeZone))
    .filter((local) => isRegular(schedule, local))
    .map((local) => occurrenceOf(schedule, { occurrence: local }));
  return [...regular, ...changed(schedule)]
    .filter(({ startsAt, endsAt }) => startsAt < to && endsAt > from)
    .toSorted((a, b) => a.startsAt - b.startsAt);
}

/** The one that goes on at this moment, or comes next. */
export function nextOccurrence(schedule: StoredSchedule, now: number): Occurrence | null {
  if (schedule.status === 'cancelled') return null;
  const candidates = changed(schedule).filter(({ endsAt }) => endsAt > now);
  const regular = nextRegular(schedule, now);
  if (regular !== undefined) candidates.push(regular);
  return candidates.toSorted((a, b) => a.startsAt - b.startsAt)[0] ?? null;
}

/** When its last occurrence ends; null when there is no last one. */
export function endOf(schedule: StoredSchedule): number | null {
  if (schedule.lastStart === null) return null;
  return Math.max(
    schedule.lastStart + schedule.durationMinutes * MINUTE,
    ...changed(schedule).map(({ endsAt }) => endsAt),
  );
}

export function occurrenceOf(schedule: StoredSchedule, change: OccurrenceChange): Occurrence {
  const { occurrence, start = occurrence, durationMinutes = schedule.durationMinutes } = change;
  const startsAt = momentOf(start, schedule.timeZone);
  return {
    ...{ occurrence, start, startsAt },
    endsAt: startsAt + durationMinutes * MINUTE,
    title: change.title ?? schedule.title,
    description: change.description ?? schedule.description,
    changed: Object.keys(change).length > 1,
  };
}

function nextRegular(schedule: StoredSchedule, now: number): Occurrence | undefined {
  const recurrence = recurrenceOf(schedule);
  let from = now - schedule.durationMinutes * MINUTE + 1;
  // As often as there are occurrences to be passed over.
  for (let tries = schedule.exdates.length + schedule.changes.length; tries >= 0; tries -= 1) {
    const moment = recurrence.next(from);
    if (moment === undefined) return undefined;
    const local = localAt(moment, schedule.timeZone);
    if (isRegular(schedule, local)) return occurrenceOf(schedule, { occurrence: local });
    from = moment + 1;
  }
  return undefined;
}

const changed = (schedule: StoredSchedule): Occurrence[] =>
  schedule.changes.map((change) => occurrenceOf(schedule, change));

const isRegular = ({ exdates, changes }: StoredSchedule, local: string): boolean =>
  !exdates.includes(local) && !changes.some(({ occurrence }) => occurrence === local);
