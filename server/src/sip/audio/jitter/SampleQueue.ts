/** Samples that are decoded and not played yet. */
export class SampleQueue {
  #samples: Int16Array = new Int16Array(4096);
  #from = 0;
  #to = 0;

  get length(): number {
    return this.#to - this.#from;
  }

  add(samples: Int16Array): void {
    if (this.#to + samples.length > this.#samples.length) this.#makeRoom(samples.length);
    this.#samples.set(samples, this.#to);
    this.#to += samples.length;
  }

  /** A copy; zeros in place of what is not there. */
  take(count: number): Int16Array {
    const out = new Int16Array(count);
    const there = Math.min(count, this.length);
    out.set(this.#samples.subarray(this.#from, this.#from + there));
    this.#from += there;
    return out;
  }

  clear(): void {
    this.#from = 0;
    this.#to = 0;
  }

  #makeRoom(more: number): void {
    const { length } = this;
    if (length + more <= this.#samples.length) {
      this.#samples.copyWithin(0, this.#from, this.#to);
      [this.#from, this.#to] = [0, length];
      return;
    }
    const size = Math.max(this.#samples.length, 2 * (length + more));
    const samples = new Int16Array(size);
    samples.set(this.#samples.subarray(this.#from, this.#to));
    this.#samples = samples;
    this.#from = 0;
    this.#to = length;
  }
}
