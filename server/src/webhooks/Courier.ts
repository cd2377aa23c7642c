import type { Webhook } from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { Semaphore } from '../util/Semaphore.ts';
import { Lane } from './Lane.ts';
import type { Attempt, PendingDelivery, WebhookOutbox } from './ports.ts';
import type { Sender } from './Sender.ts';

/** Requests that are under way to one receiver at once, each for another room. */
const MAX_REQUESTS = 8;

export interface CourierOptions {
  outbox: WebhookOutbox;
  sender: Pick<Sender, 'post'>;
  logger: Logger;
  metrics: Metrics;
  /** Milliseconds to wait after this many attempts. */
  retryDelay(attempts: number): number;
  /** Milliseconds after which an event is given up. */
  giveUpAfter: number;
}

/** Brings one webhook what is meant for it. Each has its own, so that a slow one holds up no other. */
export class Courier {
  readonly #options: CourierOptions;
  readonly #slots = new Semaphore(MAX_REQUESTS);
  readonly #lanes = new Map<string, Lane>();
  readonly #logger: Logger;
  #webhook: Webhook;
  #isFailing = false;
  #closed = false;

  constructor(webhook: Webhook, options: CourierOptions) {
    this.#webhook = webhook;
    this.#options = options;
    this.#logger = options.logger.child({ webhookId: webhook.webhookId, host: new URL(webhook.url).host });
  }

  get webhook(): Webhook {
    return this.#webhook;
  }

  /** Something waits in this room. */
  wake(roomId: string): void {
    if (this.#closed || !this.#webhook.enabled) return;
    const lane = this.#lanes.get(roomId) ?? this.#open(roomId);
    lane.wake();
  }

  /** Goes on with what waits, without further waiting. */
  resume(): void {
    const { webhookId, enabled } = this.#webhook;
    if (!enabled) return;
    this.#options.outbox.hasten(webhookId, Date.now());
    for (const roomId of this.#options.outbox.pendingRooms(webhookId)) this.wake(roomId);
  }

  update(webhook: Webhook): void {
    this.#webhook = webhook;
    this.resume();
  }

  /** Posts something on its own. */
  post(body: string): Promise<Attempt> {
    return this.#options.sender.post(this.#webhook.url, body);
  }

  /** Begins nothing more; resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
    this.#lanes.clear();
  }

  #open(roomId: string): Lane {
    const { outbox, retryDelay, giveUpAfter } = this.#options;
    const lane = new Lane(
      { webhookId: this.#webhook.webhookId, roomId },
      {
        ...{ outbox, retryDelay, giveUpAfter },
        logger: this.#logger,
        attempt: (delivery) => this.#slots.run(() => this.#attempt(delivery)),
        givenUp: (count) => this.#givenUp(count),
        finished: () => this.#lanes.delete(roomId),
      },
    );
    this.#lanes.set(roomId, lane);
    return lane;
  }

  async #attempt(delivery: PendingDelivery): Promise<Attempt | undefined> {
    if (this.#closed || !this.#webhook.enabled) return undefined;
    const attempt = await this.post(delivery.body);
    const failed = attempt.error !== null;
    this.#options.metrics.webhookAttempts.inc({ outcome: failed ? 'failed' : 'delivered' });
    if (failed !== this.#isFailing) {
      this.#isFailing = failed;
      if (failed) this.#logger.warn({ error: attempt.error }, 'webhook cannot be delivered; trying again');
      else this.#logger.info('webhook is delivered again');
    }
    return attempt;
  }

  #givenUp(count: number): void {
    this.#options.metrics.webhooksGivenUp.inc(count);
    this.#logger.warn({ count }, 'webhook deliveries given up');
  }
}
