import { clip, RATE } from './units.ts';

/** Takes away hum and rumble: second order, Butterworth. */
export class HighPass {
  readonly #b: number;
  readonly #a1: number;
  readonly #a2: number;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(hertz = 100) {
    const k = Math.tan((Math.PI * hertz) / RATE);
    const norm = 1 / (1 + Math.SQRT2 * k + k * k);
    this.#b = norm;
    this.#a1 = 2 * (k * k - 1) * norm;
    this.#a2 = (1 - Math.SQRT2 * k + k * k) * norm;
  }

  /** In place. */
  process(samples: Int16Array): void {
    let [x1, x2, y1, y2] = [this.#x1, this.#x2, this.#y1, this.#y2];
    const [b, a1, a2] = [this.#b, this.#a1, this.#a2];
    for (let index = 0; index < samples.length; index += 1) {
      const x = samples[index] ?? 0;
      const y = b * (x - 2 * x1 + x2) - a1 * y1 - a2 * y2;
      [x2, x1, y2, y1] = [x1, x, y1, y];
      samples[index] = clip(Math.round(y));
    }
    // Sound that has died away must not become numbers that are slow to reckon with.
    const isNothing = Math.abs(y1) < 1e-9 && Math.abs(y2) < 1e-9;
    [this.#x1, this.#x2, this.#y1, this.#y2] = [x1, x2, isNothing ? 0 : y1, isNothing ? 0 : y2];
  }
}
