/** Somebody who has not asked for the playlist for so long has gone. */
const GONE_MS = 12_000;
const SWEEP_MS = 3_000;
/** More are not told apart: the number is for people, and memory is not for strangers. */
const MAX_COUNTED = 100_000;
/** Each change is told to everybody in the room, and anybody with the link can cause some: it is told no more often, ms. */
const TOLD_MS = 1000;

/** Who watches a page: whoever asks for its playlist again and again. */
export class Viewers {
  readonly #seen = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #onChange: (() => void) | undefined;
  /** Runs for a while after each time that it was told. */
  #pause: NodeJS.Timeout | undefined;
  /** There was a change meanwhile. */
  #isDue = false;

  constructor() {
    this.#timer = setInterval(() => this.#sweep(), SWEEP_MS).unref();
  }

  get count(): number {
    return this.#seen.size;
  }

  /** The listener hears of the first change at once, of more within a second; the last count is always told. */
  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  /** `key` tells one from another: what the page made up for itself, or an address. */
  see(key: string): void {
    const isNew = !this.#seen.has(key);
    if (isNew && this.#seen.size >= MAX_COUNTED) return;
    this.#seen.set(key, performance.now());
    if (isNew) this.#tell();
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#pause);
    this.#onChange = undefined;
    this.#seen.clear();
  }

  #sweep(): void {
    const before = performance.now() - GONE_MS;
    const size = this.#seen.size;
    for (const [key, at] of this.#seen) if (at < before) this.#seen.delete(key);
    if (this.#seen.size !== size) this.#tell();
  }

  #tell(): void {
    this.#isDue = this.#pause !== undefined;
    if (this.#isDue) return;
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (this.#isDue) this.#tell();
    }, TOLD_MS).unref();
    this.#onChange?.();
  }
}
