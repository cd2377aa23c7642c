/** Somebody who has not asked for the playlist for so long has gone. */
const GONE_MS = 12_000;
const SWEEP_MS = 3_000;
/** More are not told apart: the number is for people, and memory is not for strangers. */
const MAX_COUNTED = 100_000;

/** Who watches a page: whoever asks for its playlist again and again. */
export class Viewers {
  readonly #seen = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #onChange: (() => void) | undefined;

  constructor() {
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  get count(): number {
    return this.#seen.size;
  }

  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** `key` tells one from another: what the page made up for itself, or an address. */
  see(key: string): void {
    const isNew = !this.#seen.has(key);
    if (isNew && this.#seen.size >= MAX_COUNTED) return;
    this.#seen.set(key, performance.now());
    if (isNew) this.#onChange?.();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#seen.clear();
  }

  #sweep(): void {
    const before = performance.now() - GONE_MS;
    const size = this.#seen.size;
    for (const [key, at] of this.#seen) if (at < before) this.#seen.delete(key);
    if (this.#seen.size !== size) this.#onChange?.();
  }
}
