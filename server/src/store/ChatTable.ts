import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { ChatMessage, FileInfo } from '@parley/protocol';
import type { ChatRecord, ChatStore, ChatView } from '../room/ports.ts';
import type { Database } from './Database.ts';
import { fileInfoOf } from './FileTable.ts';

type Row = Record<string, SQLOutputValue>;

/** What somebody may read: what was sent to all where they are, since when they may, and what is to or from themselves. */
const READABLE = `meeting_id = :meetingId AND seq < :before AND (
    sender = :identity OR receiver = :identity
    OR (receiver IS NULL AND breakout_id IS :breakoutId AND seq > :afterSeq)
  )`;

export class ChatTable implements ChatStore {
  readonly #database: Database;
  readonly #lastSeq: StatementSync;
  readonly #append: StatementSync;
  readonly #find: StatementSync;
  readonly #update: StatementSync;
  readonly #list: StatementSync;
  readonly #clear: StatementSync;
  readonly #files: StatementSync;
  readonly #attach: StatementSync;
  readonly #detach: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#lastSeq = database.prepare('SELECT max(seq) AS seq FROM messages');
    this.#append = database.prepare(
      `INSERT INTO messages (message_id, room_id, meeting_id, breakout_id, sender, sender_name, receiver, receiver_name,
         text, sent_at, reply_to, reactions, file_ids) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?)`,
    );
    this.#find = database.prepare('SELECT * FROM messages WHERE meeting_id = ? AND message_id = ?');
    this.#update = database.prepare(
      'UPDATE messages SET text = ?, edited_at = ?, deleted_at = ?, reactions = ?, file_ids = ? WHERE message_id = ?',
    );
    this.#list = database.prepare(`SELECT * FROM messages WHERE ${READABLE} ORDER BY seq DESC LIMIT :limit`);
    this.#clear = database.prepare('DELETE FROM messages WHERE meeting_id = ? AND receiver IS NULL');
    this.#files = database.prepare(
      'SELECT * FROM files WHERE file_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, file_id',
    );
    this.#attach = database.prepare(
      'UPDATE files SET message_id = ? WHERE file_id IN (SELECT value FROM json_each(?))',
    );
    this.#detach = database.prepare(
      'DELETE FROM files WHERE message_id = ? AND file_id NOT IN (SELECT value FROM json_each(?))',
    );
  }

  lastSeq(): number {
    return Number(this.#lastSeq.get()?.['seq'] ?? 0);
  }

  append(m: ChatRecord): number {
    if (m.fileIds.length === 0) return this.#insert(m);
    return this.#database.transaction(() => {
      const seq = this.#insert(m);
      this.#attach.run(m.messageId, JSON.stringify(m.fileIds));
      return seq;
    });
  }

  #insert(m: ChatRecord): number {
    const { lastInsertRowid } = this.#append.run(
      m.messageId,
      m.roomId,
      m.meetingId,
      m.breakoutId,
      m.from.identity,
      m.from.displayName,
      m.to?.identity ?? null,
      m.to?.displayName ?? null,
      m.text,
      m.sentAt,
      m.replyTo,
      JSON.stringify(m.fileIds),
    );
    return Number(lastInsertRowid);
  }

  find(meetingId: string, messageId: string): ChatMessage | undefined {
    const row = this.#find.get(meetingId, messageId);
    return row && this.#messageOf(row);
  }

  update(m: ChatMessage): void {
    const fileIds = JSON.stringify(m.files.map(({ fileId }) => fileId));
    this.#database.transaction(() => {
      this.#update.run(m.text, m.editedAt, m.deletedAt, JSON.stringify(m.reactions), fileIds, m.messageId);
      this.#detach.run(m.messageId, fileIds);
    });
  }

  list(
    { meetingId, identity, breakoutId, afterSeq }: ChatView,
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number; limit: number },
  ): { messages: ChatMessage[]; more: boolean } {
    const rows = this.#list.all({ meetingId, identity, breakoutId, afterSeq, before, limit: limit + 1 });
    const messages = rows.slice(0, limit).map((row) => this.#messageOf(row));
    return { messages: messages.reverse(), more: rows.length > limit };
  }

  clear(meetingId: string): void {
    this.#clear.run(meetingId);
  }

  #messageOf(row: Row): ChatMessage {
    const receiver = textOrNull(row['receiver']);
    return {
      messageId: String(row['message_id']),
      seq: Number(row['seq']),
      from: { identity: String(row['sender']), displayName: String(row['sender_name']) },
      to: receiver === null ? null : { identity: receiver, displayName: String(row['receiver_name']) },
      breakoutId: textOrNull(row['breakout_id']),
      text: String(row['text']),
      sentAt: Number(row['sent_at']),
      editedAt: numberOrNull(row['edited_at']),
      deletedAt: numberOrNull(row['deleted_at']),
      replyTo: textOrNull(row['reply_to']),
      reactions: JSON.parse(String(row['reactions'])) as ChatMessage['reactions'],
      files: this.#filesOf(String(row['file_ids'])),
    };
  }

  #filesOf(fileIds: string): FileInfo[] {
    if (fileIds === '[]') return [];
    return this.#files.all(fileIds).map(fileInfoOf);
  }
}

const textOrNull = (value: SQLOutputValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
const numberOrNull = (value: SQLOutputValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
