import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from './StoreError.ts';

/** A server that was told to stop may need a moment to let go, ms. */
const PATIENCE_MS = 5000;

/**
 * Holds a data folder for one server: two that write to it would not know of each other's rooms. It is a lock of SQLite on
 * a file of its own, which the system frees when the process ends, however it ends.
 */
export class DataLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Throws StoreError when another server holds it. */
  static take(dataDir: string, patience = PATIENCE_MS): DataLock {
    const database = new DatabaseSync(join(dataDir, 'lock'), { timeout: patience });
    try {
      database.exec('BEGIN EXCLUSIVE');
      return new DataLock(database);
    } catch (cause) {
      database.close();
      throw new StoreError(
        `Another Parley uses the data folder ${dataDir}. Stop it, or give this one a folder of its own with dataDir ` +
          '(PARLEY_DATA_DIR).',
        { cause },
      );
    }
  }

  release(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
