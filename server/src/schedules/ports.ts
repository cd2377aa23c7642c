import type { ScheduleRecord } from '@parley/protocol';

/** A schedule as it is kept, with what was worked out when it was last changed. */
export interface StoredSchedule extends ScheduleRecord {
  /** When the last occurrence by its rule starts, in ms since the epoch; null when there is no last one. */
  lastStart: number | null;
}

export interface ScheduleFilter {
  room?: string;
  state?: 'upcoming' | 'over' | 'cancelled';
  /** What counts as over. */
  now: number;
}

/** Where schedules outlive the process. A call that returns has been written to disk. */
export interface ScheduleStore {
  find(scheduleId: string): StoredSchedule | undefined;
  /** `overAt`: when it was cancelled, or its last occurrence ends; null when it has no end. */
  save(schedule: StoredSchedule, overAt: number | null): void;
  /** In the order in which they were made; `after` is the number of the last of the page before. */
  list(
    filter: ScheduleFilter,
    page: { after: number; limit: number },
  ): { schedules: StoredSchedule[]; nextAfter: number | null };
  /** Those of a room that are neither cancelled nor over. */
  ofRoom(room: string, now: number): StoredSchedule[];
  /** Those of a room that keep it closed at other times, and are not cancelled. */
  restricting(room: string): StoredSchedule[];
}
