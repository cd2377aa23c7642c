import { TICK_MS } from '../dsp/units.ts';

/** Packets that the judgement is made from: four seconds. */
const WINDOW = 200;
/** How often it is made anew, packets. */
const STEP = 10;
/** So many of them are to be in time. */
const IN_TIME = 0.97;
const BIN_MS = 5;
const BINS = 64;
/** Before so many packets the beginning counts: a second. */
const ENOUGH = 50;

/** So many packets in a row that come later than could ever be waited for: the sender's clock stood still meanwhile, and counts from here. */
const REBASE = 5;

/** The bounds of what sound waits, ms, with the 20 that the next packet needs to be there. */
export const LEAST_MS = 40;
export const MOST_MS = 200;

/**
 * How long sound has to wait so that late packets are in time, by how late those of the last seconds were. All times are transits: when a packet
 * came, less when it was made by the sender's clock, ms; only their differences mean anything.
 */
export class DelayTarget {
  readonly #transits = new Float64Array(WINDOW);
  readonly #bins = new Uint16Array(BINS);
  readonly #startMs: number;
  #count = 0;
  #fastest = Number.POSITIVE_INFINITY;
  #targetMs: number;
  #hopeless = 0;

  /** `startMs`: what is waited in the beginning. */
  constructor(startMs: number) {
    this.#startMs = startMs - TICK_MS;
    this.#targetMs = this.#startMs;
  }

  /** Of the quickest packet of late. */
  get fastest(): number {
    return this.#fastest;
  }

  /** What the quickest packet is to wait, ms: 20 less than the bounds say, and no more than 180. */
  get targetMs(): number {
    return this.#targetMs;
  }

  note(transit: number): void {
    this.#hopeless = transit > this.#fastest + MOST_MS ? this.#hopeless + 1 : 0;
    if (this.#hopeless >= REBASE) this.restart();
    this.#transits[this.#count % WINDOW] = transit;
    this.#count += 1;
    if (transit < this.#fastest) this.#fastest = transit;
    if (this.#count % STEP === 0) this.#judge();
  }

  /** A stream began anew: what was learnt of its lateness holds, what is known of its clock does not. */
  restart(): void {
    this.#count = 0;
    this.#fastest = Number.POSITIVE_INFINITY;
    this.#hopeless = 0;
  }

  #judge(): void {
    const size = Math.min(this.#count, WINDOW);
    let fastest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < size; index += 1) {
      const transit = this.#transits[index] ?? 0;
      if (transit < fastest) fastest = transit;
    }
    this.#fastest = fastest;
    const late = this.#latenessOf(size);
    const atLeast = this.#count < ENOUGH ? this.#startMs : 0;
    this.#targetMs = Math.max(LEAST_MS - TICK_MS, atLeast, Math.min(late, MOST_MS - TICK_MS));
  }

  #latenessOf(size: number): number {
    this.#bins.fill(0);
    for (let index = 0; index < size; index += 1) {
      const late = (this.#transits[index] ?? 0) - this.#fastest;
      const bin = Math.min(BINS - 1, Math.floor(late / BIN_MS));
      this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    }
    let seen = 0;
    for (let bin = 0; bin < BINS; bin += 1) {
      seen += this.#bins[bin] ?? 0;
      if (seen >= size * IN_TIME) return (bin + 1) * BIN_MS;
    }
    return BINS * BIN_MS;
  }
}
