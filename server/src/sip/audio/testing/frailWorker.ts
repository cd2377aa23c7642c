/** A worker of the engine that dies when a leg of this name is opened. */
import { parentPort } from 'node:worker_threads';
import '../worker/main.ts';
import type { ToWorker } from '../worker/contract.ts';

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'openLeg' && message.legId === 'deadly') throw new Error('This leg was too much.');
});
