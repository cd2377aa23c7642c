/** A list of numbers that grows, at 8 bytes each: recordings of many hours have millions. */
export class NumberList {
  #values = new Float64Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const wider = new Float64Array(2 * this.#length);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** NaN beyond the end. */
  at(index: number): number {
    return index < this.#length ? (this.#values[index] ?? NaN) : NaN;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let index = 0; index < this.#length; index += 1) yield this.at(index);
  }
}

/** Runs of equal numbers: `[how often, value]`. */
export class RunList {
  readonly counts = new NumberList();
  readonly values = new NumberList();
  #count = 0;
  #value = 0;

  push(value: number): void {
    if (this.#count > 0 && value !== this.#value) this.end();
    this.#value = value;
    this.#count += 1;
  }

  /** Puts the run that goes on into the lists. */
  end(): void {
    if (this.#count === 0) return;
    this.counts.push(this.#count);
    this.values.push(this.#value);
    this.#count = 0;
  }
}
