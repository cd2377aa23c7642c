import { findPeriod } from './pitch.ts';
import { RATE } from './units.ts';

/** What is remembered, 32 ms: the longest period, and what it is compared by. */
const MEMORY = 512;
/** How long the last period is repeated as it is, and after how long nothing is left of it, samples. */
const WHOLE = RATE / 100;
const GONE = (RATE * 120) / 1000;
/** Over how much it goes over into what comes next. */
const CROSSING = RATE / 250;

/**
 * Makes up sound that was lost: the last period of the voice again and again, softer and softer (after ITU-T G.711, appendix I). For codecs that cannot
 * do it themselves.
 */
export class Concealer {
  readonly #memory = new Int16Array(MEMORY);
  #period = 0;
  /** Samples made up since sound was there. */
  #made = 0;

  /** Sound that is there: its beginning is blended with what was made up before. */
  heard(samples: Int16Array): Int16Array {
    let out = samples;
    if (this.#made > 0) {
      out = samples.slice();
      for (let index = 0; index < Math.min(CROSSING, out.length); index += 1) {
        const share = index / CROSSING;
        out[index] = Math.round((out[index] ?? 0) * share + this.#next() * (1 - share));
      }
    }
    this.#made = 0;
    this.#remember(out);
    return out;
  }

  conceal(length: number): Int16Array {
    if (this.#made === 0) this.#period = findPeriod(this.#memory);
    return Int16Array.from({ length }, () => this.#next());
  }

  #next(): number {
    const at = MEMORY - this.#period + (this.#made % this.#period);
    const faded = Math.max(0, 1 - Math.max(0, this.#made - WHOLE) / (GONE - WHOLE));
    this.#made += 1;
    return Math.round((this.#memory[at] ?? 0) * faded);
  }

  #remember(samples: Int16Array): void {
    const kept = Math.min(MEMORY, samples.length);
    this.#memory.copyWithin(0, kept);
    this.#memory.set(samples.subarray(samples.length - kept), MEMORY - kept);
  }
}
