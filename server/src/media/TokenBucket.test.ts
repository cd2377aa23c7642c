import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './TokenBucket.ts';

describe('TokenBucket', () => {
  it('gives a burst, then refills with time', () => {
    const bucket = new TokenBucket({ rate: 10, burst: 2, now: 0 });
    expect([bucket.take(1, 0), bucket.take(1, 0), bucket.take(1, 0)]).toEqual([true, true, false]);
    expect(bucket.take(1, 99)).toBe(false);
    expect(bucket.take(1, 100)).toBe(true);
  });

  it('never gives more than burst plus rate times the time', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 500 }),
      amount: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const bucket = new TokenBucket({ rate: 20, burst: 7, now: 0 });
        let now = 0;
        let given = 0;
        for (const { wait, amount } of steps) {
          now += wait;
          if (bucket.take(amount, now)) given += amount;
        }
        expect(given).toBeLessThanOrEqual(7 + (now / 1000) * 20 + 1e-6);
      }),
    );
  });
});
