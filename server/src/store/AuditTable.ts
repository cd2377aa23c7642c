import type { StatementSync } from 'node:sqlite';
import type { AuditEntry, AuditStore } from '../room/ports.ts';
import type { Database } from './Database.ts';

const orNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

export class AuditTable implements AuditStore {
  readonly #append: StatementSync;

  constructor(database: Database) {
    this.#append = database.prepare(
      `INSERT INTO audit (room_id, meeting_id, at, by_whom, action, to_whom, details) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  append(e: AuditEntry): void {
    this.#append.run(
      e.roomId,
      e.meetingId,
      e.at,
      orNull(e.by),
      e.action,
      orNull(e.to),
      JSON.stringify(e.details),
    );
  }
}
