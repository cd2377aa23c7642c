/** When a scheduled meeting is, in words. */
import type { ScheduleInfo } from '@parley/client-sdk';
import { formatClock, formatDay, formatSpan } from './moments.ts';
import { recurrenceOf, repeatWords } from './recurrence.ts';

type Told = Pick<ScheduleInfo, 'next' | 'rrule' | 'start' | 'timeZone' | 'durationMinutes'>;

/** `Tomorrow, 09:00 (08:00 in Europe/London) · 1 h · Every Monday` */
export function scheduleWords(
  { next, rrule, start, timeZone, durationMinutes }: Told,
  now = Date.now(),
): string {
  const date = start.slice(0, 10);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const there = timeZone === own || next === null ? '' : ` (${next.start.slice(11, 16)} in ${timeZone})`;
  const when =
    next === null ? 'Over' : `${formatDay(next.startsAt, now)}, ${formatClock(next.startsAt)}${there}`;
  const words = [when, formatSpan(durationMinutes * 60_000)];
  if (rrule !== null) words.push(repeatWords(recurrenceOf(rrule, date).repeat, date));
  return words.join(' · ');
}
