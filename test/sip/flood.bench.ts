/** What a flood of SIP messages does to the process of phones, and to those who call meanwhile. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { amount, figure } from '../support/figures.ts';

const FLOOD = join(import.meta.dirname, '../../server/src/sip/process/testing/floodProcess.ts');

interface Flooded {
  setUps: number[];
  sent: number;
  memory: { before: number; most: number; after: number; second: number };
  dropped: number;
  isAlive: boolean;
}

async function underFlood(flooding: {
  perSecond: number;
  seconds: number;
  settleSeconds: number;
  secondSeconds: number;
}) {
  const child = fork(FLOOD, { serialization: 'advanced' });
  child.send(flooding);
  const [flooded] = (await once(child, 'message')) as [Flooded];
  return flooded;
}

const PER_SECOND = 2000;
const SECONDS = amount('BENCH_FLOOD_SECONDS', 60);
/** Transactions are forgotten after 32 s (RFC 3261, timer H). */
const SETTLE_S = 45;
const [MOST_MIB, LEFT_MIB, MOST_MS] = [64, 8, 1000];

it(
  `takes calls while ${PER_SECOND} messages a second come in`,
  { tags: 'sip', timeout: 300_000 },
  async () => {
    const { setUps, sent, memory, dropped, isAlive } = await underFlood({
      ...{ perSecond: PER_SECOND, seconds: SECONDS, settleSeconds: SETTLE_S, secondSeconds: SECONDS / 2 },
    });
    const what = `${PER_SECOND} SIP messages a second for ${SECONDS} s`;
    const longest = Math.max(...setUps);
    const [growth, left] = [memory.most - memory.before, memory.after - memory.before];
    const again = memory.second - memory.before;
    figure(`${what}: sent`, { value: sent, unit: 'messages' });
    figure(`${what}: dropped unread`, { value: (100 * dropped) / sent, unit: '%' });
    figure(`${what}: longest set-up of ${setUps.length} legal calls`, {
      ...{ value: longest, unit: 'ms', limit: MOST_MS },
    });
    figure(`${what}: growth of memory`, { value: growth, unit: 'MiB', limit: MOST_MIB });
    figure(`${what}: growth that is left ${SETTLE_S} s later`, {
      ...{ value: left, unit: 'MiB', limit: LEFT_MIB },
    });
    figure(`${what}: growth after as much again for ${SECONDS / 2} s, beside the first`, {
      ...{ value: again, unit: 'MiB', limit: growth },
    });
    expect(isAlive).toBe(true);
    expect(sent).toBeGreaterThan(0.9 * PER_SECOND * SECONDS);
    expect(longest).toBeLessThan(MOST_MS);
    expect(growth).toBeLessThan(MOST_MIB);
    // It comes back; and the next, which is shorter, needs no more than the first: nothing is lost with each.
    expect(left).toBeLessThan(LEFT_MIB);
    expect(again).toBeLessThan(growth);
  },
);
