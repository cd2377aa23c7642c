import type { ReportClock } from './ReportClock.ts';

/** Arrivals of so long ago do not count any more, ms. */
const WINDOW_MS = 10_000;
const BUCKET_MS = 1_000;
/** By how much times are bent for each ms of media, so that they fit again: sound follows without a click. */
const SLEW = 0.005;
/**
 * A sender that had no time to record goes on where it was: its timestamps lag from then on, and its next report says so. What is
 * later by more than this is believed at once, ms: bending would keep lips apart for many seconds, and its sound has a hole anyway.
 */
const LOST_MS = 40;
/** What is earlier by more than this is not bent but jumped: the sender began anew. */
const JUMP_MS = 250;
/** A sender report that says media was taken longer ago than this, or later than it came, says nothing. */
const MAX_AGE_MS = 3_000;
const TOLERANCE_MS = 20;

/**
 * When the media of one stream was taken, on the clock of this process. Sender reports say so: mediasoup writes into them
 * what it learned from those of the publisher, for sound and pictures on one clock. Before the first one, what took least time to
 * come is taken as having taken none.
 */
export class CaptureClock {
  readonly #msPerTick: number;
  readonly #reports: ReportClock;
  readonly #arrivals: { at: number; offset: number }[] = [];
  /** What is added to media time to get that of the reports. */
  #reported: number | undefined;
  /** What is added to media time to get local time; the one in use. */
  #offset: number | undefined;
  #lastMedia = 0;

  /** `reports` is the clock of all streams from one server, so that it errs alike for all of them. */
  constructor(clockRate: number, reports: ReportClock) {
    this.#msPerTick = 1000 / clockRate;
    this.#reports = reports;
  }

  /** A report that came at `now` says that the tick `rtpTimestamp` was at `ntp`, both ms. */
  report(rtpTimestamp: number, ntp: number, now: number): void {
    const local = ntp + (this.#reports.offset ?? Number.NaN);
    // NOTE: not so written that NaN passes.
    if (!(local < now + TOLERANCE_MS && local > now - MAX_AGE_MS)) return;
    // The first one corrects a guess.
    if (this.#reported === undefined) this.#offset = undefined;
    this.#reported = ntp - rtpTimestamp * this.#msPerTick;
  }

  /** Something came; gives when it was taken, ms. Timestamps are unwrapped and rise. */
  at(rtpTimestamp: number, arrivedAt: number): number {
    const media = rtpTimestamp * this.#msPerTick;
    this.#noteArrival(arrivedAt, arrivedAt - media);
    const target = this.#target();
    this.#offset = this.#follow(target, media);
    this.#lastMedia = media;
    return media + this.#offset;
  }

  #follow(target: number, media: number): number {
    if (this.#offset === undefined) return target;
    const difference = target - this.#offset;
    if (difference > LOST_MS || difference < -JUMP_MS) return target;
    const most = Math.max(0, media - this.#lastMedia) * SLEW;
    return this.#offset + Math.max(-most, Math.min(most, difference));
  }

  #noteArrival(at: number, offset: number): void {
    const last = this.#arrivals.at(-1);
    // Timestamps that jump make what was before worthless, and the last report, too.
    if (last && Math.abs(offset - last.offset) > MAX_AGE_MS) this.#forget();
    const current = this.#arrivals.at(-1);
    if (current && at - current.at < BUCKET_MS) current.offset = Math.min(current.offset, offset);
    else this.#arrivals.push({ at, offset });
    while ((this.#arrivals[0]?.at ?? at) < at - WINDOW_MS) this.#arrivals.shift();
  }

  #forget(): void {
    this.#arrivals.length = 0;
    this.#reported = undefined;
  }

  #target(): number {
    const { offset } = this.#reports;
    if (this.#reported !== undefined && offset !== undefined) return this.#reported + offset;
    return Math.min(...this.#arrivals.map(({ offset }) => offset));
  }
}
