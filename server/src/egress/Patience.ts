/** Waits for somebody who says from time to time that they go on. */
export class Patience {
  readonly #ms: number;
  readonly #onOver: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param ms how long they may say nothing */
  constructor(ms: number, onOver: () => void) {
    this.#ms = ms;
    this.#onOver = onOver;
  }

  /** It begins, and begins anew with each sign. */
  renew(): void {
    this.stop();
    this.#timer = setTimeout(this.#onOver, this.#ms).unref();
  }

  /** Renews it, where it has begun. */
  sign(): void {
    if (this.#timer !== undefined) this.renew();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
