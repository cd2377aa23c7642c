import type { SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Role } from '@parley/protocol';
import type { Database } from './Database.ts';

interface Holder {
  identity: string;
  displayName: string;
  role: Role;
  label: string;
  createdBy: { identity: string; displayName: string };
}
interface Pin {
  pinId: string;
  roomId: string;
  mark: string;
  length: number;
  sealed: string | null;
  holder: Holder | null;
  createdAt: number;
  expiresAt: number | null;
}

/** PINs by which phones come into rooms. They go with their room. */
export class PinTable {
  readonly #database: Database;
  readonly #add: StatementSync;
  readonly #deleteOfRoom: StatementSync;
  readonly #find: StatementSync;
  readonly #ofRoom: StatementSync;
  readonly #delete: StatementSync;
  readonly #lengths: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#add = database.prepare(
      `INSERT INTO pins (pin_id, room_id, mark, length, sealed, holder, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mark) DO NOTHING`,
    );
    this.#deleteOfRoom = database.prepare('DELETE FROM pins WHERE room_id = ? AND holder IS NULL');
    this.#find = database.prepare(
      'SELECT pins.*, rooms.name AS room FROM pins JOIN rooms USING (room_id) WHERE mark = ?',
    );
    this.#ofRoom = database.prepare('SELECT * FROM pins WHERE room_id = ? ORDER BY created_at, pin_id');
    this.#delete = database.prepare('DELETE FROM pins WHERE pin_id = ?');
    this.#lengths = database.prepare('SELECT DISTINCT length FROM pins ORDER BY length');
  }

  /** Gives false, and writes nothing, where another PIN has these digits. */
  add(pin: Pin): boolean {
    const { pinId, roomId, mark, length, sealed, holder, createdAt, expiresAt } = pin;
    if (this.find(mark)) return false;
    return this.#database.transaction(() => {
      if (holder === null) this.#deleteOfRoom.run(roomId);
      const value = holder && JSON.stringify(holder);
      this.#add.run(pinId, roomId, mark, length, sealed, value, createdAt, expiresAt);
      return true;
    });
  }

  find(mark: string): (Pin & { room: string }) | undefined {
    const row = this.#find.get(mark);
    return row && { ...pinOf(row), room: String(row['room']) };
  }

  ofRoom(roomId: string): Pin[] {
    return this.#ofRoom.all(roomId).map(pinOf);
  }

  delete(pinId: string): void {
    this.#delete.run(pinId);
  }

  lengths(): number[] {
    return this.#lengths.all().map((row) => Number(row['length']));
  }
}

const pinOf = (row: Record<string, SQLOutputValue>): Pin => ({
  pinId: String(row['pin_id']),
  roomId: String(row['room_id']),
  mark: String(row['mark']),
  length: Number(row['length']),
  sealed: typeof row['sealed'] === 'string' ? row['sealed'] : null,
  holder: typeof row['holder'] === 'string' ? (JSON.parse(row['holder']) as Holder) : null,
  createdAt: Number(row['created_at']),
  expiresAt: typeof row['expires_at'] === 'number' ? row['expires_at'] : null,
});
