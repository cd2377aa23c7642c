import { clip } from './units.ts';

/**
 * Between 8 and 16 kHz: a half-band filter of 31 taps, Kaiser window. Every other tap but the middle one is zero, so eight multiplications make a
 * sample of either rate.
 */
const SIDE = 8;
const TAPS = makeTaps();
const HISTORY = 32;

function makeTaps(): Float64Array {
  const beta = 5;
  const half = Float64Array.from({ length: SIDE }, (_, index) => {
    const distance = 2 * index + 1;
    const window = bessel(beta * Math.sqrt(1 - (distance / (2 * SIDE)) ** 2)) / bessel(beta);
    return (Math.sin((Math.PI * distance) / 2) / (Math.PI * distance)) * window;
  });
  // What passes unchanged must do so exactly: both halves together are as much as the middle.
  const sum = 2 * half.reduce((total, tap) => total + tap, 0);
  return half.map((tap) => (tap * 0.5) / sum);
}

/** Modified Bessel function of order zero. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; k < 20; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** 16 to 8 kHz. An even number of samples at a time. */
export class Halver {
  readonly #line = new Line();

  process(samples: Int16Array): Int16Array {
    const line = this.#line.append(samples);
    const out = new Int16Array(samples.length >> 1);
    for (let index = 0; index < out.length; index += 1) {
      const middle = 2 * index + HISTORY - 2 * SIDE;
      let sum = 0.5 * (line[middle] ?? 0);
      for (let tap = 0, distance = 1; tap < SIDE; tap += 1, distance += 2)
        sum += (TAPS[tap] ?? 0) * ((line[middle - distance] ?? 0) + (line[middle + distance] ?? 0));
      out[index] = clip(Math.round(sum));
    }
    this.#line.keep();
    return out;
  }

  copyFrom(other: Halver): void {
    this.#line.copyFrom(other.#line);
  }
}

/** 8 to 16 kHz. */
export class Doubler {
  readonly #line = new Line();

  process(samples: Int16Array): Int16Array {
    const line = this.#line.append(samples);
    const out = new Int16Array(samples.length * 2);
    for (let index = 0; index < samples.length; index += 1) {
      const at = index + HISTORY - SIDE;
      out[2 * index] = line[at] ?? 0;
      let sum = 0;
      for (let tap = 0; tap < SIDE; tap += 1)
        sum += (TAPS[tap] ?? 0) * ((line[at - tap] ?? 0) + (line[at + 1 + tap] ?? 0));
      out[2 * index + 1] = clip(Math.round(2 * sum));
    }
    this.#line.keep();
    return out;
  }
}

/** What a filter still needs of what went before, with what is new behind it. */
class Line {
  #samples = new Float64Array(HISTORY + 1024);
  #end = HISTORY;

  append(samples: Int16Array): Float64Array {
    const end = HISTORY + samples.length;
    if (end > this.#samples.length) {
      const larger = new Float64Array(end);
      larger.set(this.#samples.subarray(0, HISTORY));
      this.#samples = larger;
    }
    const line = this.#samples;
    for (let index = 0; index < samples.length; index += 1) line[HISTORY + index] = samples[index] ?? 0;
    this.#end = end;
    return line;
  }

  keep(): void {
    this.#samples.copyWithin(0, this.#end - HISTORY, this.#end);
  }

  copyFrom(other: Line): void {
    this.#samples.set(other.#samples.subarray(0, HISTORY));
  }
}
