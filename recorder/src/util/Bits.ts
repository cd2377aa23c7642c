/** Reads numbers of any count of bits, the first one first. What is behind the end is 0. */
export class Bits {
  readonly #data: Uint8Array;
  #at: number;

  /** @param byte where to begin */
  constructor(data: Uint8Array, byte = 0) {
    this.#data = data;
    this.#at = byte * 8;
  }

  get isOver(): boolean {
    return this.#at > this.#data.length * 8;
  }

  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++)
      value = value * 2 + (((this.#data[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** Exp-Golomb (ISO/IEC 14496-10, 9.1), and uvlc of AV1, which is the same up to 32 bits. */
  unsigned(): number {
    let zeros = 0;
    while (!this.isOver && !this.flag()) zeros++;
    return zeros > 31 ? 0 : 2 ** zeros - 1 + this.read(zeros);
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}
