import type { Logger } from '../observability/logger.ts';

export interface StillnessOptions {
  /** Milliseconds for which it may stand still. */
  timeout: number;
  /** What rises as long as somebody is there. */
  count(): Promise<number>;
  /** It stood still for that long; told once. */
  onStill(): void;
  logger: Pick<Logger, 'debug'>;
}

/** How often it is looked, as a share of the timeout. */
const LOOKS = 4;

/** Watches something that rises, such as the bytes that arrived, until it no longer does. */
export class Stillness {
  readonly #options: StillnessOptions;
  readonly #timer: NodeJS.Timeout;
  #last: number | undefined;
  #roseAt = Date.now();
  #stopped = false;

  constructor(options: StillnessOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), options.timeout / LOOKS).unref();
  }

  /** Nothing is told any more. Calling it again does nothing. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { timeout, count, onStill, logger } = this.#options;
    try {
      const current = await count();
      if (this.#stopped) return;
      if (current !== this.#last) this.#roseAt = Date.now();
      this.#last = current;
      if (Date.now() - this.#roseAt < timeout) return;
      this.stop();
      onStill();
    } catch (err) {
      // What cannot be counted any more has ended, which comes to light elsewhere.
      if (!this.#stopped) logger.debug({ err }, 'not looked at');
    }
  }
}
