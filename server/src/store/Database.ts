import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { ensurePrivateFolder } from '../auth/privateFile.ts';
import { MIGRATIONS, type Migration } from './migrations.ts';
import { StoreError } from './StoreError.ts';

/**
 * One SQLite file, `parley.db`. Each write is a transaction that is on disk when the call returns: the journal is a WAL with
 * `synchronous = FULL`, and what is deleted is overwritten (https://www.sqlite.org/pragma.html).
 */
export class Database {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Opens or creates the database of a data folder, and brings its schema up to date. Throws StoreError. */
  static open(dataDir: string, migrations: readonly Migration[] = MIGRATIONS): Database {
    const path = join(dataDir, 'parley.db');
    ensurePrivateFolder(dataDir);
    let database: DatabaseSync | undefined;
    try {
      // SQLite would make the file readable by all; its WAL then takes the mode of the file.
      closeSync(openSync(path, 'a', 0o600));
      database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
      checkIntegrity(database);
      migrate(database, migrations);
      return new Database(database);
    } catch (cause) {
      database?.close();
      throw explain(path, cause);
    }
  }

  prepare(sql: string): StatementSync {
    return this.#database.prepare(sql);
  }

  /** Writes all or nothing. May stand within another. */
  transaction<T>(work: () => T): T {
    return inTransaction(this.#database, work);
  }

  /** Writes the journal into the database and empties it: what was deleted stands in neither. */
  checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
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

/** One within another is undone on its own, and is on disk with the outer one. */
function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  const [begin, commit, rollback] = database.isTransaction
    ? ['SAVEPOINT inner', 'RELEASE inner', 'ROLLBACK TO inner; RELEASE inner']
    : ['BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK'];
  database.exec(begin);
  try {
    const result = work();
    database.exec(commit);
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec(rollback);
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
