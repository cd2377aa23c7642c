/** How long until something that failed is tried again. */

const FIRST_MS = 1000;
/** With the most of jitter, the longest wait is 10 minutes. */
const LONGEST_MS = 480_000;
const JITTER = 0.25;

/** Ten minutes: no wait is longer. */
export const MAX_DELAY_MS = LONGEST_MS * (1 + JITTER);

/** Milliseconds to wait after this many attempts in a row. `random` is from 0 up to 1: not all come back at once. */
export function delayAfter(attempts: number, random = Math.random()): number {
  const delay = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30));
  return Math.round(delay * (1 + JITTER * random));
}
