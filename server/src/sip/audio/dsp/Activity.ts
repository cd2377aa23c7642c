import { TICK_MS } from './units.ts';

/** A voice is so much louder than what is always there, dB. */
const ABOVE_FLOOR = 9;
/** Nothing below is a voice, and everything above is, dBov. */
const LEAST = -55;
const CERTAIN = -25;
/** Pauses within a sentence, ms. */
const HANG_OVER_MS = 400;
/** How fast the floor follows up, dB for each tick: a voice of ten seconds lifts it by as much. */
const RISE = 0.02;

/** Whether somebody speaks, told from the noise of the line, whose level is learnt. */
export class Activity {
  #floor = -60;
  #left = 0;

  /** `level` of one tick, dBov. */
  note(level: number): boolean {
    this.#floor = level < this.#floor ? this.#floor + (level - this.#floor) * 0.3 : this.#floor + RISE;
    // What is as steady as a tone is heard, too: the floor never passes for the voice itself.
    this.#floor = Math.max(-90, Math.min(this.#floor, CERTAIN - ABOVE_FLOOR));
    const isVoice = level > CERTAIN || (level > LEAST && level > this.#floor + ABOVE_FLOOR);
    this.#left = isVoice ? HANG_OVER_MS : Math.max(0, this.#left - TICK_MS);
    return this.#left > 0;
  }
}
