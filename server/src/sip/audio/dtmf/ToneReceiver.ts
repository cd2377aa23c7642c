import { FULL_SCALE, RATE } from '../dsp/units.ts';
import type { Digit } from './digits.ts';

/** ITU-T Q.23: a key is one of the rows and one of the columns at once, Hz. */
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = ['123A', '456B', '789C', '*0#D'];

/** What is softer is no key, dBov of each of the two. ITU-T Q.24 has -25 dBm0 and more for what must be taken. */
const SOFTEST = 10 ** (-36 / 10);
/** The two may differ by so much, dB (Q.24: 4 and 8, taken together). */
const TWIST = 10 ** (8 / 10);
/** Share of the whole that the two have: speech has more beside them. */
const SHARE = 0.8;
/** Another of the same group may have so much of the strongest. */
const OTHERS = 0.15;
/** Ticks of 20 ms that a key lasts at least: Q.24 wants 40 ms to be taken, and 23 ms to be passed over. */
const LEAST_TICKS = 2;

/** Keys that come as tones among the sound: for carriers that send no telephone events. Source: ITU-T Q.23, Q.24. */
export class ToneReceiver {
  #current: Digit | undefined;
  #ticks = 0;
  #gap = 0;

  /** One tick of sound. @returns the key that has been long enough with it, once for each press */
  take(samples: Int16Array): Digit | undefined {
    const digit = digitIn(samples);
    if (digit === undefined) {
      this.#gap += 1;
      // One tick may be spoilt by a lost packet.
      if (this.#gap >= 2) this.#current = undefined;
      return undefined;
    }
    this.#ticks = digit === this.#current ? this.#ticks + 1 : 1;
    this.#current = digit;
    this.#gap = 0;
    return this.#ticks === LEAST_TICKS ? digit : undefined;
  }
}

function digitIn(samples: Int16Array): Digit | undefined {
  let energy = 0;
  for (const sample of samples) energy += (sample / FULL_SCALE) ** 2;
  const mean = energy / samples.length;
  if (mean < SOFTEST) return undefined;
  const row = strongest(samples, ROWS);
  const column = strongest(samples, COLUMNS);
  if (!row || !column || row.power < SOFTEST || column.power < SOFTEST) return undefined;
  const isTwisted = row.power > column.power * TWIST || column.power > row.power * TWIST;
  return isTwisted || row.power + column.power < SHARE * mean ? undefined : KEYS[row.index]?.[column.index];
}

/** The one that stands out of a group; undefined where none does. */
function strongest(
  samples: Int16Array,
  group: readonly number[],
): { index: number; power: number } | undefined {
  const powers = group.map((hertz) => powerAt(samples, hertz));
  const power = Math.max(...powers);
  const index = powers.indexOf(power);
  return powers.every((other, at) => at === index || other < OTHERS * power) ? { index, power } : undefined;
}

/** Mean power of one frequency, 1 for full scale square (Goertzel). */
function powerAt(samples: Int16Array, hertz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [s1, s2] = [0, 0];
  for (const sample of samples) [s1, s2] = [sample / FULL_SCALE + coefficient * s1 - s2, s1];
  return (2 * (s1 * s1 + s2 * s2 - coefficient * s1 * s2)) / samples.length ** 2;
}
