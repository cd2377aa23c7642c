/** What everything here is counted in: 16 kHz, one channel, 20 ms. */
export const RATE = 16_000;
export const TICK_MS = 20;
export const FRAME = (RATE * TICK_MS) / 1000;
/** Of 16-bit samples, which 0 dBov is. */
export const FULL_SCALE = 32_768;

/** Never written to. */
export const SILENCE: Int16Array = new Int16Array(FRAME);

export const fromDb = (decibels: number): number => 10 ** (decibels / 20);

/** How loud samples are: dBov, 0 down to -127 (RFC 6464, section 3, by root mean square). */
export function levelOf(samples: Int16Array | Int32Array): number {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    sum += sample * sample;
  }
  if (sum === 0) return -127;
  const level = 10 * Math.log10(sum / samples.length / (FULL_SCALE * FULL_SCALE));
  return Math.max(-127, Math.min(0, level));
}

export const clip = (value: number): number => (value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value);
