import type { StoredSchedule } from './ports.ts';

/** The schedule as it is when it has been cancelled; calendars learn it by the higher number. */
export const cancelled = (schedule: StoredSchedule, now: number): StoredSchedule => ({
  ...schedule,
  status: 'cancelled',
  sequence: schedule.sequence + 1,
  updatedAt: now,
});
