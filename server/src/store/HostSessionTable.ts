import type { StatementSync } from 'node:sqlite';
import type { HostSessionRecord, HostSessionStore } from '../signin/ports.ts';
import type { Database } from './Database.ts';

export class HostSessionTable implements HostSessionStore {
  readonly #add: StatementSync;
  readonly #find: StatementSync;
  readonly #see: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteOutdated: StatementSync;

  constructor(database: Database) {
    this.#add = database.prepare(
      `INSERT INTO host_sessions
         (secret_hash, identity, display_name, email, admin, way, policy, id_token, created_at, seen_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#find = database.prepare('SELECT * FROM host_sessions WHERE secret_hash = ?');
    this.#see = database.prepare('UPDATE host_sessions SET seen_at = ? WHERE secret_hash = ?');
    this.#delete = database.prepare('DELETE FROM host_sessions WHERE secret_hash = ?');
    this.#deleteOutdated = database.prepare(
      'DELETE FROM host_sessions WHERE expires_at <= ? OR seen_at <= ?',
    );
  }

  add(s: HostSessionRecord): void {
    const who = [s.secretHash, s.identity, s.displayName, s.email, Number(s.isAdmin), s.way];
    this.#add.run(...who, s.policy, s.idToken, s.createdAt, s.seenAt, s.expiresAt);
  }

  find(secretHash: string): HostSessionRecord | undefined {
    const row = this.#find.get(secretHash);
    if (!row) return undefined;
    const { email, id_token: idToken } = row;
    return {
      secretHash,
      identity: String(row['identity']),
      displayName: String(row['display_name']),
      email: typeof email === 'string' ? email : null,
      isAdmin: Number(row['admin']) === 1,
      way: row['way'] === 'oidc' ? 'oidc' : 'link',
      policy: String(row['policy']),
      idToken: typeof idToken === 'string' ? idToken : null,
      createdAt: Number(row['created_at']),
      seenAt: Number(row['seen_at']),
      expiresAt: Number(row['expires_at']),
    };
  }

  see(secretHash: string, at: number): void {
    this.#see.run(at, secretHash);
  }

  delete(secretHash: string): void {
    this.#delete.run(secretHash);
  }

  deleteOutdated({ now, seenAfter }: { now: number; seenAfter: number }): void {
    this.#deleteOutdated.run(now, seenAfter);
  }
}
