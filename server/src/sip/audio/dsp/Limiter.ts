import { fromDb, FULL_SCALE } from './units.ts';

/** Above this it becomes softer, dBov -3. */
const KNEE = fromDb(-3) * FULL_SCALE;
/** How much of the way back to full loudness is gone in a frame of 20 ms: half of it in about 140 ms. */
const RELEASE = 0.1;
/** Samples over which the gain falls: 2 ms. */
const ATTACK = 32;

/**
 * Brings a sum of voices back into 16 bits. The gain of the frame follows its peak; what is still above the knee while it falls is bent, not cut.
 */
export class Limiter {
  #gain = 1;

  /** `sum` is not changed. */
  process(sum: Int32Array): Int16Array {
    const peak = peakOf(sum);
    const out = new Int16Array(sum.length);
    const needed = peak > KNEE ? KNEE / peak : 1;
    const from = this.#gain;
    const to = needed < from ? needed : Math.min(needed, from + (1 - from) * RELEASE);
    this.#gain = to > 0.999 ? 1 : to;
    if (from === 1 && to === 1) {
      out.set(sum);
      return out;
    }
    const ramp = to < from ? ATTACK : sum.length;
    for (let index = 0; index < sum.length; index += 1) {
      const gain = index < ramp ? from + ((to - from) * index) / ramp : to;
      out[index] = bend((sum[index] ?? 0) * gain);
    }
    return out;
  }

  copyFrom(other: Limiter): void {
    this.#gain = other.#gain;
  }
}

function peakOf(sum: Int32Array): number {
  let peak = 0;
  for (let index = 0; index < sum.length; index += 1) {
    const sample = sum[index] ?? 0;
    const size = sample < 0 ? -sample : sample;
    if (size > peak) peak = size;
  }
  return peak;
}

const ROOM = FULL_SCALE - 1 - KNEE;

/** Straight up to the knee, from there towards full scale, which is never passed. */
function bend(value: number): number {
  const size = Math.abs(value);
  if (size <= KNEE) return Math.round(value);
  return Math.round(Math.sign(value) * (KNEE + ROOM * Math.tanh((size - KNEE) / ROOM)));
}
