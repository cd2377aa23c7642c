import { fromDb, TICK_MS } from './units.ts';

/** How much quieter a phone is made while what it sends may be the echo of the room, dB. */
const DEPTH = -12;
/** An echo of the line is so much quieter than what was sent to the phone (echo return loss, ITU-T G.122), dB. */
const RETURN_LOSS = 10;
/** What was sent to the phone comes back within, ms. */
const REACH_MS = 300;
const LOUD = -45;

/** Two wires at the end of a line send part of the room back. While that is all that comes, it is made quieter. */
export class EchoDucker {
  readonly #sent: number[] = [];
  #gain = 1;

  /** `sent`: level of what went to the phone at this tick; `come`: of what came from it; both dBov. Returns the gain for what came. */
  gainFor(come: number, sent: number): number {
    this.#sent.push(sent);
    if (this.#sent.length > REACH_MS / TICK_MS) this.#sent.shift();
    const loudest = Math.max(...this.#sent);
    const isEcho = loudest > LOUD && come < loudest - RETURN_LOSS;
    const wanted = isEcho ? fromDb(DEPTH) : 1;
    this.#gain += (wanted - this.#gain) * (wanted < this.#gain ? 0.5 : 0.3);
    return this.#gain > 0.99 ? 1 : this.#gain;
  }
}
