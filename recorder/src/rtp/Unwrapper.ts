/** Turns numbers that begin again at 0 after so many bits into ones that go on, whichever way they jump (RFC 3550 A.1). */
export class Unwrapper {
  readonly #range: number;
  #last: number | undefined;

  /** 16 for sequence numbers, 32 for timestamps. */
  constructor(bits: 16 | 32) {
    this.#range = 2 ** bits;
  }

  /** The number nearest to the last one given that is the same in so many bits. The first is taken as it is. */
  unwrap(value: number): number {
    this.#last = this.peek(value);
    return this.#last;
  }

  /** The same, and nothing is remembered. */
  peek(value: number): number {
    if (this.#last === undefined) return value;
    const range = this.#range;
    const forward = (((value - this.#last) % range) + range) % range;
    return this.#last + (forward < range / 2 ? forward : forward - range);
  }
}
