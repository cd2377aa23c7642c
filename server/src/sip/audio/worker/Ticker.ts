import { TICK_MS } from '../dsp/units.ts';
import type { Counters } from '../mixer/counters.ts';

/** So many missed ticks are made up for; beyond that the clock is set anew. */
const CATCH_UP = 3;

/** Ticks every 20 ms by absolute deadlines: none is late because one before it was. */
export class Ticker {
  readonly #tick: (now: number) => void;
  readonly #counters: Counters;
  #next = performance.now() + TICK_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(tick: (now: number) => void, counters: Counters) {
    this.#tick = tick;
    this.#counters = counters;
  }

  start(): void {
    this.#next = performance.now() + TICK_MS;
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, Math.ceil(this.#next - performance.now())));
  }

  #run(): void {
    const begin = performance.now();
    const late = begin - this.#next;
    if (late > TICK_MS) this.#counters.lateTicks += 1;
    if (late > CATCH_UP * TICK_MS) {
      this.#counters.tickResets += 1;
      this.#next = begin;
    }
    while (this.#next <= begin) {
      this.#tick(Math.max(this.#next, begin));
      this.#next += TICK_MS;
    }
    this.#counters.workMs += performance.now() - begin;
    this.#wait();
  }
}
