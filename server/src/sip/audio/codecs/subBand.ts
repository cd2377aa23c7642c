/** What both sub-bands of G.722 have in common: the adaptive predictor and the logarithmic scale (ITU-T G.722, clause 3). */

/** Logarithms to steps, ITU-T G.722, table 10: 2048 * 2 ** (index / 32). */
const STEPS = Array.from({ length: 32 }, (_, index) => Math.floor(2048 * 2 ** (index / 32) + 0.5));

export const saturate = (value: number): number => Math.max(-32_768, Math.min(32_767, value));

/** A step of the quantizer from its logarithm: `shift` is 8 in the lower band and 10 in the higher. */
export function stepOf(logarithm: number, shift: number): number {
  const mantissa = STEPS[(logarithm >> 6) & 31] ?? 0;
  const exponent = shift - (logarithm >> 11);
  return (exponent < 0 ? mantissa << -exponent : mantissa >> exponent) << 2;
}

const sign = (value: number): number => (value < 0 ? -1 : 1);

/** Two poles and six zeros that follow the signal (clauses 3.6.3 to 3.6.5). */
export class Predictor {
  /** What the next sample is expected to be. */
  value = 0;
  #zeroPart = 0;
  readonly #poles: [number, number] = [0, 0];
  readonly #zeros = new Int32Array(6);
  readonly #differences = new Int32Array(6);
  readonly #reconstructed: [number, number] = [0, 0];
  readonly #partial: [number, number] = [0, 0];

  /** Goes on where the other has got to. */
  copyFrom(other: Predictor): void {
    this.value = other.value;
    this.#zeroPart = other.#zeroPart;
    this.#zeros.set(other.#zeros);
    this.#differences.set(other.#differences);
    for (const index of [0, 1] as const) {
      this.#poles[index] = other.#poles[index];
      this.#reconstructed[index] = other.#reconstructed[index];
      this.#partial[index] = other.#partial[index];
    }
  }

  /** Learns from a quantized difference. */
  update(difference: number): void {
    const reconstructed = saturate(this.value + difference);
    const partial = saturate(this.#zeroPart + difference);
    this.#adaptPoles(partial);
    this.#adaptZeros(difference);
    this.#reconstructed[1] = this.#reconstructed[0];
    this.#reconstructed[0] = reconstructed;
    this.#predict();
  }

  #adaptPoles(partial: number): void {
    const [before, beforeThat] = this.#partial;
    const [first, second] = this.#poles;
    const same = (other: number): number => (sign(partial) === sign(other) ? 1 : -1);
    const lead = saturate(first << 2);
    const lean = Math.min(32_767, same(before) === 1 ? -lead : lead);
    let next = (lean >> 7) + (same(beforeThat) === 1 ? 128 : -128) + ((second * 32_512) >> 15);
    next = Math.max(-12_288, Math.min(12_288, next));
    const bound = saturate(15_360 - next);
    const moved = saturate((same(before) === 1 ? 192 : -192) + ((first * 32_640) >> 15));
    this.#poles[0] = Math.max(-bound, Math.min(bound, moved));
    this.#poles[1] = next;
    this.#partial[1] = before;
    this.#partial[0] = partial;
  }

  #adaptZeros(difference: number): void {
    const gain = difference === 0 ? 0 : 128;
    for (let index = 5; index >= 0; index -= 1) {
      const former = this.#differences[index] ?? 0;
      const toward = sign(difference) === sign(former) ? gain : -gain;
      this.#zeros[index] = saturate(toward + (((this.#zeros[index] ?? 0) * 32_640) >> 15));
    }
    this.#differences.copyWithin(1, 0, 5);
    this.#differences[0] = difference;
  }

  #predict(): void {
    const [first, second] = this.#poles;
    const [one, two] = this.#reconstructed;
    const poles = saturate(((first * saturate(one + one)) >> 15) + ((second * saturate(two + two)) >> 15));
    let zeros = 0;
    for (let index = 5; index >= 0; index -= 1) {
      const doubled = saturate((this.#differences[index] ?? 0) * 2);
      zeros += ((this.#zeros[index] ?? 0) * doubled) >> 15;
    }
    this.#zeroPart = saturate(zeros);
    this.value = saturate(poles + this.#zeroPart);
  }
}
