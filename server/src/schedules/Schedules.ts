import {
  ParleyError,
  type ChangeOccurrenceBody,
  type CreateScheduleBody,
  type Occurrence,
  type ScheduleQuery,
  type UpdateScheduleBody,
  type CreateRoomBody,
} from '@parley/protocol';
import type { Caller } from '../auth/grants.ts';
import type { RoomFinder } from '../room/HostDesk.ts';
import { hostIn } from '../room/hostIn.ts';
import { decodeCursor, encodeCursor, pageOf, type Page, type PageRequest } from '../room/paging.ts';
import type { Room } from '../room/Room.ts';
import type { Person } from '../room/RoomCore.ts';
import { newId } from '../util/ids.ts';
import { cancelled } from './cancelled.ts';
import { checkedLocal, invalid } from './clock.ts';
import { endOf, nextOccurrence, occurrenceOf, occurrencesBetween, takesPlace } from './occurrences.ts';
import { changeOf, PLAN_DEFAULTS, planned } from './plan.ts';
import type { ScheduleStore, StoredSchedule } from './ports.ts';

/** Where schedules find rooms; `Rooms` is one. */
export interface ScheduledRooms extends RoomFinder {
  /** Throws ROOM_EXISTS when the settings given differ from those it has. */
  createRoom(body: CreateRoomBody, ownedBy?: string | null): Promise<unknown>;
  find(name: string): Room | undefined;
}

/** Who asks. */
export interface Planner {
  by: Caller;
  /** Their token says enough: they may manage this room, and need not be its host. */
  mayManageRoom: boolean;
  /** Whom a room belongs to that is made for the meeting. */
  ownedBy?: string | null;
}

/** A schedule with what follows from it at this moment. */
export interface ScheduleView {
  schedule: StoredSchedule;
  overAt: number | null;
  next: Occurrence | null;
}

const MAX_PER_ROOM = 500;
const MAX_CHANGES = 100;
const LONGEST_VIEW = 366 * 86_400_000;

/**
 * Scheduled meetings. Hosts of a room manage those of their room, by REST as in HostDesk; so may who manages rooms. Beside what is
 * said, all methods throw SCHEDULE_NOT_FOUND and PERMISSION_DENIED, and those that change something SCHEDULE_CANCELLED.
 */
export class Schedules {
  readonly #rooms: ScheduledRooms;
  readonly #store: ScheduleStore;
  readonly #now: () => number;

  constructor(rooms: ScheduledRooms, store: ScheduleStore, now: () => number = () => Date.now()) {
    this.#rooms = rooms;
    this.#store = store;
    this.#now = now;
  }

  /** The room of a schedule. */
  roomOf(scheduleId: string): string {
    return this.#get(scheduleId).room;
  }

