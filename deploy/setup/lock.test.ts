import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isStale, readHolder, startOf, tryLock, withLock } from './lock.mjs';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-lock-'));
  file = join(folder, 'deep', 'a.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const me = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
const pollMs = 5;

/** The number of a process that ran and is no more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

describe('isStale', () => {
  it('believes in a holder that runs, and in one it cannot see', () => {
    expect(isStale(me)).toBe(false);
    expect(isStale({ pid: deadPid(), host: 'elsewhere', started: null })).toBe(false);
  });

  it('does not believe in one that has ended, or in a lock without a name', () => {
    expect(isStale({ pid: deadPid(), host: hostname(), started: null })).toBe(true);
    expect(isStale(undefined)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('tells a later process with the same number from the holder', () => {
    expect(isStale({ ...me, started: '1' })).toBe(true);
  });
});

describe('withLock', () => {
  it('names its holder while it works and leaves nothing behind', async () => {
    await withLock(file, {}, async () => expect(readHolder(file)).toEqual(me));
    expect(existsSync(file)).toBe(false);
  });

  it('lets go when the work fails', async () => {
    await expect(withLock(file, {}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  it('lets one at a time work', async () => {
    let working = 0;
    let most = 0;
    let waiting = 0;
    const work = async () => {
      most = Math.max(most, ++working);
      await vi.waitUntil(() => waiting === 4);
      working--;
    };
    const options = { pollMs, onWait: () => void waiting++ };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, options, work)));
    expect(most).toBe(1);
  });

  it('says once whom it waits for', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    tryLock(file);
    writeFileSync(file, JSON.stringify({ pid: child.pid, host: hostname(), started: null }));
    const waited: number[] = [];
    const done = withLock(file, { pollMs, onWait: ({ pid }) => waited.push(pid) }, async () => 'worked');
    // eslint-disable-next-line no-restricted-syntax -- that nothing is said again shows only over ten polls
    await new Promise((resolve) => setTimeout(resolve, 10 * pollMs));
    expect(waited).toEqual([child.pid]);
    child.kill('SIGKILL');
    expect(await done).toBe('worked');
  });

  it.each(['', '{}', 'null', JSON.stringify({ pid: deadPid(), host: hostname(), started: null })])(
    'takes over what a killed process left: %j',
    async (left) => {
      tryLock(file);
      writeFileSync(file, left);
      expect(await withLock(file, { pollMs }, async () => 'worked')).toBe('worked');
    },
  );
});
