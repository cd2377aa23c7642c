/** A worker thread of the engine. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadOpus } from '../codecs/opus/loadOpus.ts';
import { SoundWorker } from './SoundWorker.ts';
import type { FromWorker, WorkerSettings } from './contract.ts';

if (!parentPort) throw new Error('This is for a worker thread.');
const settings = workerData as WorkerSettings;
const opus = await loadOpus();
const worker = new SoundWorker(parentPort, { settings, opus });
parentPort.postMessage({ kind: 'ready', opus: opus.name } satisfies FromWorker);
await worker.preload();
