import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type {
  AuditEntryInfo,
  FileInfo,
  HistoryMessage,
  LiveStreamInfo,
  MeetingDetails,
  MeetingInfo,
  StayInfo,
} from '@parley/protocol';
import type { HistoryStore, RetentionStore } from '../history/ports.ts';
import type { Database } from './Database.ts';
import { fileInfoOf } from './FileTable.ts';
import { liveStreamIn } from './LiveStreamTable.ts';

type Row = Record<string, SQLOutputValue>;

const TO_ALL = 'receiver IS NULL AND deleted_at IS NULL';
const MEETINGS = `SELECT *,
    (SELECT count(DISTINCT identity) FROM stays WHERE stays.meeting_id = meetings.meeting_id) AS people,
    (SELECT count(*) FROM messages WHERE messages.meeting_id = meetings.meeting_id AND ${TO_ALL}) AS messages
  FROM meetings WHERE room_name = :room`;
const ROOM_IDS =
  'SELECT room_id FROM rooms WHERE name = :room UNION SELECT room_id FROM meetings WHERE room_name = :room';

/** Meetings, messages and the audit log as history: they are written by the tables of their own. */
export class HistoryTables implements HistoryStore, RetentionStore {
  readonly #database: Database;
  readonly #meetings: StatementSync;
  readonly #meeting: StatementSync;
  readonly #stays: StatementSync;
  readonly #files: StatementSync;
  readonly #file: StatementSync;
  readonly #liveStreams: StatementSync;
  readonly #messages: StatementSync;
  readonly #audit: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    const prepare = (sql: string): StatementSync => database.prepare(sql);
    this.#meetings = prepare(
      `${MEETINGS} AND (started_at, meeting_id) < (:startedAt, :meetingId)
       ORDER BY started_at DESC, meeting_id DESC LIMIT :limit`,
    );
    this.#meeting = prepare(`${MEETINGS} AND meeting_id = :meetingId`);
    this.#stays = prepare('SELECT * FROM stays WHERE meeting_id = ? ORDER BY joined_at, stay_id LIMIT ?');
    this.#files = prepare(
      `SELECT files.* FROM messages JOIN json_each(file_ids) JOIN files ON files.file_id = json_each.value
       WHERE messages.meeting_id = ? AND ${TO_ALL} ORDER BY files.created_at LIMIT ?`,
    );
    this.#file = prepare(
      `SELECT files.* FROM messages JOIN json_each(file_ids) JOIN files ON files.file_id = json_each.value
       WHERE messages.meeting_id = ? AND files.file_id = ? AND ${TO_ALL}`,
    );
    // One that nobody came back to after a crash has ended with its meeting.
    this.#liveStreams = prepare(
      `SELECT live_streams.*, coalesce(live_streams.ended_at, meetings.ended_at) AS ended_at
       FROM live_streams JOIN meetings USING (meeting_id) WHERE meeting_id = ?
       ORDER BY live_streams.started_at, live_id LIMIT ?`,
    );
    this.#messages = prepare(
      `SELECT * FROM messages WHERE meeting_id = ? AND seq > ? AND ${TO_ALL} ORDER BY seq LIMIT ?`,
    );
    this.#audit = prepare(
      `SELECT * FROM audit WHERE room_id IN (${ROOM_IDS}) AND audit_id < :before ORDER BY audit_id DESC LIMIT :limit`,
    );
  }

  meetings(
    room: string,
    { before, limit }: { before?: { startedAt: number; meetingId: string }; limit: number },
  ): MeetingInfo[] {
    const { startedAt, meetingId } = before ?? { startedAt: Number.MAX_SAFE_INTEGER, meetingId: '' };
    return this.#meetings.all({ room, startedAt, meetingId, limit }).map(meetingOf);
  }

  findMeeting(room: string, meetingId: string): MeetingInfo | undefined {
    const row = this.#meeting.get({ room, meetingId });
    return row && meetingOf(row);
  }

  stays(meetingId: string, limit: number): StayInfo[] {
    return this.#stays.all(meetingId, limit).map(stayOf);
  }

  files(meetingId: string, limit: number): MeetingDetails['files'] {
    return this.#files
      .all(meetingId, limit)
      .map((row) => ({ ...fileInfoOf(row), by: String(row['uploader']), at: Number(row['created_at']) }));
  }

  findFile(meetingId: string, fileId: string): FileInfo | undefined {
    const row = this.#file.get(meetingId, fileId);
    return row && fileInfoOf(row);
  }

  liveStreams(meetingId: string, limit: number): LiveStreamInfo[] {
    return this.#liveStreams.all(meetingId, limit).map(liveStreamIn);
  }

  messages(
    meetingId: string,
    { after, limit }: { after: number; limit: number },
  ): { seq: number; message: HistoryMessage }[] {
    return this.#messages
      .all(meetingId, after, limit)
      .map((row) => ({ seq: Number(row['seq']), message: this.#messageOf(row) }));
  }

  audit(room: string, { before, limit }: { before: number; limit: number }): AuditEntryInfo[] {
    return this.#audit.all({ room, before, limit }).map((row) => ({
      auditId: Number(row['audit_id']),
      roomId: String(row['room_id']),
      meetingId: textOrNull(row['meeting_id']),
      at: Number(row['at']),
      by: personIn(row['by_whom']),
      action: String(row['action']),
      to: personIn(row['to_whom']),
      details: JSON.parse(String(row['details'])) as AuditEntryInfo['details'],
    }));
  }

  deleteMeetings(endedBefore: number, limit: number): number {
    return this.#delete('meetings', 'meeting_id', { where: 'ended_at < ?', before: endedBefore, limit });
  }

  deleteMessages(sentBefore: number, limit: number): number {
    return this.#delete('messages', 'seq', { where: 'sent_at < ?', before: sentBefore, limit });
  }

  deleteSchedules(overBefore: number, limit: number): number {
    return this.#delete('schedules', 'schedule_no', { where: 'over_at < ?', before: overBefore, limit });
  }

  deleteAudit(before: number, limit: number): number {
    return this.#delete('audit', 'audit_id', { where: 'at < ?', before, limit });
  }

  deleteCalls(endedBefore: number, limit: number): number {
    const calls = this.#delete('calls', 'call_no', { where: 'ended_at < ?', before: endedBefore, limit });
    const refused = { where: 'at < ?', before: endedBefore, limit: limit - calls };
    return calls + (calls < limit ? this.#delete('refused_calls', 'refusal_no', refused) : 0);
  }

  compact(): void {
    this.#database.checkpoint();
  }

  #delete(table: string, key: string, what: { where: string; before: number; limit: number }): number {
    const { where, before, limit } = what;
    const sql = `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ?)`;
    return Number(this.#database.prepare(sql).run(before, limit).changes);
  }

  #messageOf(row: Row): HistoryMessage {
    return {
      messageId: String(row['message_id']),
      from: { identity: String(row['sender']), displayName: String(row['sender_name']) },
      breakoutId: textOrNull(row['breakout_id']),
      text: String(row['text']),
      sentAt: Number(row['sent_at']),
      editedAt: numberOrNull(row['edited_at']),
      files: this.#filesIn(String(row['file_ids'])),
    };
  }

  #filesIn(fileIds: string) {
    if (fileIds === '[]') return [];
    return this.#database
      .prepare(
        'SELECT * FROM files WHERE file_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, file_id',
      )
      .all(fileIds)
      .map(fileInfoOf);
  }
}

