import { Predictor, saturate, stepOf } from './subBand.ts';

/** Quadrature mirror filter, one half of its 24 symmetric coefficients (ITU-T G.722, table 11). */
const MIRROR = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11] as const;
/** Decision levels of the six-bit quantizer (table 14). */
const LEVELS = [
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219,
  1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919,
] as const;
/** What four and six bits of the lower band stand for (tables 15 and 17), by magnitude. */
const LOW_FOUR = [0, 20456, 12896, 8968, 6288, 4240, 2584, 1200] as const;
const LOW_SIX = [
  24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
  4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136,
] as const;
const HIGH = [7408, 1616] as const;
/** How the scale moves (tables 12 and 13). */
const LOW_WEIGHTS = [-60, 3042, 1198, 538, 334, 172, 58, -30] as const;
const HIGH_WEIGHTS = [798, -214] as const;
const HIGH_DECISION = 564;

/** The lower band, 0 to 4 kHz, in six bits; the predictor learns from the upper four of them. */
class LowBand {
  readonly #predictor = new Predictor();
  #logarithm = 0;
  #step = 32;

  encode(sample: number): number {
    const difference = saturate(sample - this.#predictor.value);
    const magnitude = difference >= 0 ? difference : -(difference + 1);
    let level = 1;
    while (level < LEVELS.length && magnitude >= ((LEVELS[level] ?? 0) * this.#step) >> 12) level += 1;
    const code = difference < 0 ? (level < 3 ? 64 - level : 34 - level) : 62 - level;
    this.#learn(code >> 2);
    return code;
  }

  copyFrom(other: LowBand): void {
    this.#predictor.copyFrom(other.#predictor);
    this.#logarithm = other.#logarithm;
    this.#step = other.#step;
  }

  decode(code: number): number {
    const sample = saturate(this.#predictor.value + ((this.#step * sixBits(code)) >> 15));
    this.#learn(code >> 2);
    return Math.max(-16_384, Math.min(16_383, sample));
  }

  #learn(code: number): void {
    const difference = (this.#step * fourBits(code)) >> 15;
    const weight = LOW_WEIGHTS[magnitudeOf(code)] ?? 0;
    this.#logarithm = Math.max(0, Math.min(18_432, ((this.#logarithm * 127) >> 7) + weight));
    this.#step = stepOf(this.#logarithm, 8);
    this.#predictor.update(difference);
  }
}

/** The upper band, 4 to 8 kHz, in two bits. */
class HighBand {
  readonly #predictor = new Predictor();
  #logarithm = 0;
  #step = 8;

  encode(sample: number): number {
    const difference = saturate(sample - this.#predictor.value);
    const magnitude = difference >= 0 ? difference : -(difference + 1);
    const isLarge = magnitude >= (HIGH_DECISION * this.#step) >> 12;
    const code = (difference < 0 ? 0 : 2) + (isLarge ? 0 : 1);
    this.#learn(code);
    return code;
  }

  copyFrom(other: HighBand): void {
    this.#predictor.copyFrom(other.#predictor);
    this.#logarithm = other.#logarithm;
    this.#step = other.#step;
  }

  decode(code: number): number {
    const sample = saturate(this.#predictor.value + this.#differenceOf(code));
    this.#learn(code);
    return Math.max(-16_384, Math.min(16_383, sample));
  }

  #differenceOf(code: number): number {
    const size = HIGH[code & 1] ?? 0;
    return (this.#step * (code < 2 ? -size : size)) >> 15;
  }

  #learn(code: number): void {
    const difference = this.#differenceOf(code);
    const weight = HIGH_WEIGHTS[code & 1] ?? 0;
    this.#logarithm = Math.max(0, Math.min(22_528, ((this.#logarithm * 127) >> 7) + weight));
    this.#step = stepOf(this.#logarithm, 10);
    this.#predictor.update(difference);
  }
}

function fourBits(code: number): number {
  const size = LOW_FOUR[magnitudeOf(code)] ?? 0;
  return code < 8 ? -size : size;
}

/** Place in the tables: 1 is the largest; 0 and 15 are nothing. */
const magnitudeOf = (code: number): number => (code < 8 ? code : (code - 7) & 7);

function sixBits(code: number): number {
  if (code < 4) return -136;
  if (code < 32) return -(LOW_SIX[code - 4] ?? 0);
  if (code < 62) return LOW_SIX[code - 32] ?? 0;
  return code === 62 ? -432 : -136;
}

/** G.722 at 64 kbit/s: 16 kHz, two samples in each byte. RTP payload type 9, whose clock says 8000 (RFC 3551, section 4.5.2). */
export class G722Encoder {
  readonly #low = new LowBand();
  readonly #high = new HighBand();
  readonly #history = new Int32Array(24);

  /** Goes on where the other has got to. */
  copyFrom(other: G722Encoder): void {
    this.#low.copyFrom(other.#low);
    this.#high.copyFrom(other.#high);
    this.#history.set(other.#history);
  }

  /** An even number of samples. */
  encode(samples: Int16Array): Buffer {
    const data = Buffer.allocUnsafe(samples.length >> 1);
    for (let index = 0; index < data.length; index += 1) {
      this.#history.copyWithin(0, 2);
      this.#history[22] = samples[2 * index] ?? 0;
      this.#history[23] = samples[2 * index + 1] ?? 0;
      const [even, odd] = filter(this.#history);
      const low = this.#low.encode((even + odd) >> 14);
      data[index] = (this.#high.encode((even - odd) >> 14) << 6) | low;
    }
    return data;
  }
}

export class G722Decoder {
  readonly #low = new LowBand();
  readonly #high = new HighBand();
  readonly #history = new Int32Array(24);

  decode(data: Uint8Array): Int16Array {
    const samples = new Int16Array(data.length * 2);
    for (let index = 0; index < data.length; index += 1) {
      const byte = data[index] ?? 0;
      const low = this.#low.decode(byte & 0x3f);
      const high = this.#high.decode(byte >> 6);
      this.#history.copyWithin(0, 2);
      this.#history[22] = low + high;
      this.#history[23] = low - high;
      const [even, odd] = filter(this.#history);
      samples[2 * index] = saturate(even >> 11);
      samples[2 * index + 1] = saturate(odd >> 11);
    }
    return samples;
  }
}

/** Even and odd half of the filter. */
function filter(history: Int32Array): [even: number, odd: number] {
  let [even, odd] = [0, 0];
  for (let index = 0; index < 12; index += 1) {
    odd += (history[2 * index] ?? 0) * (MIRROR[index] ?? 0);
    even += (history[2 * index + 1] ?? 0) * (MIRROR[11 - index] ?? 0);
  }
  return [even, odd];
}
