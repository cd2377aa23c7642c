import type { StatementSync } from 'node:sqlite';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import type { ItemKind, ItemStore } from '../room/ports.ts';
import type { Database } from './Database.ts';
import { StoreError } from './StoreError.ts';

export class ItemTable implements ItemStore {
  readonly #load: StatementSync;
  readonly #save: StatementSync;
  readonly #delete: StatementSync;
  readonly #clearMeeting: StatementSync;

  constructor(database: Database) {
    this.#load = database.prepare('SELECT key, value FROM items WHERE room_id = ? AND kind = ? ORDER BY key');
    this.#save = database.prepare(
      `INSERT INTO items (room_id, kind, key, value, lasting) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (room_id, kind, key) DO UPDATE SET value = excluded.value`,
    );
    this.#delete = database.prepare('DELETE FROM items WHERE room_id = ? AND kind = ? AND key = ?');
    this.#clearMeeting = database.prepare('DELETE FROM items WHERE room_id = ? AND lasting = 0');
  }

  /** Throws StoreError when one cannot be understood. */
  load<T extends TSchema>(roomId: string, { kind, schema }: ItemKind<T>): Map<string, Static<T>> {
    const items = new Map<string, Static<T>>();
    for (const row of this.#load.all(roomId, kind)) {
      const value: unknown = JSON.parse(String(row['value']));
      if (!Value.Check(schema, value)) {
        throw new StoreError(
          `An entry of the room ${roomId} in the database is not valid: ${kind}, ${String(row['key'])}. Restore a ` +
            'backup, or delete the row of the table items with the sqlite3 program.',
        );
      }
      items.set(String(row['key']), value);
    }
    return items;
  }

  save<T extends TSchema>(
    roomId: string,
    { kind, lasting }: ItemKind<T>,
    { key, value }: { key: string; value: Static<T> },
  ): void {
    this.#save.run(roomId, kind, key, JSON.stringify(value), Number(lasting));
  }

  delete(roomId: string, { kind }: ItemKind, key: string): void {
    this.#delete.run(roomId, kind, key);
  }

  clearMeeting(roomId: string): void {
    this.#clearMeeting.run(roomId);
  }
}