const meetingOf = (row: Row): MeetingInfo => ({
  meetingId: String(row['meeting_id']),
  room: String(row['room_name']),
  startedAt: Number(row['started_at']),
  endedAt: numberOrNull(row['ended_at']),
  numPeople: Number(row['people']),
  numMessages: Number(row['messages']),
});

const stayOf = (row: Row): StayInfo => ({
  identity: String(row['identity']),
  displayName: String(row['display_name']),
  role: String(row['role']) as StayInfo['role'],
  kind: String(row['kind']) as StayInfo['kind'],
  joinedAt: Number(row['joined_at']),
  leftAt: numberOrNull(row['left_at']),
  sentQuality: qualityOrNull(row['sent_quality']),
});

/** Former versions have written some that are a hair too large. */
const qualityOrNull = (value: SQLOutputValue | undefined): number | null =>
  typeof value === 'number' ? Math.min(10, Math.max(0, value)) : null;

const personIn = (value: SQLOutputValue | undefined): AuditEntryInfo['by'] =>
  typeof value === 'string' ? (JSON.parse(value) as AuditEntryInfo['by']) : null;
const textOrNull = (value: SQLOutputValue | undefined): string | null =>
  typeof value === 'string' ? value : null;
const numberOrNull = (value: SQLOutputValue | undefined): number | null =>
  typeof value === 'number' ? value : null;
