import { FRAME, FULL_SCALE, RATE } from '../dsp/units.ts';

/** A sine of so many Hz, 16 kHz; `peak` of full scale. */
export function tone(
  hertz: number,
  {
    length = FRAME,
    from = 0,
    peak = 0.35,
    rate = RATE,
  }: { length?: number; from?: number; peak?: number; rate?: number } = {},
): Int16Array {
  return Int16Array.from({ length }, (_, index) =>
    Math.round(peak * FULL_SCALE * Math.sin((2 * Math.PI * hertz * (index + from)) / rate)),
  );
}

/** How much of one frequency is in samples, as the peak of a sine in dB of full scale (Goertzel). */
export function powerOf(samples: Int16Array, hertz: number, rate = RATE): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hertz) / rate);
  let [s1, s2] = [0, 0];
  for (const sample of samples) [s1, s2] = [sample / FULL_SCALE + coefficient * s1 - s2, s1];
  const power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  return 10 * Math.log10(Math.max(1e-12, (4 * power) / samples.length ** 2));
}