  /** The room stays from now on. Throws ROOM_NOT_FOUND, ROOM_EXISTS, LIMIT_REACHED, INVALID_PARAMS, RULE_REFUSED. */
  async create(
    planner: Planner,
    { room: name, settings, ...wishes }: CreateScheduleBody,
  ): Promise<ScheduleView> {
    const { by } = planner;
    this.assertHost(name, planner);
    const now = this.#now();
    const plan = planned(
      {
        ...{ ...PLAN_DEFAULTS, ...wishes },
        ...{ scheduleId: newId('SC'), room: name, changes: [], status: 'scheduled', sequence: 0 },
        createdBy: { identity: by.identity, displayName: by.displayName },
        ...{ createdAt: now, updatedAt: now },
      },
      {},
    );
    assertAhead(plan, now);
    if (this.#store.ofRoom(name, now).length >= MAX_PER_ROOM)
      throw new ParleyError('LIMIT_REACHED', { details: { schedulesPerRoom: MAX_PER_ROOM } });
    const room = await this.#roomFor(name, planner, settings);
    return this.#save(plan, { room, by, action: 'schedule.create' });
  }

  list({ room, state, limit = 50, cursor }: ScheduleQuery): Page<ScheduleView> {
    const now = this.#now();
    const filter = { ...(room !== undefined && { room }), ...(state && { state }), now };
    const { schedules, nextAfter } = this.#store.list(filter, { after: numberIn(cursor), limit });
    return {
      items: schedules.map((schedule) => this.#view(schedule)),
      nextCursor: nextAfter === null ? null : encodeCursor(String(nextAfter)),
    };
  }

  get(scheduleId: string): ScheduleView {
    return this.#view(this.#get(scheduleId));
  }

  /** Throws INVALID_PARAMS, RULE_REFUSED. */
  update(scheduleId: string, planner: Planner, wishes: UpdateScheduleBody): ScheduleView {
    return this.#change(scheduleId, planner, (schedule) => {
      const plan = planned(schedule, wishes);
      // What has been may be described anew, but nothing is moved into the past.
      if (endOf(plan) !== endOf(schedule)) assertAhead(plan, this.#now());
      return plan;
    });
  }

  /** Changes one occurrence of a series. Throws OCCURRENCE_NOT_FOUND, WRONG_STATE, LIMIT_REACHED, INVALID_PARAMS. */
  changeOccurrence(
    { scheduleId, occurrence }: { scheduleId: string; occurrence: string },
    planner: Planner,
    wishes: ChangeOccurrenceBody,
  ): Occurrence {
    const { schedule } = this.#change(scheduleId, planner, (before) => {
      const change = changeOf(before, occurrenceIn(before, occurrence), wishes);
      const others = before.changes.filter((other) => other.occurrence !== change.occurrence);
      assertFew(others, 'changes');
      return { ...before, changes: [...others, change] };
    });
    return occurrenceOf(schedule, schedule.changes.at(-1) ?? { occurrence });
  }

  /** Leaves one occurrence of a series out. Throws OCCURRENCE_NOT_FOUND, WRONG_STATE, LIMIT_REACHED. */
  cancelOccurrence(
    { scheduleId, occurrence }: { scheduleId: string; occurrence: string },
    planner: Planner,
  ): void {
    this.#change(scheduleId, planner, (schedule) => {
      const local = occurrenceIn(schedule, occurrence);
      assertFew(schedule.exdates, 'exdates');
      const changes = schedule.changes.filter((change) => change.occurrence !== local);
      return { ...schedule, changes, exdates: [...schedule.exdates, local] };
    });
  }

  /** Those that go on at some time of it. Throws INVALID_PARAMS when it is longer than a year. */
  occurrences(
    scheduleId: string,
    { from, to }: { from: number; to: number },
    page: PageRequest,
  ): Page<Occurrence> {
    if (to <= from || to - from > LONGEST_VIEW)
      throw invalid('to', 'It has to be after `from`, by 366 days at most.');
    const all = occurrencesBetween(this.#get(scheduleId), from, to);
    return pageOf(all, (one) => `${String(one.startsAt).padStart(15, '0')} ${one.occurrence}`, page);
  }

  /** Calling it again does nothing. */
  cancel(scheduleId: string, planner: Planner): void {
    const schedule = this.#get(scheduleId);
    const audit = this.#auditOf(schedule, planner, 'schedule.cancel');
    if (schedule.status !== 'cancelled') this.#save(cancelled(schedule, this.#now()), audit);
  }

  /** Throws PERMISSION_DENIED. */
  assertHost(room: string, { by, mayManageRoom }: Planner): void {
    if (mayManageRoom) return;
    const found = this.#rooms.find(room);
    if (found) hostIn(found, by);
    // Nobody is a host of a room that is not there.
    else if (!by.isIntegrator) throw new ParleyError('PERMISSION_DENIED');
  }

  #get(scheduleId: string): StoredSchedule {
    const schedule = this.#store.find(scheduleId);
    if (!schedule) throw new ParleyError('SCHEDULE_NOT_FOUND');
    return schedule;
  }

  #change(
    scheduleId: string,
    planner: Planner,
    change: (schedule: StoredSchedule) => StoredSchedule,
  ): ScheduleView {
    const schedule = this.#get(scheduleId);
    const audit = this.#auditOf(schedule, planner, 'schedule.update');
    if (schedule.status === 'cancelled') throw new ParleyError('SCHEDULE_CANCELLED');
    const changed = { ...change(schedule), sequence: schedule.sequence + 1, updatedAt: this.#now() };
    return this.#save(changed, audit);
  }

  #save(
    schedule: StoredSchedule,
    audit: { room: Room; by: Person; action: string } | undefined,
  ): ScheduleView {
    const view = this.#view(schedule);
    this.#store.save(schedule, view.overAt);
    audit?.room.audit(audit.by, audit.action, { details: { scheduleId: schedule.scheduleId } });
    return view;
  }

  #view(schedule: StoredSchedule): ScheduleView {
    return {
      schedule,
      overAt: schedule.status === 'cancelled' ? schedule.updatedAt : endOf(schedule),
      next: nextOccurrence(schedule, this.#now()),
    };
  }

  #auditOf({ room: name }: StoredSchedule, planner: Planner, action: string) {
    this.assertHost(name, planner);
    const room = this.#rooms.find(name);
    return room && { room, by: planner.by, action };
  }

  async #roomFor(
    name: string,
    { mayManageRoom, ownedBy }: Planner,
    settings: CreateScheduleBody['settings'],
  ): Promise<Room> {
    if (settings && !mayManageRoom) throw new ParleyError('PERMISSION_DENIED');
    if (mayManageRoom && (settings || !this.#rooms.find(name)))
      await this.#rooms.createRoom({ name, ...(settings && { settings }) }, ownedBy);
    const room = this.#rooms.room(name);
    this.#rooms.keep(room);
    return room;
  }
}

/** Throws OCCURRENCE_NOT_FOUND, WRONG_STATE. */
function occurrenceIn(schedule: StoredSchedule, occurrence: string): string {
  if (schedule.rrule === null)
    throw new ParleyError('WRONG_STATE', {
      message: 'The meeting does not recur. Change or cancel it as a whole.',
    });
  const local = checkedLocal(occurrence, schedule.timeZone, 'occurrence');
  if (!takesPlace(schedule, local)) throw new ParleyError('OCCURRENCE_NOT_FOUND');
  return local;
}

/** Throws INVALID_PARAMS when it is over before it is planned. */
function assertAhead(plan: StoredSchedule, now: number): void {
  const overAt = endOf(plan);
  if (overAt !== null && overAt <= now)
    throw invalid('start', 'It would be over already. Choose a start in the future.');
}

function assertFew(list: readonly unknown[], name: string): void {
  if (list.length >= MAX_CHANGES)
    throw new ParleyError('LIMIT_REACHED', { details: { [name]: MAX_CHANGES } });
}

/** Throws INVALID_PARAMS on a cursor that is none. */
function numberIn(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const text = decodeCursor(cursor);
  if (!/^\d{1,15}$/.test(text)) throw invalid('cursor', 'not a cursor of this list');
  return Number(text);
}
