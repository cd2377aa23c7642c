// The environment in which Parley's own processes run.
import { delimiter } from 'node:path';
import { inRoot } from './paths.mjs';
import { workerBinary } from './steps/worker.mjs';

/** @returns {NodeJS.ProcessEnv} */
export function parleyEnvironment() {
  const path = [inRoot('node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { ...process.env, PATH: path, MEDIASOUP_WORKER_BIN: workerBinary() };
}
