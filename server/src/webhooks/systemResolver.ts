import { lookup as systemLookup } from 'node:dns/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Semaphore } from '../util/Semaphore.ts';
import type { Resolve } from './receiver.ts';

/** A name that takes longer than this, in ms, waits behind others like it from then on. */
const SLOW_MS = 1000;
const MAX_SLOW_NAMES = 1000;

/**
 * Looks names up as all else on the machine does, /etc/hosts included. Each lookup holds one of the few threads that files
 * are read with, too. So they come one after the other, and those that are known to be slow, as where the server of a name is
 * dead, in a line of their own: they hold up only names like them.
 */
export function createSystemResolver(
  lookup: Resolve = (hostname) => systemLookup(hostname, { all: true }),
): Resolve {
  const [quickLine, slowLine] = [new Semaphore(1), new Semaphore(1)];
  const slowNames = new Set<string>();
  const underWay = new Map<string, ReturnType<Resolve>>();

  const runSlowly: Resolve = (hostname) =>
    slowLine.run(async () => {
      const start = performance.now();
      try {
        return await lookup(hostname);
      } finally {
        if (performance.now() - start < SLOW_MS) slowNames.delete(hostname);
      }
    });
  const runQuickly: Resolve = async (hostname) => {
    const { answer } = await quickLine.run(async () => {
      const begun = lookup(hostname);
      const isSlow = await isPendingAfter(begun, SLOW_MS);
      if (isSlow && slowNames.size < MAX_SLOW_NAMES) slowNames.add(hostname);
      // In an object, since a promise would be waited for here.
      return { answer: begun };
    });
    return answer;
  };
  return (hostname) => {
    const present = underWay.get(hostname);
    if (present) return present;
    const run = slowNames.has(hostname) ? runSlowly : runQuickly;
    const answer = run(hostname).finally(() => underWay.delete(hostname));
    underWay.set(hostname, answer);
    return answer;
  };
}

async function isPendingAfter(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const over = promise.then(
    () => false,
    () => false,
  );
  const late = delay(ms, true, { ref: false, signal: timer.signal }).catch(() => true);
  try {
    return await Promise.race([over, late]);
  } finally {
    timer.abort();
  }
}
