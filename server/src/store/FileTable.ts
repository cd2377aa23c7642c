import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { FileInfo } from '@parley/protocol';
import type { FileRecord, FileStore } from '../room/ports.ts';
import type { Database } from './Database.ts';

type Row = Record<string, SQLOutputValue>;

export class FileTable implements FileStore {
  readonly #add: StatementSync;
  readonly #find: StatementSync;
  readonly #used: StatementSync;
  readonly #removeUnsent: StatementSync;
  readonly #removed: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: Database) {
    this.#add = database.prepare(
      `INSERT INTO files (file_id, room_id, meeting_id, uploader, name, type, size, is_image, created_at, width, height)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#find = database.prepare('SELECT * FROM files WHERE file_id = ?');
    this.#used = database.prepare(
      'SELECT coalesce(sum(size), 0) AS used FROM files WHERE :roomId IS NULL OR room_id = :roomId',
    );
    this.#removeUnsent = database.prepare('DELETE FROM files WHERE message_id IS NULL AND created_at < ?');
    this.#removed = database.prepare('SELECT file_id FROM removed_files');
    this.#forget = database.prepare('DELETE FROM removed_files WHERE file_id = ?');
  }

  add(f: Omit<FileRecord, 'messageId'>): void {
    this.#add.run(
      f.fileId,
      f.roomId,
      f.meetingId,
      f.uploader,
      f.name,
      f.type,
      f.size,
      f.isImage ? 1 : 0,
      f.createdAt,
      f.width,
      f.height,
    );
  }

  find(fileId: string): FileRecord | undefined {
    const row = this.#find.get(fileId);
    if (!row) return undefined;
    const messageId = row['message_id'] ?? null;
    return {
      ...fileInfoOf(row),
      roomId: String(row['room_id']),
      meetingId: String(row['meeting_id']),
      uploader: String(row['uploader']),
      messageId: messageId === null ? null : String(messageId),
      createdAt: Number(row['created_at']),
    };
  }

  usedBytes(roomId?: string): number {
    return Number(this.#used.get({ roomId: roomId ?? null })?.['used']);
  }

  removeUnsent(before: number): void {
    this.#removeUnsent.run(before);
  }

  removed(): string[] {
    return this.#removed.all().map((row) => String(row['file_id']));
  }

  forget(fileId: string): void {
    this.#forget.run(fileId);
  }
}

/** What people are told of a file. */
export function fileInfoOf(row: Row): FileInfo {
  const [width, height] = [row['width'] ?? null, row['height'] ?? null];
  return {
    fileId: String(row['file_id']),
    name: String(row['name']),
    type: String(row['type']),
    size: Number(row['size']),
    isImage: Number(row['is_image']) === 1,
    width: width === null ? null : Number(width),
    height: height === null ? null : Number(height),
  };
}
