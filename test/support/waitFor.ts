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

/** The value below which `share` (0 to 1) of the figures lie. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function report(name: string, figures: readonly number[]): void {
  const [p50, p95] = [percentile(figures, 0.5), percentile(figures, 0.95)].map(Math.round);
  console.log(
    `${name}: p50 ${p50} ms, p95 ${p95} ms, max ${Math.round(Math.max(...figures))} ms (n=${figures.length})`,
  );
}
