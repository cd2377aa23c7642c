import { BLOCK_FRAMES, CHANNELS, SAMPLE_RATE } from './format.ts';

/** Two seconds: more than ever waits. */
const CAPACITY = 2 * SAMPLE_RATE;
/** What comes within so much of where the last block ended goes on there; what is farther off stands where it belongs. */
const CONTIGUOUS = ms(40);
/** Beyond this the clock of the sender is taken to run faster or slower, and is followed. */
const DRIFT = ms(8);
/** Samples taken out of or put into a block of 20 ms to follow it: half a per cent of pitch, for a while. */
const STEP = 5;
const FADE = ms(4);
/** A source whose packets come late is held back by so much more: a little silence once instead of many. */
const MARGIN = ms(20);
const MOST_HELD = ms(400);
/** It is let go again, unheard, when for so many blocks (10 s) there was more than enough. */
const CALM_BLOCKS = 500;

/**
 * The sound of one publication, in the order and at the place in time in which it was taken: a jitter buffer on the samples of
 * the programme. Positions are counted in samples since the programme began.
 */
export class AudioSource {
  readonly #ring = new Float32Array(CAPACITY * CHANNELS);
  /** What was mixed lies before it. */
  #read = 0;
  /** Where the newest sample ends. */
  #end = 0;
  /** How much later than planned everything of it is played. */
  #held = 0;
  /** What was there at least when a block came, of the last so many; samples. */
  #spare = Infinity;
  #blocks = 0;
  #letGo = 0;
  /** Mean of how far from its place new sound comes; samples. */
  #drift = 0;
  readonly #stretched = new Float32Array((BLOCK_FRAMES * 4 + STEP) * CHANNELS);

  /** Samples by which this source lags behind the plan, since its packets come late. */
  get held(): number {
    return this.#held;
  }

  /**
   * Takes a block whose first sample is to be heard at `position`.
   * @param samples left and right in turn
   */
  push(samples: Float32Array, position: number): void {
    const wanted = position + this.#held;
    const distance = wanted - this.#end;
    if (Math.abs(distance) <= CONTIGUOUS && this.#end > this.#read) this.#goOn(samples, distance);
    else this.#begin(samples, wanted);
  }

  /** Adds what is to be heard from `position` on to `target`, one block; leaves silence where there is nothing. */
  mixInto(target: Float32Array, position: number): boolean {
    this.#read = position + BLOCK_FRAMES;
    const from = Math.max(position, this.#end - CAPACITY);
    const until = Math.min(this.#read, this.#end);
    if (from >= until) return false;
    const ring = this.#ring;
    let at = (from % CAPACITY) * CHANNELS;
    for (let i = (from - position) * CHANNELS; i < (until - position) * CHANNELS; i++) {
      target[i] = (target[i] ?? 0) + (ring[at] ?? 0);
      ring[at] = 0;
      if (++at === ring.length) at = 0;
    }
    return true;
  }

  /** What is held back without need is played a little faster. */
  #relax(): void {
    this.#spare = Math.min(this.#spare, this.#end - this.#read);
    if (++this.#blocks >= CALM_BLOCKS) {
      this.#letGo = Math.min(this.#held, Math.max(0, this.#spare - 2 * MARGIN));
      this.#spare = Infinity;
      this.#blocks = 0;
    }
    const step = Math.min(STEP, this.#letGo);
    this.#letGo -= step;
    this.#held -= step;
  }

  #goOn(samples: Float32Array, distance: number): void {
    this.#relax();
    this.#drift += (distance - this.#drift) / 32;
    const count = samples.length / CHANNELS;
    const step = Math.abs(this.#drift) > DRIFT ? Math.sign(this.#drift) * STEP : 0;
    if (step === 0 || count > BLOCK_FRAMES * 4) {
      this.#write(samples, count);
      return;
    }
    this.#drift -= step;
    this.#write(this.#stretch(samples, count + step), count + step);
  }

  /** After silence, or after a jump: at its own place in time, softly. */
  #begin(samples: Float32Array, wanted: number): void {
    const late = this.#read - wanted;
    if (late > 0) {
      this.#held = Math.min(MOST_HELD, this.#held + late + MARGIN);
      this.#spare = Infinity;
      this.#blocks = 0;
      this.#letGo = 0;
    }
    const start = Math.max(wanted + (late > 0 ? late + MARGIN : 0), this.#read, this.#end);
    if (start - this.#read > CAPACITY - samples.length) return; // Of a time that is not to be believed.
    this.#clear(start);
    this.#drift = 0;
    this.#end = start;
    const faded = samples.slice();
    for (let i = 0; i < Math.min(FADE, faded.length / CHANNELS); i++)
      for (let c = 0; c < CHANNELS; c++)
        faded[i * CHANNELS + c] = (samples[i * CHANNELS + c] ?? 0) * (i / FADE);
    this.#write(faded, faded.length / CHANNELS);
  }

  /** What is between the end and the new beginning is silence. */
  #clear(start: number): void {
    for (let i = this.#end; i < Math.min(start, this.#end + CAPACITY); i++)
      for (let c = 0; c < CHANNELS; c++) this.#ring[(i % CAPACITY) * CHANNELS + c] = 0;
  }

  #write(samples: Float32Array, count: number): void {
    let at = (this.#end % CAPACITY) * CHANNELS;
    for (let i = 0; i < count * CHANNELS; i++) {
      this.#ring[at] = samples[i] ?? 0;
      if (++at === this.#ring.length) at = 0;
    }
    this.#end += count;
  }

  /** The same sound in a little more or less time: between two samples a straight line is drawn. */
  #stretch(samples: Float32Array, count: number): Float32Array {
    const last = samples.length / CHANNELS - 1;
    const scale = last / (count - 1);
    for (let i = 0; i < count; i++) {
      const at = i * scale;
      const left = Math.min(last, Math.floor(at));
      const right = Math.min(last, left + 1);
      const share = at - left;
      for (let c = 0; c < CHANNELS; c++) {
        const a = samples[left * CHANNELS + c] ?? 0;
        const b = samples[right * CHANNELS + c] ?? 0;
        this.#stretched[i * CHANNELS + c] = a + (b - a) * share;
      }
    }
    return this.#stretched;
  }
}

function ms(milliseconds: number): number {
  return (milliseconds * SAMPLE_RATE) / 1000;
}
