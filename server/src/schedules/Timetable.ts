import type { Hours, RoomHours } from '../room/ports.ts';
import { cancelled } from './cancelled.ts';
import { MINUTE } from './clock.ts';
import { endOf, nextOccurrence } from './occurrences.ts';
import type { ScheduleStore, StoredSchedule } from './ports.ts';

type Schedules = Pick<ScheduleStore, 'ofRoom' | 'restricting' | 'save'>;

/** When rooms are open that are so only for their scheduled meetings. */
export class Timetable implements RoomHours {
  readonly #schedules: Schedules;

  constructor(schedules: Schedules) {
    this.#schedules = schedules;
  }

  hoursOf(room: string, now: number): Hours | undefined {
    const restricting = this.#schedules.restricting(room);
    if (restricting.length === 0) return undefined;
    const [first] = restricting
      .flatMap((schedule) => openingOf(schedule, now))
      .toSorted((a, b) => a.opensAt - b.opensAt);
    if (!first) return { isOpen: false, opensAt: null, closesAt: null };
    return { isOpen: first.opensAt <= now, ...first };
  }

  /** What was to take place there is cancelled; a room that gets the name later is not restricted by it. */
  roomDeleted(room: string, now: number): void {
    for (const schedule of this.#schedules.ofRoom(room, now))
      this.#schedules.save(cancelled(schedule, now), now);
    for (const schedule of this.#schedules.restricting(room))
      this.#schedules.save({ ...schedule, onlyThen: false }, endOf(schedule));
  }
}

function openingOf(schedule: StoredSchedule, now: number): { opensAt: number; closesAt: number }[] {
  const next = nextOccurrence(schedule, now);
  if (!next) return [];
  return [{ opensAt: next.startsAt - schedule.earlyEntryMinutes * MINUTE, closesAt: next.endsAt }];
}
