import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { ScheduleRecord } from '@parley/protocol';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ScheduleFilter, ScheduleStore, StoredSchedule } from '../schedules/ports.ts';
import type { Database } from './Database.ts';
import { StoreError } from './StoreError.ts';

const Stored = Type.Object({
  ...ScheduleRecord.properties,
  lastStart: Type.Union([Type.Integer(), Type.Null()]),
});
const IS_UPCOMING = 'cancelled = 0 AND (over_at IS NULL OR over_at > $now)';

export class ScheduleTable implements ScheduleStore {
  readonly #find: StatementSync;
  readonly #save: StatementSync;
  readonly #list: StatementSync;
  readonly #ofRoom: StatementSync;
  readonly #restricting: StatementSync;

  constructor(database: Database) {
    this.#find = database.prepare('SELECT * FROM schedules WHERE schedule_id = ?');
    this.#save = database.prepare(
      `INSERT INTO schedules (schedule_id, room, only_then, cancelled, over_at, value) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (schedule_id) DO UPDATE SET only_then = excluded.only_then, cancelled = excluded.cancelled,
         over_at = excluded.over_at, value = excluded.value`,
    );
    this.#list = database.prepare(
      `SELECT * FROM schedules WHERE schedule_no > $after AND ($room IS NULL OR room = $room) AND CASE $state
         WHEN 'cancelled' THEN cancelled = 1
         WHEN 'over' THEN cancelled = 0 AND over_at <= $now
         WHEN 'upcoming' THEN ${IS_UPCOMING}
         ELSE 1 END
       ORDER BY schedule_no LIMIT $limit`,
    );
    this.#ofRoom = database.prepare(
      `SELECT * FROM schedules WHERE room = $room AND ${IS_UPCOMING} ORDER BY schedule_no`,
    );
    this.#restricting = database.prepare(
      'SELECT * FROM schedules WHERE room = ? AND only_then = 1 AND cancelled = 0 ORDER BY schedule_no',
    );
  }

  find(scheduleId: string): StoredSchedule | undefined {
    const row = this.#find.get(scheduleId);
    return row && scheduleOf(row);
  }

  save(schedule: StoredSchedule, overAt: number | null): void {
    const { scheduleId, room, onlyThen, status } = schedule;
    const isCancelled = Number(status === 'cancelled');
    this.#save.run(scheduleId, room, Number(onlyThen), isCancelled, overAt, JSON.stringify(schedule));
  }

  list(
    { room, state, now }: ScheduleFilter,
    { after, limit }: { after: number; limit: number },
  ): { schedules: StoredSchedule[]; nextAfter: number | null } {
    const rows = this.#list.all({
      $after: after,
      $room: room ?? null,
      $state: state ?? null,
      $now: now,
      $limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { schedules: shown.map(scheduleOf), nextAfter: last ? Number(last['schedule_no']) : null };
  }

  ofRoom(room: string, now: number): StoredSchedule[] {
    return this.#ofRoom.all({ $room: room, $now: now }).map(scheduleOf);
  }

  restricting(room: string): StoredSchedule[] {
    return this.#restricting.all(room).map(scheduleOf);
  }
}

/** Throws StoreError when it cannot be understood. */
function scheduleOf(row: Record<string, SQLOutputValue>): StoredSchedule {
  const value: unknown = JSON.parse(String(row['value']));
  if (Value.Check(Stored, value)) return value;
  throw new StoreError(
    `The schedule ${String(row['schedule_id'])} in the database is not valid. Restore a backup, or delete the row of ` +
      'the table schedules with the sqlite3 program.',
  );
}
