import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { PartInfo, RecorderEvent, Storage } from '@parley/protocol/recorder';
import type { Logger } from '../observability/logger.ts';
import { SerialQueue } from '../util/SerialQueue.ts';
import { Patience } from './Patience.ts';
import { RecorderProcess, type RecorderProgram } from './RecorderProcess.ts';

const STOP_MS = 5000;
/** Pauses before what could not be done is tried again, ms; afterwards it is left to the next start of the server. */
const RETRY_MS = [1000, 3000];

/** What became of a recording. */
export interface Finished {
  parts: PartInfo[];
  thumbnail: string | null;
  sidecar: string | null;
  /** Why its files are not all in the bucket; null where they are, absent where nobody knows. */
  notCopied?: string | null;
  /** What went wrong, for people; nothing when it was well. */
  problem?: string;
  /** Who should have finished it could not: its files lie there as they were, and can be finished another time. */
  isUndone?: boolean;
}

interface FinisherOptions {
  recorder: RecorderProgram;
  storage: Storage;
  logger: Logger;
  /** How long it may say nothing, ms. */
  patience: number;
}

/** One that is being finished. */
interface Work {
  recordingId: string;
  child: RecorderProcess;
  isDropped: boolean;
}

/** Makes files of what crashes have left, one recording at a time. */
export class Finisher {
  readonly #options: FinisherOptions;
  readonly #queue = new SerialQueue();
  #current: Work | undefined;
  readonly #closing = new AbortController();

  constructor(options: FinisherOptions) {
    this.#options = options;
  }

  /** Never rejects: what cannot be finished now is told as a problem, and is still there. Undefined when it was stopped. */
  finish(recordingId: string): Promise<Finished | undefined> {
    return this.#queue.run(() => this.#finishPatiently(recordingId));
  }

  /** Nobody wants it any more: who works at it is killed at once. */
  drop(recordingId: string): void {
    if (this.#current?.recordingId !== recordingId) return;
    this.#current.isDropped = true;
    this.#current.child.kill();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const child = this.#current?.child;
    child?.disconnect();
    const late = setTimeout(() => child?.kill(), STOP_MS);
    await this.#queue.run(() => undefined);
    clearTimeout(late);
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  async #finishPatiently(recordingId: string): Promise<Finished | undefined> {
    const { signal } = this.#closing;
    for (const pause of RETRY_MS) {
      if (this.#closed) return undefined;
      const finished = await this.#finish(recordingId);
      if (!finished?.isUndone) return finished;
      this.#options.logger.warn({ recordingId, why: finished.problem }, 'it is tried again to finish it');
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
    return this.#closed ? undefined : this.#finish(recordingId);
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
        else if (event.type === 'failed') resolve(this.#undone(recordingId, event.message));
      },
      handleExit: (how) =>
        resolve(
          this.#closed || work.isDropped
            ? undefined
            : this.#undone(recordingId, `The recorder died: ${how}.`),
        ),
    });
    const work: Work = { recordingId, child, isDropped: false };
    this.#current = work;
    logger.info({ recordingId, pid: child.pid }, 'finishing what a crash has left');
    child.send({ type: 'finishRecording', recordingId, storage });
    patience.renew();
    const finished = await promise;
    patience.stop();
    if (!this.#closed) await child.stop(STOP_MS);
    this.#current = undefined;
    return finished;
  }

  /** Where no recorder has made its folder yet, there is nothing to finish another time. */
  #undone(recordingId: string, problem: string): Finished {
    const isUndone = existsSync(join(this.#options.storage.folder, recordingId));
    return { parts: [], thumbnail: null, sidecar: null, problem, isUndone };
  }
}

function resultIn(event: RecorderEvent, recordingId: string): Finished | undefined {
  if (!('recordingId' in event) || event.recordingId !== recordingId) return undefined;
  if (event.type === 'recordingFinished') {
    const { parts, thumbnail, sidecar, notCopied = null } = event;
    return { parts, thumbnail, sidecar, notCopied };
  }
  if (event.type !== 'recordingFailed') return undefined;
  const { parts, message: problem, notCopied } = event;
  return { parts, thumbnail: null, sidecar: null, problem, ...(notCopied !== undefined && { notCopied }) };
}
