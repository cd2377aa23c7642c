import { setImmediate as nextTurn } from 'node:timers/promises';

export interface WatchdogOptions {
  /** Milliseconds between questions. */
  interval: number;
  /** Milliseconds without an answer after which the watched one is hung. */
  timeout: number;
  /** The question. That it rejects is an answer, too. */
  ask(): Promise<unknown>;
  /** Called once, then the watchdog is closed. */
  hung(): void;
}

/** Notices when something that should always answer no longer does. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #timer: NodeJS.Timeout | undefined;
  #askedAt: number | undefined;
  #closed = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#scheduleQuestion();
  }

  /** How long the present question has waited for its answer, in ms. 0 when none waits. */
  get waiting(): number {
    return this.#askedAt === undefined ? 0 : performance.now() - this.#askedAt;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #scheduleQuestion(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#ask(), this.#options.interval).unref();
  }

  async #ask(): Promise<void> {
    this.#askedAt = performance.now();
    this.#scheduleVerdict();
    await this.#options.ask().catch(() => undefined);
    this.#askedAt = undefined;
    clearTimeout(this.#timer);
    this.#scheduleQuestion();
  }

  #scheduleVerdict(): void {
    const due = performance.now() + this.#options.timeout;
    this.#timer = setTimeout(() => void this.#judge(due), this.#options.timeout).unref();
  }

  async #judge(due: number): Promise<void> {
    // NOTE: when this process itself stood still (a stopped container, a long garbage collection), the answer may lie
    // unread in the socket. Timers come before sockets in a turn of the event loop, so sockets are given their turn.
    const late = performance.now() - due > this.#options.timeout / 2;
    await nextTurn();
    await nextTurn();
    if (this.#closed || this.#askedAt === undefined) return;
    if (late) return this.#scheduleVerdict();
    this.close();
    this.#options.hung();
  }
}
