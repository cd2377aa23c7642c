import type { LookupAddress } from 'node:dns';
import { expect, it, vi } from 'vitest';
import { createSystemResolver } from './systemResolver.ts';

const ADDRESSES: LookupAddress[] = [{ address: '127.0.0.1', family: 4 }];

it('asks once for a name while the answer is awaited', async () => {
  const lookup = vi.fn(() => Promise.resolve(ADDRESSES));
  const resolve = createSystemResolver(lookup);
  expect(await Promise.all([resolve('a.test'), resolve('a.test')])).toEqual([ADDRESSES, ADDRESSES]);
  expect(lookup).toHaveBeenCalledTimes(1);
  await resolve('a.test');
  expect(lookup).toHaveBeenCalledTimes(2);
});

it('is not held up by names whose server is dead', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const asked: string[] = [];
    const dead = [Promise.withResolvers<LookupAddress[]>(), Promise.withResolvers<LookupAddress[]>()];
    const resolve = createSystemResolver((hostname) => {
      asked.push(hostname);
      if (hostname === 'good.test') return Promise.resolve(ADDRESSES);
      return (hostname === 'dead.test' ? dead[0] : dead[1])?.promise ?? Promise.reject(new Error(hostname));
    });
    const answers = ['dead.test', 'dead2.test', 'good.test'].map((hostname) => resolve(hostname));
    await vi.advanceTimersByTimeAsync(2500);
    expect(await answers[2]).toEqual(ADDRESSES);
    for (const { reject } of dead) reject(new Error('ENOTFOUND'));
    for (const answer of answers.slice(0, 2)) await expect(answer).rejects.toThrow('ENOTFOUND');
    // By now it is known: both stand in a line of their own, and the good one does not wait at all.
    for (const one of dead) Object.assign(one, Promise.withResolvers());
    const again = ['dead.test', 'dead2.test', 'good.test'].map((hostname) => resolve(hostname));
    expect(await again[2]).toEqual(ADDRESSES);
    expect(asked.slice(3)).toEqual(['dead.test', 'good.test']);
  } finally {
    vi.useRealTimers();
  }
});

it('looks names up as the system does', async () => {
  const addresses = await createSystemResolver()('localhost');
  expect(addresses.map(({ address }) => address)).toContain('127.0.0.1');
});
