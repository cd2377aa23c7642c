import { lookup } from 'node:dns/promises';
import { Semaphore } from '../util/Semaphore.ts';
import type { Resolve } from './receiver.ts';

/**
 * Looks names up as all else on the machine does, /etc/hosts included. Each lookup holds one of the few threads that files
 * are read with, too: a name whose server is dead takes one, however often it is asked for, and all such names together two.
 */
export function createSystemResolver(): Resolve {
  const threads = new Semaphore(2);
  const underWay = new Map<string, ReturnType<Resolve>>();
  return (hostname) => {
    const present = underWay.get(hostname);
    if (present) return present;
    const answer = threads
      .run(() => lookup(hostname, { all: true }))
      .finally(() => underWay.delete(hostname));
    underWay.set(hostname, answer);
    return answer;
  };
}
