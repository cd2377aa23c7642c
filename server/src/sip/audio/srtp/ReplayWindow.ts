const SIZE = 64n;

/** Which packets have come already, of the newest 64 (RFC 3711, section 3.3.2). */
export class ReplayWindow {
  #newest = -1;
  #seen = 0n;

  /** Whether a packet of this index may be new. */
  admits(index: number): boolean {
    if (index > this.#newest) return true;
    const age = BigInt(this.#newest - index);
    return age < SIZE && ((this.#seen >> age) & 1n) === 0n;
  }

  /** A packet of this index was real. */
  add(index: number): void {
    if (index > this.#newest) {
      const step = BigInt(index - this.#newest);
      this.#seen = step >= SIZE ? 0n : BigInt.asUintN(Number(SIZE), this.#seen << step);
      this.#newest = index;
    }
    this.#seen |= 1n << BigInt(this.#newest - index);
  }
}
