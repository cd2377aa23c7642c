/** What comes from outside becomes a schedule that holds together: times exist, and the rule can be followed. */
import type {
  ChangeOccurrenceBody,
  CreateScheduleBody,
  OccurrenceChange,
  ScheduleRecord,
  UpdateScheduleBody,
} from '@parley/protocol';
import { checkedLocal, momentOf, zoneNamed } from './clock.ts';
import type { StoredSchedule } from './ports.ts';
import { lastStartOf, Recurrence } from './Recurrence.ts';
import { readRule } from './rule.ts';

type Plan = Omit<Required<CreateScheduleBody>, 'settings' | 'room'>;

/** What was not said at creation. */
export const PLAN_DEFAULTS = {
  title: '',
  description: '',
  rrule: null,
  exdates: [],
  organizer: null,
  attendees: [],
  onlyThen: false,
  earlyEntryMinutes: 10,
} satisfies Partial<Plan>;

/**
 * The schedule with what it is to have from now on. What is said of single occurrences is dropped where there are no such
 * occurrences any more. Throws INVALID_PARAMS, RULE_REFUSED.
 */
export function planned(schedule: ScheduleRecord, wishes: UpdateScheduleBody): StoredSchedule {
  const merged = { ...schedule, ...wishes };
  const timeZone = zoneNamed(merged.timeZone);
  const start = checkedLocal(merged.start, timeZone, 'start');
  const rrule = merged.rrule === null ? null : readRule(merged.rrule, timeZone);
  const series = { start, timeZone, rrule };
  const lastStart = lastStartOf(series);
  const recurrence = new Recurrence(series, lastStart);
  const exists = (local: string): boolean => rrule !== null && recurrence.has(momentOf(local, timeZone));
  const exdates = merged.exdates.map((local) => checkedLocal(local, timeZone, 'exdates')).filter(exists);
  const changes = schedule.changes.filter(
    ({ occurrence, start: moved }) =>
      exists(occurrence) &&
      !exdates.includes(occurrence) &&
      (moved === undefined || isOnClock(moved, timeZone)),
  );
  recurrence.assertQuick();
  return { ...merged, ...series, exdates: [...new Set(exdates)], changes, lastStart };
}

/** Throws INVALID_PARAMS. */
export function changeOf(
  schedule: StoredSchedule,
  occurrence: string,
  wishes: ChangeOccurrenceBody,
): OccurrenceChange {
  const before = schedule.changes.find((change) => change.occurrence === occurrence) ?? { occurrence };
  const { start } = wishes;
  if (start === undefined) return { ...before, ...wishes };
  return { ...before, ...wishes, start: checkedLocal(start, schedule.timeZone, 'start') };
}

function isOnClock(local: string, timeZone: string): boolean {
  try {
    return checkedLocal(local, timeZone, 'start') === local;
  } catch {
    return false;
  }
}
