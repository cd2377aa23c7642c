import type { StatementSync } from 'node:sqlite';
import type { ParticipantKind, Role } from '@parley/protocol';
import type { MeetingRecord, MeetingStore, StayRecord } from '../room/ports.ts';
import type { Database } from './Database.ts';

export class MeetingTable implements MeetingStore {
  readonly #start: StatementSync;
  readonly #end: StatementSync;
  readonly #findOpen: StatementSync;
  readonly #saveStay: StatementSync;
  readonly #closeStays: StatementSync;
  readonly #beat: StatementSync;
  readonly #lastBeat: StatementSync;

  constructor(database: Database) {
    this.#start = database.prepare(
      `INSERT INTO meetings (meeting_id, room_id, room_name, started_at, ended_at) VALUES (?, ?, ?, ?, ?)`,
    );
    this.#end = database.prepare('UPDATE meetings SET ended_at = ? WHERE meeting_id = ?');
    this.#findOpen = database.prepare(
      'SELECT * FROM meetings WHERE room_id = ? AND ended_at IS NULL ORDER BY started_at DESC LIMIT 1',
    );
    this.#saveStay = database.prepare(
      `INSERT INTO stays (stay_id, meeting_id, identity, display_name, role, kind, joined_at, left_at, sent_quality)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (stay_id) DO UPDATE SET display_name = excluded.display_name, role = excluded.role,
         left_at = excluded.left_at, sent_quality = excluded.sent_quality`,
    );
    this.#closeStays = database.prepare(
      'UPDATE stays SET left_at = max(joined_at, ?) WHERE meeting_id = ? AND left_at IS NULL RETURNING *',
    );
    this.#beat = database.prepare(
      'INSERT INTO heartbeat (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at',
    );
    this.#lastBeat = database.prepare('SELECT at FROM heartbeat');
  }

  start(m: MeetingRecord): void {
    this.#start.run(m.meetingId, m.roomId, m.roomName, m.startedAt, m.endedAt);
  }

  end(meetingId: string, endedAt: number): void {
    this.#end.run(endedAt, meetingId);
  }

  findOpen(roomId: string): MeetingRecord | undefined {
    const row = this.#findOpen.get(roomId);
    if (!row) return undefined;
    return {
      meetingId: String(row['meeting_id']),
      roomId: String(row['room_id']),
      roomName: String(row['room_name']),
      startedAt: Number(row['started_at']),
      endedAt: null,
    };
  }

  saveStay(s: StayRecord): void {
    this.#saveStay.run(
      s.stayId,
      s.meetingId,
      s.identity,
      s.displayName,
      s.role,
      s.kind,
      s.joinedAt,
      s.leftAt,
      s.sentQuality,
    );
  }

  closeStays(meetingId: string, leftAt: number): StayRecord[] {
    return this.#closeStays.all(leftAt, meetingId).map((row) => ({
      stayId: String(row['stay_id']),
      meetingId,
      identity: String(row['identity']),
      displayName: String(row['display_name']),
      role: String(row['role']) as Role,
      kind: String(row['kind']) as ParticipantKind,
      joinedAt: Number(row['joined_at']),
      leftAt: Number(row['left_at']),
      sentQuality: row['sent_quality'] === null ? null : Number(row['sent_quality']),
    }));
  }

  beat(at: number): void {
    this.#beat.run(at);
  }

  lastBeat(): number | null {
    const row = this.#lastBeat.get();
    return row ? Number(row['at']) : null;
  }
}
