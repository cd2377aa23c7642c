import type { Logger } from '../observability/logger.ts';
import type { WebhookOutbox } from './ports.ts';

/** Deliveries that are forgotten at once: deleting holds up the whole process. */
const BATCH = 1000;
const BETWEEN_BATCHES_MS = 1000;
const BETWEEN_LOOKS_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Deliveries that are kept at most, whatever their age. */
const MAX_DELIVERIES = 1_000_000;

/** Forgets deliveries that were over long ago. */
export class LogKeeper {
  readonly #outbox: Pick<WebhookOutbox, 'prune'>;
  readonly #options: { days: number; logger: Logger };
  #timer: NodeJS.Timeout | undefined;

  constructor(outbox: Pick<WebhookOutbox, 'prune'>, options: { days: number; logger: Logger }) {
    this.#outbox = outbox;
    this.#options = options;
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const { days, logger } = this.#options;
    let isMore = false;
    try {
      isMore =
        this.#outbox.prune({ before: Date.now() - days * DAY_MS, keep: MAX_DELIVERIES }, BATCH) >= BATCH;
    } catch (err) {
      logger.error({ err }, 'old webhook deliveries could not be deleted');
    }
    const wait = isMore ? BETWEEN_BATCHES_MS : BETWEEN_LOOKS_MS;
    this.#timer = setTimeout(() => this.#look(), wait).unref();
  }
}
