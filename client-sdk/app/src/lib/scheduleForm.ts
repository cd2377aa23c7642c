/** What the form of a scheduled meeting holds, and what of it goes to the server. */
import type { CreateScheduleBody, ScheduleInfo, UpdateScheduleBody } from '@parley/client-sdk';
import { toLocalField } from './localMoment.ts';
import { recurrenceOf, ruleOf, type Recurrence } from './recurrence.ts';

export interface ScheduleWish extends Recurrence {
  title: string;
  /** `2027-03-29` and `09:00`, on the clock of the time zone. */
  date: string;
  time: string;
  timeZone: string;
  durationMinutes: number;
  onlyThen: boolean;
}

/** Tomorrow at nine. */
export function newWish(now: Date, timeZone: string): ScheduleWish {
  const moment = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);
  const [date = '', time = ''] = toLocalField(moment.getTime()).split('T');
  const once = { repeat: 'once', times: 0, onlyThen: false } as const;
  return { title: '', date, time, timeZone, durationMinutes: 60, ...once };
}

export function wishOf(schedule: ScheduleInfo): ScheduleWish {
  const { title, start, timeZone, durationMinutes, rrule, onlyThen } = schedule;
  const [date = '', time = ''] = start.split('T');
  const recurrence = recurrenceOf(rrule, date);
  return { title, date, time: time.slice(0, 5), timeZone, durationMinutes, onlyThen, ...recurrence };
}

type Plan = Pick<
  CreateScheduleBody,
  'title' | 'start' | 'timeZone' | 'durationMinutes' | 'rrule' | 'onlyThen'
>;

/** A rule of its own stays as it is. */
export function planOf(wish: ScheduleWish): Plan & UpdateScheduleBody {
  const { title, date, time, timeZone, durationMinutes, onlyThen } = wish;
  return {
    ...{ title: title.trim(), start: `${date}T${time}`, timeZone, durationMinutes, onlyThen },
    ...(wish.repeat !== 'custom' && { rrule: ruleOf(wish, date) }),
  };
}

export const isComplete = ({ date, time, durationMinutes }: ScheduleWish): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(date) && /^\d{2}:\d{2}$/.test(time) && durationMinutes > 0;
