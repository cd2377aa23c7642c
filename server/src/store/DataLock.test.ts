import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DataLock } from './DataLock.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-lock-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('one server holds a data folder at a time', () => {
  const lock = DataLock.take(dataDir, 0);
  expect(() => DataLock.take(dataDir, 0)).toThrow(/Another Parley uses the data folder.*PARLEY_DATA_DIR/s);
  lock.release();
  lock.release();
  DataLock.take(dataDir, 0).release();
});

test('a server that is killed holds it no longer', async () => {
  const script = `const { DataLock } = await import(${JSON.stringify(join(import.meta.dirname, 'DataLock.ts'))});
    DataLock.take(${JSON.stringify(dataDir)}); process.stdout.write('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  expect(() => DataLock.take(dataDir, 0)).toThrow(/Another Parley/);
  child.kill('SIGKILL');
  await once(child, 'close');
  DataLock.take(dataDir, 0).release();
});
