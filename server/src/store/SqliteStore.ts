import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { RoomSettings } from '@parley/protocol';
import { Value } from 'typebox/value';
import { ensurePrivateFolder } from '../auth/privateFile.ts';
import type { RoomRecord, RoomStore } from '../room/ports.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { StoreError } from './StoreError.ts';

/**
 * Durable state in one SQLite file, `parley.db`. Each write is a transaction that is on disk when the method returns:
 * the journal is a WAL with `synchronous = FULL` (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export class SqliteStore implements RoomStore {
  readonly #database: DatabaseSync;
  readonly #saveRoom: StatementSync;
  readonly #deleteRoom: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#saveRoom = database.prepare(
      `INSERT INTO rooms (room_id, name, settings, created_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (room_id) DO UPDATE SET name = excluded.name, settings = excluded.settings`,
    );
    this.#deleteRoom = database.prepare('DELETE FROM rooms WHERE room_id = ?');
  }

  /** Opens or creates the database of a data folder, and brings its schema up to date. Throws StoreError. */
  static open(dataDir: string, migrations: readonly Migration[] = MIGRATIONS): SqliteStore {
    const path = join(dataDir, 'parley.db');
    ensurePrivateFolder(dataDir);
    let database: DatabaseSync | undefined;
    try {
      // SQLite would make the file readable by all; its WAL then takes the mode of the file.
      closeSync(openSync(path, 'a', 0o600));
      database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      checkIntegrity(database);
      migrate(database, migrations);
      return new SqliteStore(database);
    } catch (cause) {
      database?.close();
      throw explain(path, cause);
    }
  }

  /** All rooms, oldest first. Throws StoreError when a row cannot be understood. */
  loadRooms(): RoomRecord[] {
    const rows = this.#database.prepare('SELECT * FROM rooms ORDER BY created_at, room_id').all();
    return rows.map((row) => {
      const settings: unknown = JSON.parse(String(row['settings']));
      if (!Value.Check(RoomSettings, settings)) {
        throw new StoreError(
          `The settings of the room ${String(row['name'])} in the database are not valid. Restore a backup, or ` +
            'correct the row of the table rooms with the sqlite3 program.',
        );
      }
      return {
        roomId: String(row['room_id']),
        name: String(row['name']),
        settings,
        createdAt: Number(row['created_at']),
      };
    });
  }

  saveRoom(r: RoomRecord): void {
    this.#saveRoom.run(r.roomId, r.name, JSON.stringify(r.settings), r.createdAt);
  }

  deleteRoom(roomId: string): void {
    this.#deleteRoom.run(roomId);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

function checkIntegrity(database: DatabaseSync): void {
  const problems = database
    .prepare('PRAGMA quick_check(3)')
    .all()
    .map((row) => String(row['quick_check']));
  if (problems.join() !== 'ok') throw new Error(`the integrity check found: ${problems.join('; ')}`);
}

function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  database.exec(`CREATE TABLE IF NOT EXISTS migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL
  ) STRICT`);
  const row = database.prepare('SELECT max(version) AS version FROM migrations').get();
  const present = Number(row?.['version'] ?? 0);
  if (present > migrations.length) {
    throw new StoreError(
      `The database has schema version ${present}, and this Parley knows only ${migrations.length}: a newer one wrote ` +
        'it. Install that version again, or restore the backup made before it.',
    );
  }
  const record = database.prepare('INSERT INTO migrations VALUES (?, ?, ?)');
  for (const [index, { name, sql }] of migrations.entries()) {
    const version = index + 1;
    if (version <= present) continue;
    inTransaction(database, () => {
      database.exec(sql);
      record.run(version, name, Date.now());
    });
  }
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function explain(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    `The database ${path} cannot be used: ${reason}. Nothing was changed or deleted. If the disk is full or the file ` +
      'belongs to another user, put that right and start again. If it is damaged, restore it from a backup; or move ' +
      'parley.db, parley.db-wal and parley.db-shm away to start with an empty one.',
    { cause },
  );
}
