// Running other programs: noisy ones into a log file, with their last lines at hand when they fail.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, appendFileSync, constants, createWriteStream, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null, tail: string[] }} Outcome */

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set();
const TAIL_LINES = 40;

/** Ends what this process started, and nothing else. */
export function stopChildren() {
  for (const child of children) child.kill('SIGTERM');
}

/**
 * Runs a program to its end. Both of its outputs go to the log, line by line.
 *
 * @param {string[]} command
 * @param {{ log: string, cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} options
 * @returns {Promise<Outcome>} code is null when it could not be started or was ended by a signal
 */
export async function runLogged([program = '', ...args], { log, cwd, env = process.env, onLine }) {
  mkdirSync(dirname(log), { recursive: true });
  appendFileSync(log, `\n$ ${[program, ...args].join(' ')}\n`);
  const file = createWriteStream(log, { flags: 'a' });
  /** @type {string[]} */
  const tail = [];
  const take = (/** @type {string} */ line) => {
    file.write(`${line}\n`);
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    onLine?.(line);
  };
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  createInterface({ input: child.stdout }).on('line', take);
  createInterface({ input: child.stderr }).on('line', take);
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, tail: [error.message] }));
    child.once('close', (code, signal) => resolve({ code, signal, tail }));
  });
  children.delete(child);
  await new Promise((resolve) => file.end(resolve));
  return outcome;
}

/**
 * @param {Outcome} outcome
 * @returns {string} one line that says how it ended
 */
export function describeOutcome({ code, signal, tail }) {
  const last = tail.filter((line) => line.trim() !== '').at(-1) ?? 'it said nothing';
  if (signal) return `ended by ${signal}`;
  return code === null ? last : `exit code ${code} (${last.trim()})`;
}

/**
 * Runs a program with this one's input and output, passing on the signals that a supervisor sends.
 *
 * @param {string[]} command
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<number>} its exit code; 128 + number for a signal, as shells have it
 */
export async function runAttached([program = '', ...args], { env = process.env, cwd } = {}) {
  const child = spawn(program, args, { stdio: 'inherit', env, cwd });
  // A terminal sends its interrupt to both processes; passing it on again would look like an impatient second one.
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, forward);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal ?? ''] ?? 0)));
    });
  } finally {
    for (const signal of signals) process.off(signal, forward);
  }
}

/** @type {Record<string, number>} */
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {string | undefined} what it printed, when it ended well
 */
export function capture(program, args) {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * @param {string} program
 * @returns {string | undefined} its full path
 */
export function findProgram(program) {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}

/** The search path without the project's own programs: npm must not run on a Node that it is about to replace. */
export function outerPath(path = process.env['PATH'] ?? '') {
  const own = join('node_modules', '.bin');
  return path
    .split(delimiter)
    .filter((folder) => !folder.endsWith(own))
    .join(delimiter);
}
