/** Quieter than this is not worth a place in the mix, dBov. */
const AUDIBLE = -65;
/** How long one keeps one's place after that, ms: sentences have pauses. */
const HANG_OVER_MS = 1000;
/** dB for each tick that the memory of a loud word loses. */
const FALL = 0.5;

/** How loud somebody has been lately: what decides who is heard where many speak. */
export class Loudness {
  #level = -127;
  #heardAt = Number.NEGATIVE_INFINITY;

  /** dBov, of one packet or tick; `at` in ms. */
  note(level: number, at: number): void {
    this.#level = Math.max(level, this.#level - FALL);
    if (level > AUDIBLE) this.#heardAt = at;
  }

  get level(): number {
    return this.#level;
  }

  isAudible(now: number): boolean {
    return now - this.#heardAt < HANG_OVER_MS;
  }
}
