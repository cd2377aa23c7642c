/** Looking for the period of a voice, and what can be done with one: repeat it, leave it out. 16 kHz throughout. */

/** 400 Hz. */
const SHORTEST = 40;
/** 62 Hz. */
const LONGEST = 256;
const STEP = 2;

/** The lag at which the end of the samples is most like what was before. At least `longest` + 80 samples are needed. */
export function findPeriod(samples: Int16Array, longest = LONGEST): number {
  const window = Math.min(160, samples.length - longest);
  const from = samples.length - window;
  let [best, bestScore] = [longest, 0];
  for (let lag = SHORTEST; lag <= longest; lag += STEP) {
    let [product, energy] = [0, 1];
    for (let index = from; index < samples.length; index += STEP) {
      const former = samples[index - lag] ?? 0;
      product += (samples[index] ?? 0) * former;
      energy += former * former;
    }
    const score = product <= 0 ? 0 : (product * product) / energy;
    if (score > bestScore) [best, bestScore] = [lag, score];
  }
  return best;
}

/** The same sound without one period: `lag` samples shorter. */
export function shorten(samples: Int16Array, lag: number): Int16Array {
  const out = new Int16Array(samples.length - lag);
  const overlap = Math.min(lag, out.length);
  for (let index = 0; index < overlap; index += 1) {
    const share = index / overlap;
    out[index] = Math.round((samples[index] ?? 0) * (1 - share) + (samples[index + lag] ?? 0) * share);
  }
  out.set(samples.subarray(lag + overlap), overlap);
  return out;
}

/** The same sound with one period twice: `lag` samples longer. At least 2 * lag samples are needed. */
export function lengthen(samples: Int16Array, lag: number): Int16Array {
  const out = new Int16Array(samples.length + lag);
  out.set(samples.subarray(0, lag));
  for (let index = 0; index < lag; index += 1) {
    const share = index / lag;
    out[lag + index] = Math.round((samples[lag + index] ?? 0) * (1 - share) + (samples[index] ?? 0) * share);
  }
  out.set(samples.subarray(lag), 2 * lag);
  return out;
}
