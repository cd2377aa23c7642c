import type { StatementSync } from 'node:sqlite';
import type { Database } from './Database.ts';

type EntryKind = 'trunk' | 'rule' | 'extension';

/** Trunks, rules and extensions that were made by REST. Whoever reads them checks them. */
export class PhoneEntryTable {
  readonly #load: StatementSync;
  readonly #save: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    this.#load = database.prepare('SELECT id, value FROM phone_entries WHERE kind = ? ORDER BY id');
    this.#save = database.prepare(
      `INSERT INTO phone_entries (kind, id, value) VALUES (?, ?, ?)
       ON CONFLICT (kind, id) DO UPDATE SET value = excluded.value`,
    );
    this.#delete = database.prepare('DELETE FROM phone_entries WHERE kind = ? AND id = ?');
  }

  load(kind: EntryKind): Map<string, unknown> {
    return new Map(this.#load.all(kind).map((row) => [String(row['id']), JSON.parse(String(row['value']))]));
  }

  save(kind: EntryKind, id: string, value: object): void {
    this.#save.run(kind, id, JSON.stringify(value));
  }

  delete(kind: EntryKind, id: string): void {
    this.#delete.run(kind, id);
  }
}
