import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { CallRecord, RefusedCall } from '@parley/protocol';
import { Value } from 'typebox/value';
import type { CallFilter } from '../room/phonePorts.ts';
import type { Database } from './Database.ts';
import { StoreError } from './StoreError.ts';

interface Page {
  before?: number;
  limit: number;
}
type Row = Record<string, SQLOutputValue>;

/** Refused calls that are kept at most: whoever calls in vain does not fill the disk. */
const MAX_REFUSED = 10_000;
const FILTER = `($room IS NULL OR room = $room) AND ($meetingId IS NULL OR meeting_id = $meetingId)
  AND ($trunkId IS NULL OR trunk_id = $trunkId) AND ($direction IS NULL OR direction = $direction)
  AND ($number IS NULL OR caller = $number OR called = $number) AND ($identity IS NULL OR identity = $identity)
  AND ($since IS NULL OR started_at >= $since) AND ($until IS NULL OR started_at < $until)
  AND ($answered IS NULL OR (answered_at IS NOT NULL) = $answered)`;

/** Calls of phones, as they were and as they go on. */
export class CallTable {
  readonly #save: StatementSync;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #ofMeeting: StatementSync;
  readonly #open: StatementSync;
  readonly #spoken: StatementSync;
  readonly #refuse: StatementSync;
  readonly #prune: StatementSync;
  readonly #refusals: StatementSync;

  constructor(database: Database) {
    this.#save = database.prepare(
      `INSERT INTO calls (call_id, direction, trunk_id, caller, called, identity, room, meeting_id, started_at, answered_at,
         ended_at, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (call_id) DO UPDATE SET trunk_id = excluded.trunk_id, caller = excluded.caller, called = excluded.called,
         identity = excluded.identity, room = excluded.room, meeting_id = excluded.meeting_id,
         answered_at = excluded.answered_at, ended_at = excluded.ended_at, value = excluded.value`,
    );
    this.#find = database.prepare('SELECT value FROM calls WHERE call_id = ?');
    this.#list = database.prepare(
      `SELECT call_no, value FROM calls WHERE call_no < $before AND ${FILTER} ORDER BY call_no DESC LIMIT $limit`,
    );
    this.#ofMeeting = database.prepare(
      'SELECT value FROM calls WHERE meeting_id = ? ORDER BY call_no LIMIT ?',
    );
    this.#open = database.prepare('SELECT value FROM calls WHERE ended_at IS NULL ORDER BY call_no');
    this.#spoken = database.prepare(
      `SELECT sum(min(coalesce(ended_at, $now), $now) - max(answered_at, $since)) AS ms FROM calls
       WHERE trunk_id = $trunkId AND direction = 'out' AND answered_at IS NOT NULL AND coalesce(ended_at, $now) > $since`,
    );
    this.#refuse = database.prepare(
      'INSERT INTO refused_calls (at, value) VALUES (?, ?) RETURNING refusal_no',
    );
    this.#prune = database.prepare('DELETE FROM refused_calls WHERE refusal_no <= ?');
    this.#refusals = database.prepare(
      'SELECT refusal_no, value FROM refused_calls WHERE refusal_no < ? ORDER BY refusal_no DESC LIMIT ?',
    );
  }

  save(call: CallRecord): void {
    const { callId, direction, trunkId, from, to, identity, room, meetingId } = call;
    const { startedAt, answeredAt, endedAt } = call;
    const times = [startedAt, answeredAt, endedAt];
    const who = [from, to, identity, room, meetingId];
    this.#save.run(callId, direction, trunkId, ...who, ...times, JSON.stringify(call));
  }

  find(callId: string): CallRecord | undefined {
    const row = this.#find.get(callId);
    return row && callIn(row);
  }

  list(filter: CallFilter, page: Page): { calls: CallRecord[]; nextBefore: number | null } {
    const { room, meetingId, trunkId, direction, number, identity, since, until, answered } = filter;
    const rows = this.#list.all({
      ...{ $room: room ?? null, $meetingId: meetingId ?? null, $trunkId: trunkId ?? null },
      ...{ $direction: direction ?? null, $number: number ?? null, $identity: identity ?? null },
      ...{ $since: since ?? null, $until: until ?? null },
      $answered: answered === undefined ? null : Number(answered),
      $before: page.before ?? Number.MAX_SAFE_INTEGER,
      $limit: page.limit + 1,
    });
    const { shown, nextBefore } = pageOf(rows, 'call_no', page.limit);
    return { calls: shown.map(callIn), nextBefore };
  }

  /** First ones first. */
  ofMeeting(meetingId: string, limit: number): CallRecord[] {
    return this.#ofMeeting.all(meetingId, limit).map(callIn);
  }

  open(): CallRecord[] {
    return this.#open.all().map(callIn);
  }

  spokenMs(trunkId: string, { since, now }: { since: number; now: number }): number {
    return Number(this.#spoken.get({ $trunkId: trunkId, $since: since, $now: now })?.['ms'] ?? 0);
  }

  refuse(call: RefusedCall): void {
    const row = this.#refuse.get(call.at, JSON.stringify(call));
    this.#prune.run(Number(row?.['refusal_no']) - MAX_REFUSED);
  }

  refusals({ before, limit }: Page): { calls: RefusedCall[]; nextBefore: number | null } {
    const rows = this.#refusals.all(before ?? Number.MAX_SAFE_INTEGER, limit + 1);
    const { shown, nextBefore } = pageOf(rows, 'refusal_no', limit);
    return {
      calls: shown.map((row) => Value.Parse(RefusedCall, JSON.parse(String(row['value'])))),
      nextBefore,
    };
  }
}

function pageOf(rows: Row[], key: string, limit: number): { shown: Row[]; nextBefore: number | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { shown, nextBefore: last ? Number(last[key]) : null };
}

/** Throws StoreError when it cannot be understood. */
function callIn(row: Row): CallRecord {
  const value: unknown = JSON.parse(String(row['value']));
  if (Value.Check(CallRecord, value)) return value;
  throw new StoreError(
    'A call in the database is not valid. Restore a backup, or delete its row of the table calls with the sqlite3 program.',
  );
}
