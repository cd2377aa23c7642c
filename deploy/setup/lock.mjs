// One set-up at a time per thing: a lock file that names its holder, so that a lock left by a killed process is seen as such.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** @typedef {{ pid: number, host: string, started: string | null }} Holder */

/**
 * When a process started, in clock ticks since boot; tells it from a later one with the same number. Linux only.
 *
 * @param {number} pid
 * @returns {string | null}
 */
export function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name, in parentheses, may hold spaces; start time is the 20th field after it (proc(5), field 22).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * A holder on another host (a shared home folder) cannot be looked at and counts as alive.
 *
 * @param {Holder | undefined} holder
 */
export function isStale(holder) {
  if (!holder) return true;
  if (holder.host !== hostname()) return false;
  return !isRunning(holder.pid) || (holder.started !== null && startOf(holder.pid) !== holder.started);
}

/**
 * @param {string} file
 * @returns {Holder | undefined} nothing when there is no lock, or none that can be read
 */
export function readHolder(file) {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8'));
    return typeof holder.pid === 'number' ? holder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether the lock is now ours
 */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const me = JSON.stringify({ pid: process.pid, host: hostname(), started: startOf(process.pid) });
  try {
    writeFileSync(file, me, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Moves a stale lock away. By rename: of two processes that find the same stale lock only one succeeds.
 *
 * @param {string} file
 */
function clearStale(file) {
  const away = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, away);
    // NOTE: between the look and the rename another process may have put its own fresh lock here: put it back.
    const moved = readHolder(away);
    if (isStale(moved)) rmSync(away, { force: true });
    else renameSync(away, file);
  } catch {
    // Somebody else was quicker.
  }
}

/**
 * Runs `work` while holding the lock, after waiting for whoever holds it now.
 *
 * @template T
 * @param {string} file
 * @param {{ onWait?: (holder: Holder) => void, pollMs?: number }} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, { onWait, pollMs = 300 }, work) {
  let told = false;
  while (!tryLock(file)) {
    const holder = readHolder(file);
    if (isStale(holder)) {
      // An unreadable lock may be one just being written.
      if (!holder) await wait(50);
      if (isStale(readHolder(file))) clearStale(file);
      continue;
    }
    if (!told && holder) onWait?.(holder);
    told = true;
    await wait(pollMs);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
