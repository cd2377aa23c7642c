// The worker from its C++ sources in mediasoup's npm package. Everything happens in the cache, on a copy of the sources, so that
// an interrupted build goes on where it was, whatever has become of the checkout that began it.
import { copyFileSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { SetupError } from '../SetupError.mjs';
import { inRoot } from '../paths.mjs';
import { readNinjaProgress } from '../progress.mjs';
import { capture, describeOutcome, runLogged } from '../run.mjs';
import { ensureBuildTools } from './buildTools.mjs';
import { buildSrtp, isSrtpBuilt } from './srtpSource.mjs';

/** @typedef {import('../progress.mjs').Progress} Progress */

// What one compiler process was seen to take at most, with some room: more jobs than memory make the machine swap.
const MEMORY_PER_JOB = 700 * 1024 * 1024;

/**
 * @param {number} cpus
 * @param {number} freeBytes
 */
export const jobsFor = (cpus, freeBytes) =>
  Math.max(1, Math.min(cpus, Math.floor(freeBytes / MEMORY_PER_JOB)));

/**
 * A copy, whole or not at all. Kept over runs, as its time stamps tell ninja what is built already.
 *
 * @param {string} from
 * @param {string} to
 */
function copyOnce(from, to) {
  if (existsSync(to)) return;
  const temporary = `${to}.part`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, temporary, { recursive: true });
  renameSync(temporary, to);
}

/** Homebrew keeps OpenSSL away from pkg-config's usual places. */
function buildEnvironment() {
  if (process.platform !== 'darwin') return process.env;
  const openssl = capture('brew', ['--prefix', 'openssl@3']);
  const path = [openssl && join(openssl, 'lib/pkgconfig'), process.env['PKG_CONFIG_PATH']]
    .filter(Boolean)
    .join(':');
  return { ...process.env, PKG_CONFIG_PATH: path };
}

/**
 * Builds into `target`.
 *
 * @param {{ paths: { build: string, log: string }, target: string, progress: Progress }} options
 * @throws {SetupError} when something is missing or the compiler fails
 */
export async function buildWorker({ paths: { build, log }, target, progress }) {
  const onDetail = (/** @type {string} */ detail) => progress.detail(detail);
  await ensureBuildTools({ log, onDetail });
  copyOnce(inRoot('node_modules/mediasoup/worker'), join(build, 'worker'));
  copyOnce(inRoot('deploy/native'), join(build, 'native'));
  const prefix = join(build, 'srtp');
  const fault = await buildSrtp({ folder: join(build, 'srtp-source'), prefix, log, onDetail });
  if (fault) progress.note(`using the system's libsrtp as it is (building it on OpenSSL: ${fault})`);
  await configure({ build, prefix, log, onDetail });
  await compile({ build, log, progress });
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(build, 'tree', 'mediasoup-worker'), target);
}

/** @param {{ build: string, prefix: string, log: string, onDetail: (detail: string) => void }} options */
async function configure({ build, prefix, log, onDetail }) {
  onDetail('configuring');
  const command = ['cmake', '-G', 'Ninja', '-S', join(build, 'native'), '-B', join(build, 'tree')];
  const settings = [
    `-DWORKER_SOURCE=${join(build, 'worker')}`,
    `-DSRTP_PREFIX=${isSrtpBuilt(prefix) ? prefix : ''}`,
  ];
  const outcome = await runLogged([...command, ...settings], { log, env: buildEnvironment() });
  if (outcome.code === 0) return;
  throw new SetupError(`cmake: ${describeOutcome(outcome)}`, { log });
}

/** @param {{ build: string, log: string, progress: Progress }} options */
async function compile({ build, log, progress }) {
  progress.detail('compiling, some minutes the first time');
  const jobs = jobsFor(availableParallelism(), freemem());
  const onLine = (/** @type {string} */ line) => {
    const fraction = readNinjaProgress(line);
    if (fraction !== undefined) progress.fraction(fraction);
  };
  const outcome = await runLogged(['ninja', '-j', String(jobs), '-C', join(build, 'tree')], { log, onLine });
  if (outcome.code === 0) return;
  throw new SetupError(`ninja: ${describeOutcome(outcome)}`, { log });
}
