/** Longest that a timer of Node can wait, in ms. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** How long before the end people are warned, in ms. Of a short time it is a quarter. */
const WARNING_MS = 60_000;

/** Warns before a time is over, and says when it is. */
export class EndTimer {
  readonly #listener: { warn(endsAt: number): void; over(): void };
  readonly #warning: number;
  #timers: NodeJS.Timeout[] = [];

  constructor(listener: { warn(endsAt: number): void; over(): void }, warning = WARNING_MS) {
    this.#listener = listener;
    this.#warning = warning;
  }

  /** Milliseconds since the epoch; null is never. */
  set(endsAt: number | null): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    if (endsAt === null) return;
    const left = Math.max(0, endsAt - Date.now());
    if (left > MAX_TIMEOUT_MS) return;
    const warnIn = left - Math.min(this.#warning, left / 4);
    this.#timers = [
      setTimeout(() => this.#listener.warn(endsAt), warnIn).unref(),
      setTimeout(() => this.#listener.over(), left).unref(),
    ];
  }
}
