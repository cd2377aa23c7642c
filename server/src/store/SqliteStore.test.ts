import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { defaultSettings } from '../room/defaultSettings.ts';
import type { RoomRecord } from '../room/ports.ts';
import { SqliteStore } from './SqliteStore.ts';
import { MIGRATIONS } from './migrations.ts';

let dataDir: string;
const file = (): string => join(dataDir, 'parley.db');
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-store-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function withStore<T>(use: (store: SqliteStore) => T, migrations = MIGRATIONS): T {
  const store = SqliteStore.open(dataDir, migrations);
  try {
    return use(store);
  } finally {
    store.close();
    store.close();
  }
}
const room = (name: string, more: Partial<RoomRecord> = {}): RoomRecord => ({
  roomId: `RM_${name}`,
  name,
  settings: { ...defaultSettings(loadConfig({}).rooms), title: 'Ünï "x"', maxParticipants: 5 },
  passwordHash: null,
  kept: true,
  ownedBy: null,
  createdAt: 1000,
  ...more,
});

test('rooms are kept, changed and deleted', () => {
  const [a, b] = [room('a'), room('b', { createdAt: 500 })];
  withStore((store) => {
    expect(store.rooms.load()).toEqual([]);
    store.rooms.save(a);
    store.rooms.save(b);
  });
  const changed = room('a', { settings: { ...a.settings, title: 'New' } });
  withStore((store) => {
    expect(store.rooms.load()).toEqual([b, a]);
    store.rooms.save(changed);
    store.rooms.delete('RM_b');
    store.rooms.delete('RM_unknown');
  });
  expect(withStore((store) => store.rooms.load())).toEqual([changed]);
  expect((statSync(file()).mode & 0o777).toString(8)).toBe('600');
});

test('two rooms of one name are not kept', () => {
  withStore((store) => {
    store.rooms.save(room('a'));
    expect(() => store.rooms.save(room('a', { roomId: 'RM_other' }))).toThrow(/UNIQUE/);
    expect(store.rooms.load()).toEqual([room('a')]);
  });
});

test('a process killed while it writes loses nothing that it acknowledged', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.fixture.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    if (output.length > 2000) child.kill('SIGKILL');
  });
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
  const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n');
  expect(acknowledged.length).toBeGreaterThan(100);
  const kept = withStore((store) => store.rooms.load().map(({ roomId }) => roomId));
  expect(kept.slice(0, acknowledged.length)).toEqual(acknowledged);
});

test('a step that fails leaves nothing behind, and the next start goes on from there', () => {
  const broken = {
    name: 'broken',
    sql: 'CREATE TABLE extra (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);',
  };
  withStore((store) => store.rooms.save(room('a')));
  expect(() => withStore(() => undefined, [...MIGRATIONS, broken])).toThrow(/nowhere.*Nothing was changed/s);
  const mended = { name: 'mended', sql: 'CREATE TABLE extra (x TEXT) STRICT;' };
  expect(withStore((store) => store.rooms.load(), [...MIGRATIONS, mended])).toEqual([room('a')]);
});

test('a database of a newer Parley is refused', () => {
  withStore(
    () => undefined,
    [...MIGRATIONS, { name: 'future', sql: 'CREATE TABLE future (x TEXT) STRICT;' }],
  );
  expect(() => withStore(() => undefined)).toThrow(/a newer one wrote/);
});

test.each([
  ['that is none', (): string => 'these are notes, and no database at all'.repeat(100)],
  ['that is overwritten', (): Buffer => damaged(1)],
  // Only the check of the whole file finds this one: nothing that is read at start is there.
  ['with one bad page', (): Buffer => damaged(-1)],
])('a file %s is refused in words and not touched', (_name, content) => {
  withStore((store) => {
    for (let number = 0; number < 200; number += 1) store.rooms.save(room(`room-${number}`));
  });
  writeFileSync(file(), content());
  const before = readFileSync(file());
  expect(() => withStore(() => undefined)).toThrow(/cannot be used.*Nothing was changed or deleted.*backup/s);
  expect(readFileSync(file()).equals(before)).toBe(true);
});

/** The file with its pages from this one on spoilt; counted from the end when negative. */
function damaged(firstPage: number): Buffer {
  const bytes = readFileSync(file());
  return bytes.fill(0xff, firstPage > 0 ? firstPage * 4096 : bytes.length + firstPage * 4096);
}

test('settings that cannot be understood are named', () => {
  withStore((store) => store.rooms.save(room('a')));
  const spoil = { name: 'spoil', sql: `UPDATE rooms SET settings = '{"locked":1}'` };
  expect(() => withStore((store) => store.rooms.load(), [...MIGRATIONS, spoil])).toThrow(
    /room a .*not valid/,
  );
});
