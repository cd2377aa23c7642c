export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** What is done over again at start and each hour, never twice at a time. */
export class HourlySweep {
  readonly #work: (signal: AbortSignal) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #closing = new AbortController();
  #sweeping: Promise<void> | undefined;
  /** Another follows the one that goes on. */
  #isDue = false;

  /** `work` stops early once its signal is aborted; where it throws, `failed` is told, and it is tried again in an hour. */
  constructor(work: (signal: AbortSignal) => Promise<void>, failed: (error: unknown) => void) {
    this.#work = work;
    this.#failed = failed;
    this.#timer = setInterval(() => void this.sweep(), HOUR_MS).unref();
    void this.sweep();
  }

  /** Never rejects. Does nothing once it is closed. */
  sweep(): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve();
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined));
    return this.#sweeping;
  }

  /** There is something new: one that goes on may have looked already, and is followed by another. */
  again(): void {
    if (!this.#sweeping) return void this.sweep();
    if (this.#isDue) return;
    this.#isDue = true;
    void this.#sweeping.then(() => {
      this.#isDue = false;
      return this.sweep();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    try {
      await this.#work(this.#closing.signal);
    } catch (error) {
      this.#failed(error);
    }
  }
}
