import type { PartInfo, RecorderEvent, Storage } from '@parley/protocol/recorder';
import type { Logger } from '../observability/logger.ts';
import { SerialQueue } from '../util/SerialQueue.ts';
import { Patience } from './Patience.ts';
import { RecorderProcess, type RecorderProgram } from './RecorderProcess.ts';

const STOP_MS = 5000;

/** What became of a recording. */
export interface Finished {
  parts: PartInfo[];
  thumbnail: string | null;
  sidecar: string | null;
  /** What went wrong, for people; nothing when it was well. */
  problem?: string;
}

interface FinisherOptions {
  recorder: RecorderProgram;
  storage: Storage;
  logger: Logger;
  /** How long it may say nothing, ms. */
  patience: number;
}

/** Makes files of what crashes have left, one recording at a time. */
export class Finisher {
  readonly #options: FinisherOptions;
  readonly #queue = new SerialQueue();
  #current: RecorderProcess | undefined;
  #closed = false;

  constructor(options: FinisherOptions) {
    this.#options = options;
  }

  /** Never rejects: what cannot be finished now is told as a problem, and is still there. Undefined when it was stopped. */
  finish(recordingId: string): Promise<Finished | undefined> {
    return this.#queue.run(() => (this.#closed ? undefined : this.#finish(recordingId)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#current?.disconnect();
    await this.#queue.run(() => undefined);
  }

  async #finish(recordingId: string): Promise<Finished | undefined> {
    const { recorder, storage, logger, patience: ms } = this.#options;
    const patience = new Patience(ms, () => {
      logger.error({ recordingId, pid: child.pid }, 'a recorder hangs and is killed');
      child.kill();
    });
    const { promise, resolve } = Promise.withResolvers<Finished | undefined>();
    const child: RecorderProcess = new RecorderProcess(recorder, {
      handleEvent: (event) => {
        patience.sign();
        const finished = resultIn(event, recordingId);
        if (finished) resolve(finished);
      },
      handleExit: (how) => resolve(this.#closed ? undefined : nothing(`The recorder died: ${how}.`)),
    });
    this.#current = child;
    logger.info({ recordingId, pid: child.pid }, 'finishing what a crash has left');
    child.send({ type: 'finishRecording', recordingId, storage });
    patience.renew();
    const finished = await promise;
    patience.stop();
    if (!this.#closed) await child.stop(STOP_MS);
    this.#current = undefined;
    return finished;
  }
}

const nothing = (problem: string): Finished => ({ parts: [], thumbnail: null, sidecar: null, problem });

function resultIn(event: RecorderEvent, recordingId: string): Finished | undefined {
  if (event.type === 'failed') return nothing(event.message);
  if (!('recordingId' in event) || event.recordingId !== recordingId) return undefined;
  if (event.type === 'recordingFinished') {
    const { parts, thumbnail, sidecar } = event;
    return { parts, thumbnail, sidecar };
  }
  if (event.type === 'recordingFailed')
    return { parts: event.parts, thumbnail: null, sidecar: null, problem: event.message };
  return undefined;
}
