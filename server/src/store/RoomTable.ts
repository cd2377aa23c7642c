import type { StatementSync } from 'node:sqlite';
import { RoomSettings } from '@parley/protocol';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { RoomRecord, RoomStore, StoredRoom } from '../room/ports.ts';
import type { Database } from './Database.ts';
import { StoreError } from './StoreError.ts';

/** Rooms that a former version wrote lack the settings that it did not know. */
const StoredSettings = Type.Partial(RoomSettings);

export class RoomTable implements RoomStore {
  readonly #load: StatementSync;
  readonly #save: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    this.#load = database.prepare('SELECT * FROM rooms ORDER BY created_at, room_id');
    this.#save = database.prepare(
      `INSERT INTO rooms (room_id, name, settings, password_hash, kept, owned_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (room_id) DO UPDATE SET name = excluded.name, settings = excluded.settings,
         password_hash = excluded.password_hash, kept = excluded.kept, owned_by = excluded.owned_by`,
    );
    this.#delete = database.prepare('DELETE FROM rooms WHERE room_id = ?');
  }

  /** All rooms, oldest first. Throws StoreError when a row cannot be understood. */
  load(): StoredRoom[] {
    return this.#load.all().map((row) => {
      const settings: unknown = JSON.parse(String(row['settings']));
      if (!Value.Check(StoredSettings, settings)) {
        throw new StoreError(
          `The settings of the room ${String(row['name'])} in the database are not valid. Restore a backup, or ` +
            'correct the row of the table rooms with the sqlite3 program.',
        );
      }
      const { password_hash: hash, owned_by: ownedBy } = row;
      return {
        roomId: String(row['room_id']),
        name: String(row['name']),
        settings,
        passwordHash: textOrNull(hash),
        ownedBy: textOrNull(ownedBy),
        kept: Number(row['kept']) === 1,
        createdAt: Number(row['created_at']),
      };
    });
  }

  save(r: RoomRecord): void {
    const { roomId, name, passwordHash, ownedBy, createdAt } = r;
    const settings = JSON.stringify(r.settings);
    this.#save.run(roomId, name, settings, passwordHash, Number(r.kept), ownedBy, createdAt);
  }

  delete(roomId: string): void {
    this.#delete.run(roomId);
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
