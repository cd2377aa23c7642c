import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../observability/logger.ts';

/** Pauses before it is tried again, ms; afterwards it waits for the next sweep or start. */
const RETRY_MS = [1000, 5000, 30_000, 120_000, 600_000];

interface CopyCleanerOptions {
  /** Rejects when something is left. */
  remove(recordingId: string, signal: AbortSignal): Promise<void>;
  /** Nothing is left: nobody needs to remember it. */
  removed(recordingId: string): void;
  logger: Logger;
  retryMs?: readonly number[];
}

/** Deletes in the background what somebody waits for no more, patiently: a store may be away for a while. */
export class CopyCleaner {
  readonly #options: CopyCleanerOptions;
  readonly #going = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: CopyCleanerOptions) {
    this.#options = options;
  }

  /** Never rejects. One that goes on already is not begun again. */
  clean(recordingId: string): Promise<void> {
    let going = this.#going.get(recordingId);
    if (!going && !this.#closing.signal.aborted) {
      going = this.#clean(recordingId).finally(() => this.#going.delete(recordingId));
      this.#going.set(recordingId, going);
    }
    return going ?? Promise.resolve();
  }

  /** What is not done by now is done after the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#going.values());
  }

  async #clean(recordingId: string): Promise<void> {
    const { remove, removed, logger, retryMs = RETRY_MS } = this.#options;
    const { signal } = this.#closing;
    for (const pause of [...retryMs, null]) {
      try {
        await remove(recordingId, signal);
        if (!signal.aborted) removed(recordingId);
        return;
      } catch (err) {
        if (signal.aborted) return;
        logger.warn({ err, recordingId, pause }, 'the copy of a deleted recording is still in the bucket');
      }
      if (pause === null) return;
      await delay(pause, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }
}
