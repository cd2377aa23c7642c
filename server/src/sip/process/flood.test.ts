import { expect, it } from 'vitest';
import { underFlood } from './testing/underFlood.ts';

it('a legal call is set up while strangers and a trunk send 2,000 messages a second', async () => {
  const { setUps, sent, memory, dropped, isAlive, refusals } = await underFlood({
    ...{ perSecond: 2000, seconds: 5, settleSeconds: 1 },
  });
  expect(isAlive).toBe(true);
  expect(sent).toBeGreaterThan(5000);
  expect(dropped).toBeGreaterThan(0);
  // The trunk is full of calls that nobody answers: all others are refused.
  expect(refusals.get(486)).toBeGreaterThan(0);
  expect(setUps.length).toBeGreaterThan(0);
  // How long it may take on a machine with nothing else to do says the bench.
  expect(Math.max(...setUps)).toBeLessThan(10_000);
  expect(memory.most - memory.before).toBeLessThan(64);
});
