import { fromDb, FRAME, FULL_SCALE, RATE } from './units.ts';

/** dBov. Nobody hears it, but no carrier takes the line for dead. */
export const COMFORT_LEVEL = -70;

const NOISE = makeNoise();

/** A second of it, the same in each process: what is made twice can be compared. */
function makeNoise(): Int16Array {
  // Three even distributions together are near enough to a normal one, with three times the variance of one: span * span / 4.
  const span = 2 * fromDb(COMFORT_LEVEL) * FULL_SCALE;
  let seed = 1;
  const next = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  };
  return Int16Array.from({ length: RATE }, () => Math.round(span * (next() + next() + next())));
}

/** Comfort noise that never begins anew in the same place. */
export class ComfortNoise {
  #at = 0;

  /** Adds a frame of it. */
  addTo(sum: Int32Array): void {
    // 7 frames less 13 samples: no part of the second comes again soon.
    this.#at = (this.#at + 7 * FRAME - 13) % RATE;
    let at = this.#at;
    for (let index = 0; index < sum.length; index += 1) {
      sum[index] = (sum[index] ?? 0) + (NOISE[at] ?? 0);
      at = at + 1 === RATE ? 0 : at + 1;
    }
  }
}
