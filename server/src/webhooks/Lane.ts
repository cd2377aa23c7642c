import type { Logger } from '../observability/logger.ts';
import { MAX_DELAY_MS } from './backoff.ts';
import type { Attempt, LaneKey, PendingDelivery, WebhookOutbox } from './ports.ts';

/** How long until the database is asked again after it failed, in ms. */
const STORE_RETRY_MS = 10_000;

export interface LaneOptions {
  outbox: WebhookOutbox;
  logger: Logger;
  /** Gives undefined when the webhook is gone or switched off. */
  attempt(delivery: PendingDelivery): Promise<Attempt | undefined>;
  /** Milliseconds to wait after this many attempts. */
  retryDelay(attempts: number): number;
  /** Milliseconds after which an event is given up. */
  giveUpAfter: number;
  /** So many events were too old. */
  givenUp(count: number): void;
  /** There is nothing left to do. */
  finished(): void;
}

/** Delivers what waits in one room for one webhook: in order, one at a time, each until it arrived or is too old. */
export class Lane {
  readonly #key: LaneKey;
  readonly #options: LaneOptions;
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<void> = Promise.resolve();
  #busy = false;
  #closed = false;

  constructor(key: LaneKey, options: LaneOptions) {
    this.#key = key;
    this.#options = options;
  }

  /** There is something to do, or what waited need wait no longer. */
  wake(): void {
    if (this.#closed || this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    this.#run = this.#deliver();
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#run;
  }

  async #deliver(): Promise<void> {
    // Who wakes a lane is in the middle of something else.
    await Promise.resolve();
    try {
      await this.#deliverAll();
    } catch (err) {
      this.#options.logger.error({ err, ...this.#key }, 'webhook deliveries are held up');
      this.#sleep(STORE_RETRY_MS);
    } finally {
      this.#busy = false;
    }
  }

  async #deliverAll(): Promise<void> {
    const { outbox, attempt, finished } = this.#options;
    while (!this.#closed) {
      const next = outbox.findNext(this.#key);
      const wait = next ? next.nextAttemptAt - Date.now() : 0;
      // A clock that was set back does not make anything wait longer than it ever should.
      if (wait > 0 && wait <= MAX_DELAY_MS) return this.#sleep(wait);
      const outcome = next && (await attempt(next));
      if (!next || !outcome) return finished();
      this.#settle(next, outcome);
    }
  }

  #settle(delivery: PendingDelivery, outcome: Attempt): void {
    const { outbox, retryDelay, giveUpAfter } = this.#options;
    if (outcome.error === null) {
      outbox.succeed(delivery, outcome);
      return;
    }
    const now = Date.now();
    const nextAttemptAt = now + retryDelay(delivery.attempts + 1);
    const count = outbox.fail(delivery, outcome, { nextAttemptAt, giveUpBefore: now - giveUpAfter });
    if (count > 0) this.#options.givenUp(count);
  }

  #sleep(ms: number): void {
    if (!this.#closed) this.#timer = setTimeout(() => this.wake(), ms).unref();
  }
}
