// eslint-disable-next-line no-restricted-syntax -- this is how conditions are waited for
import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Milliseconds until it is given up. */
  timeout?: number;
  interval?: number;
}

/** Waits until `look` gives something that `done` accepts; says what was awaited and what was last seen when it never does. */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  { timeout = 15_000, interval = 50, done }: WaitOptions & { done: (seen: T) => boolean },
): Promise<T> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const seen = await look();
    if (done(seen)) return seen;
    if (performance.now() > deadline)
      throw new Error(`Waited ${timeout} ms for: ${what}. Last seen: ${JSON.stringify(seen)}`);
    await delay(interval);
  }
}
