import { setImmediate } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { RetentionStore } from './ports.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Deleted at a time; meetings go on between two of them. */
const BATCH = 200;

interface RetentionOptions {
  store: RetentionStore;
  days: Config['retention'];
  logger: Logger;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Deletes what the configuration says is old: at start, and each hour. */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> | undefined;
  #closed = false;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.sweep(), HOUR).unref();
    void this.sweep();
  }

  /** Never throws: what could not be deleted now is tried again in an hour. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { store, days, logger } = this.#options;
    try {
      const deleted = {
        messages: await this.#deleteAll(days.messages, (...args) => store.deleteMessages(...args)),
        meetings: await this.#deleteAll(days.meetings, (...args) => store.deleteMeetings(...args)),
        schedules: await this.#deleteAll(days.meetings, (...args) => store.deleteSchedules(...args)),
        audit: await this.#deleteAll(days.audit, (...args) => store.deleteAudit(...args)),
      };
      if (!Object.values(deleted).some((count) => count > 0)) return;
      store.compact();
      logger.info({ deleted }, 'deleted what is older than the configuration lets it become');
    } catch (error) {
      logger.error({ err: error }, 'what is too old could not be deleted; this is tried again in an hour');
    }
  }

  async #deleteAll(days: number, deleteSome: (before: number, limit: number) => number): Promise<number> {
    if (days === 0) return 0;
    const before = (this.#options.now ?? Date.now)() - days * DAY;
    let total = 0;
    while (!this.#closed) {
      const count = deleteSome(before, BATCH);
      total += count;
      if (count < BATCH) break;
      await setImmediate();
    }
    return total;
  }
}
