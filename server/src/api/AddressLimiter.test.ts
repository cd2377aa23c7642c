import { expect, test } from 'vitest';
import { AddressLimiter } from './AddressLimiter.ts';

test('gives a burst, then as many as time brings', () => {
  let now = 0;
  const limiter = new AddressLimiter({ burst: 2, perSecond: 0.5, now: () => now });
  expect([limiter.take('192.0.2.1'), limiter.take('192.0.2.1'), limiter.take('192.0.2.1')]).toEqual([
    0, 0, 2,
  ]);
  expect(limiter.take('192.0.2.2')).toBe(0);
  now += 1000;
  expect(limiter.take('192.0.2.1')).toBe(1);
  now += 1000;
  expect([limiter.take('192.0.2.1'), limiter.take('192.0.2.1')]).toEqual([0, 2]);
  now += 3_600_000;
  expect([limiter.take('192.0.2.1'), limiter.take('192.0.2.1'), limiter.take('192.0.2.1')]).toEqual([
    0, 0, 2,
  ]);
});

test('remembers those who came last, and no more than it can hold', () => {
  const limiter = new AddressLimiter({ burst: 1, perSecond: 1, now: () => 0 });
  limiter.take('first');
  for (let number = 0; number < 9999; number += 1) limiter.take(`other-${number}`);
  expect(limiter.take('first')).toBe(1);
  limiter.take('one more');
  expect([limiter.take('first'), limiter.take('other-0')]).toEqual([1, 0]);
});
