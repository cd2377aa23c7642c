import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from './Database.ts';
import { MIGRATIONS } from './migrations.ts';
import { SqliteStore } from './SqliteStore.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-migration-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Migrates; gives how many statements that took. Each has a copy of what was on disk after it. */
async function migrate(dataDir: string, copies: string): Promise<number> {
  const fixture = join(import.meta.dirname, 'dyingMigration.fixture.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [fixture, dataDir, copies]);
  return Number(stdout);
}

const schemaOf = (dataDir: string): unknown[] => {
  const database = new DatabaseSync(join(dataDir, 'parley.db'), { readOnly: true });
  try {
    return [
      ...database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all(),
      ...database.prepare('SELECT version, name FROM migrations ORDER BY version').all(),
    ];
  } finally {
    database.close();
  }
};

const rooms = (dataDir: string): string[] => {
  const store = SqliteStore.open(dataDir);
  const names = store.rooms.load().map(({ name }) => name);
  store.close();
  return names;
};

it(
  'is up to date after a kill -9 at any statement of the migration, with everything that was in it',
  { timeout: 180_000 },
  async () => {
    const [fresh, old] = ['fresh', 'old'].map((name) => join(folder, name)) as [string, string];
    SqliteStore.open(fresh).close();
    Database.open(old, MIGRATIONS.slice(0, 1)).close();
    const database = new DatabaseSync(join(old, 'parley.db'));
    database.exec(`INSERT INTO rooms (room_id, name, settings, created_at) VALUES ('RM_1', 'kept', '{}', 1)`);
    database.close();

    const copies = join(folder, 'killed');
    const statements = await migrate(old, copies);
    for (let at = 0; at < statements; at++) {
      const dataDir = join(copies, String(at));
      expect([rooms(dataDir), schemaOf(dataDir)], `killed after statement ${at}`).toEqual([
        ['kept'],
        schemaOf(fresh),
      ]);
    }
    const made = MIGRATIONS.slice(1).flatMap(({ sql }) => sql.match(/CREATE|ALTER/g) ?? []);
    expect(statements).toBeGreaterThan(made.length);
  },
);
