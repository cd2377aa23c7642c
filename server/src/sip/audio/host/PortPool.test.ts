import { expect, it } from 'vitest';
import { PortPool } from './PortPool.ts';

it('gives even ports, each once, and lets them rest', () => {
  let now = 0;
  const pool = new PortPool({ from: 20_001, to: 20_007 }, () => now);
  expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([20_002, 20_004, 20_006, undefined]);
  pool.giveBack(20_004);
  now = 29_999;
  expect(pool.take()).toBeUndefined();
  now = 30_000;
  expect(pool.take()).toBe(20_004);
});

it('lets those rest that sound may come to, and the others be taken last', () => {
  const pool = new PortPool({ from: 20_000, to: 20_005 }, () => 0);
  const [first, second] = [pool.take(), pool.take()];
  pool.giveBack(first ?? 0, { rests: false });
  pool.giveBack(second ?? 0);
  expect([pool.take(), pool.take(), pool.take()]).toEqual([20_004, 20_000, undefined]);
});

it('has none where the range is too small', () => {
  expect(new PortPool({ from: 20_001, to: 20_002 }).take()).toBeUndefined();
  expect(new PortPool({ from: 20_000, to: 20_001 }).take()).toBe(20_000);
});
