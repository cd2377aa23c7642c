import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AddressList } from './AddressList.ts';
import { SourceLimits, admission } from './SourceLimits.ts';

describe('a list of addresses', () => {
  it.each([
    [['192.0.2.7'], '192.0.2.7', true],
    [['192.0.2.7'], '::ffff:192.0.2.7', true],
    [['192.0.2.7'], '192.0.2.8', false],
    [['192.0.2.0/24', '10.0.0.0/8'], '10.255.0.1', true],
    [['192.0.2.0/24'], '192.0.3.1', false],
    [['2001:db8::/32'], '2001:db8:1::5', true],
    [['2001:db8::/32'], '2001:db9::5', false],
    [['0.0.0.0/0'], '2001:db8::5', false],
    [['0.0.0.0/0'], '203.0.113.9', true],
    [[], '203.0.113.9', false],
    [['192.0.2.0/24'], 'nonsense', false],
  ])('%j has %s: %s', (list, address, expected) => {
    expect(new AddressList(list).has(address)).toBe(expected);
  });

  it.each(['sip.example.org', '192.0.2.0/33', '192.0.2.0/x', '192.0.2.0/24/1', '', '::/129'])(
    '%s is refused',
    (text) => {
      expect(() => new AddressList([text])).toThrow('neither an address nor a block');
    },
  );
});

describe('admission', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 0 }));
  afterEach(() => vi.useRealTimers());

  it('lets strangers in not at all, and known ones so often', () => {
    const limits = new SourceLimits({ rate: 10, burst: 3 });
    const admits = admission((address) => address.startsWith('192.'), limits);
    const tries = (address: string) => [1, 2, 3, 4].map(() => admits(address));
    expect(tries('203.0.113.9')).toEqual([false, false, false, false]);
    expect(tries('192.0.2.1')).toEqual([true, true, true, false]);
    expect(tries('192.0.2.2')).toEqual([true, true, true, false]);
    expect(limits.refused).toBe(2);
    vi.advanceTimersByTime(100);
    expect(tries('192.0.2.1')).toEqual([true, false, false, false]);
  });
});
