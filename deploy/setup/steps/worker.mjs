// The media worker: named by the person, kept from before, downloaded, or built, in this order.
import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SetupError } from '../SetupError.mjs';
import { withLock } from '../lock.mjs';
import { writeStamp } from '../stamp.mjs';
import { buildWorker } from '../worker/buildWorker.mjs';
import { fetchPrebuilt } from '../worker/prebuilt.mjs';
import { findDeepFault, findFault } from '../worker/verifyWorker.mjs';
import { mediasoupVersion, workerPaths } from '../worker/workerKey.mjs';

/** @typedef {import('../progress.mjs').Progress} Progress */
/** @typedef {import('../SetupError.mjs').Attempt} Attempt */
/** @typedef {ReturnType<typeof workerPaths>} Paths */

const VARIABLE = 'MEDIASOUP_WORKER_BIN';

/**
 * The worker to run, wherever it comes from.
 *
 * @returns {string}
 */
export function workerBinary() {
  const named = process.env[VARIABLE];
  return named ? resolve(named) : workerPaths().binary;
}

/** @type {import('../runSteps.mjs').Step} */
export const workerStep = {
  name: 'Media worker',
  isDone: () => findFault(workerBinary()) === undefined,
  run: async (progress) => {
    if (process.env[VARIABLE]) throw refuseNamed(workerBinary());
    const paths = workerPaths();
    const onWait = (/** @type {{ pid: number }} */ { pid }) =>
      progress.detail(`waiting for another set-up, process ${pid}`);
    return withLock(paths.lock, { onWait }, () => obtain(paths, progress));
  },
};

/** @param {string} binary */
function refuseNamed(binary) {
  return new SetupError(`${VARIABLE} names a worker that cannot be used`, {
    attempts: [{ way: binary, outcome: findFault(binary) ?? 'unknown' }],
    advice: [`Correct ${VARIABLE}, or unset it: then a worker is downloaded or built.`],
  });
}

/**
 * @param {Paths} paths
 * @param {Progress} progress
 */
async function obtain(paths, progress) {
  if (!findFault(paths.binary)) return 'found in the cache';
  /** @type {Attempt[]} */
  const attempts = [{ way: 'the cache', outcome: findFault(paths.binary) ?? 'none' }];
  for (const [way, get] of ways(paths, progress)) {
    // Beside its place, so that the last move is one rename within a file system.
    const target = `${paths.binary}.${process.pid}.new`;
    try {
      const fault = (await get(target)) ?? findDeepFault(target);
      if (!fault) return accept(paths, target, way);
      attempts.push({ way, outcome: fault });
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      throw new SetupError('no usable worker', {
        attempts: [...attempts, { way, outcome: error.message }],
        advice: adviceFor(error),
        log: paths.log,
      });
    } finally {
      rmSync(target, { force: true });
    }
  }
  throw new SetupError('no usable worker', { attempts, advice: [useOwn], log: paths.log });
}

const useOwn = `If you have a worker for this version from elsewhere, name it in ${VARIABLE}.`;

/** @param {SetupError} error */
const adviceFor = (error) => [
  ...error.advice,
  'Then run the same command again; what was built already is kept.',
  useOwn,
];

/**
 * @param {Paths} paths
 * @param {Progress} progress
 * @returns {[string, (target: string) => Promise<string | undefined | void>][]}
 */
function ways(paths, progress) {
  const download = (/** @type {string} */ target) => {
    progress.detail('asking for the prebuilt one');
    return fetchPrebuilt({ version: mediasoupVersion(), target });
  };
  /** @type {ReturnType<typeof ways>} */
  const all = [
    ['mediasoup’s prebuilt worker', download],
    ['building it from mediasoup’s sources', (target) => buildWorker({ paths, target, progress })],
  ];
  return process.env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD'] ? all.slice(1) : all;
}

/**
 * @param {Paths} paths
 * @param {string} target
 * @param {string} way
 */
function accept(paths, target, way) {
  mkdirSync(dirname(paths.binary), { recursive: true });
  chmodSync(target, 0o755);
  renameSync(target, paths.binary);
  writeStamp(paths.origin, way);
  rmSync(paths.build, { recursive: true, force: true });
  return way;
}
