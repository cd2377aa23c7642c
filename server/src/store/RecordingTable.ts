import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import { Value } from 'typebox/value';
import type { RecordingFilter, RecordingStore } from '../recordings/ports.ts';
import { hasEnded, RecordingRecord } from '../recordings/RecordingRecord.ts';
import type { Database } from './Database.ts';
import { StoreError } from './StoreError.ts';

const IS_KEPT = "json_extract(value, '$.isDeleted') = 0";

export class RecordingTable implements RecordingStore {
  readonly #save: StatementSync;
  readonly #find: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #open: StatementSync;
  readonly #uncopied: StatementSync;
  readonly #endedBefore: StatementSync;

  constructor(database: Database) {
    this.#save = database.prepare(
      `INSERT INTO recordings (recording_id, room_id, room, meeting_id, started_at, ended_at, is_open, value)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (recording_id) DO UPDATE SET ended_at = excluded.ended_at, is_open = excluded.is_open,
         value = excluded.value`,
    );
    this.#find = database.prepare(`SELECT value FROM recordings WHERE recording_id = ? AND ${IS_KEPT}`);
    this.#delete = database.prepare('DELETE FROM recordings WHERE recording_id = ?');
    this.#list = database.prepare(
      `SELECT recording_no, value FROM recordings WHERE recording_no < $before AND ${IS_KEPT}
         AND ($room IS NULL OR room = $room) AND ($meetingId IS NULL OR meeting_id = $meetingId)
         AND ($roomIds IS NULL OR room_id IN (SELECT value FROM json_each($roomIds)))
         AND started_at >= $since
       ORDER BY recording_no DESC LIMIT $limit`,
    );
    this.#open = database.prepare('SELECT value FROM recordings WHERE is_open = 1 ORDER BY recording_no');
    this.#uncopied = database.prepare(
      `SELECT value FROM recordings WHERE is_open = 0 AND json_extract(value, '$.notCopied') IS NOT NULL
       ORDER BY recording_no`,
    );
    this.#endedBefore = database.prepare(
      `SELECT value FROM recordings WHERE ended_at < ? AND ${IS_KEPT} ORDER BY ended_at LIMIT ?`,
    );
  }

  save(record: RecordingRecord): void {
    const { recordingId, room, meetingId, startedAt, endedAt, isDeleted, isResumable } = record;
    const isOpen = Number(isDeleted || isResumable || !hasEnded(record));
    const value = JSON.stringify(record);
    this.#save.run(recordingId, room.roomId, room.name, meetingId, startedAt, endedAt, isOpen, value);
  }

  find(recordingId: string): RecordingRecord | undefined {
    const row = this.#find.get(recordingId);
    return row && recordIn(row);
  }

  delete(recordingId: string): void {
    this.#delete.run(recordingId);
  }

  list(
    { room, roomIds, meetingId, since = 0 }: RecordingFilter,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number; limit: number },
  ): { records: RecordingRecord[]; nextBefore: number | null } {
    const rows = this.#list.all({
      $before: before,
      $room: room ?? null,
      $meetingId: meetingId ?? null,
      $roomIds: roomIds ? JSON.stringify(roomIds) : null,
      $since: since,
      $limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { records: shown.map(recordIn), nextBefore: last ? Number(last['recording_no']) : null };
  }

  open(): RecordingRecord[] {
    return this.#open
      .all()
      .map(recordIn)
      .filter(({ isDeleted }) => !isDeleted);
  }

  uncopied(): RecordingRecord[] {
    return this.#uncopied.all().map(recordIn);
  }

  deleted(): RecordingRecord[] {
    return this.#open
      .all()
      .map(recordIn)
      .filter(({ isDeleted }) => isDeleted);
  }

  endedBefore(moment: number, limit: number): RecordingRecord[] {
    return this.#endedBefore.all(moment, limit).map(recordIn);
  }
}

/** Throws StoreError when it cannot be understood. */
function recordIn(row: Record<string, SQLOutputValue>): RecordingRecord {
  const value: unknown = JSON.parse(String(row['value']));
  if (Value.Check(RecordingRecord, value)) return value;
  throw new StoreError(
    'A recording in the database is not valid. Restore a backup, or delete its row of the table recordings with the ' +
      'sqlite3 program.',
  );
}
