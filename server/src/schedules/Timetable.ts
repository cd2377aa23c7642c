import type { Opening, RoomHours } from '../room/ports.ts';
import { MINUTE } from './clock.ts';
import { nextOccurrence } from './occurrences.ts';
import type { ScheduleStore, StoredSchedule } from './ports.ts';

type Schedules = Pick<ScheduleStore, 'ofRoom'>;

/** When rooms are open that are so only for their scheduled meetings. */
export class Timetable implements RoomHours {
  readonly #schedules: Schedules;

  constructor(schedules: Schedules) {
    this.#schedules = schedules;
  }

  openingOf(room: string, now: number): Opening | undefined {
    const openings = this.#schedules
      .ofRoom(room, now)
      .filter(({ onlyThen }) => onlyThen)
      .flatMap((schedule) => openingFor(schedule, now))
      .toSorted((a, b) => a.opensAt - b.opensAt);
    return openings[0];
  }
}

function openingFor(schedule: StoredSchedule, now: number): Opening[] {
  const next = nextOccurrence(schedule, now);
  if (!next) return [];
  return [{ opensAt: next.startsAt - schedule.earlyEntryMinutes * MINUTE, closesAt: next.endsAt }];
}
