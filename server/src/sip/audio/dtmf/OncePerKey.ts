import type { Digit } from './digits.ts';

/** How soon the same key by another way is the same press, ms. */
const SAME_MS = 150;

/** Phones that send a key in several ways at once have pressed it once. */
export class OncePerKey {
  #last: { digit: Digit; way: string; at: number } | undefined;

  /** Whether this is a press of its own. `way`: how it came; `at`: ms of a clock that only goes forward. */
  isNew(digit: Digit, way: string, at: number): boolean {
    const last = this.#last;
    if (last?.digit === digit && last.way !== way && at - last.at < SAME_MS) return false;
    this.#last = { digit, way, at };
    return true;
  }
}
