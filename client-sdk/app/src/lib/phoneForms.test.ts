import type { TrunkInfo } from '@parley/client-sdk';
import { describe, expect, it, test } from 'vitest';
import {
  numbersOf,
  ruleBodyOf,
  ruleProblems,
  ruleWishOf,
  trunkBodyOf,
  trunkProblems,
  trunkWishOf,
} from './phoneForms.ts';

const PRESENT: TrunkInfo = {
  ...{ trunkId: 'carrier', name: 'Berlin', enabled: true, country: 'DE', fixed: false, minutesToday: 0 },
  ...{
    codecs: ['PCMA'],
    encryption: 'required',
    symmetricRtp: false,
    inbandKeys: true,
    optionsSeconds: 30,
    maxCalls: 5,
  },
  inbound: { numbers: ['+493012345678'], allowedAddresses: ['203.0.113.0/28'], auth: null },
  outbound: {
    ...{ address: 'sip.example.org', transport: 'tls', proxy: 'sip:proxy.example.org' },
    ...{ auth: { username: 'parley' }, callerId: '+493012345678', callerIdHeader: 'P-Asserted-Identity' },
    ...{ headers: { 'X-Customer': '7' }, prefixes: ['+49'], minutesPerDay: 60, numberFormat: 'digits' },
  },
  registration: null,
  transfers: true,
  tls: { verify: true, alpn: false, minVersion: 'TLSv1.3' },
  state: { trunkId: 'carrier', registration: 'off', reachable: 'up', why: null, calls: 0 },
};

test('numbers may be typed as people write them', () => {
  expect(numbersOf('+49 (30) 12-34,\n 101 ; +4930*\n\n')).toEqual(['+49301234', '101', '+4930*']);
});

describe('the form of a trunk', () => {
  it('changes nothing that it does not show', () => {
    const { trunkId, fixed, state, minutesToday, ...rest } = PRESENT;
    expect([trunkId, fixed, state.calls, minutesToday]).toBeDefined();
    expect(trunkBodyOf(trunkWishOf(PRESENT), PRESENT)).toEqual(rest);
  });
  it('sends a password only when one was typed', () => {
    const wish = trunkWishOf(PRESENT);
    const body = trunkBodyOf({ ...wish, out: { ...wish.out, password: 'x' } }, PRESENT);
    expect(body.outbound?.auth).toEqual({ username: 'parley', password: 'x' });
  });
  it('finds nothing wrong with what the server has', () => {
    expect(trunkProblems(trunkWishOf(PRESENT), [])).toEqual({});
  });
  it('says what is wrong with each field', () => {
    const wish = trunkWishOf(null);
    const problems = trunkProblems(
      {
        ...{ ...wish, trunkId: 'a b', country: 'de', maxCalls: '0', optionsSeconds: '-1' },
        in: { ...wish.in, numbers: 'call me!', addresses: 'here' },
        out: { ...wish.out, on: true, address: '', callerId: '030', prefixes: '49', minutes: 'x' },
        register: { ...wish.register, on: true },
      },
      [],
    );
    expect(Object.keys(problems).sort()).toEqual([
      ...['country', 'inbound/allowedAddresses', 'inbound/numbers', 'maxCalls', 'optionsSeconds'],
      ...['outbound/address', 'outbound/callerId', 'outbound/minutesPerDay', 'outbound/prefixes'],
      ...['registration/registrar', 'registration/username', 'trunkId'],
    ]);
  });
  it('does not look at what is switched off', () => {
    const empty = { ...trunkWishOf(null), trunkId: 'a', country: 'DE' };
    const wish = { ...empty, in: { ...empty.in, addresses: '203.0.113.7' } };
    expect(trunkProblems({ ...wish, in: { ...wish.in, on: false, numbers: '' } }, [])).toEqual({});
    expect(trunkProblems(wish, ['a'])).toEqual({ trunkId: expect.stringMatching(/already/) as string });
  });
  it('asks by whom calls are to come in', () => {
    const empty = { ...trunkWishOf(null), trunkId: 'a', country: 'DE' };
    const fields = (change: Partial<typeof empty>) => Object.keys(trunkProblems({ ...empty, ...change }, []));
    expect(fields({})).toEqual(['inbound/allowedAddresses']);
    expect(fields({ in: { ...empty.in, addresses: '203.0.113.7' } })).toEqual([]);
    expect(fields({ in: { ...empty.in, username: 'carrier' } })).toEqual([]);
    expect(fields({ out: { ...empty.out, on: true, address: 'sip.example.org' } })).toEqual([]);
    expect(fields({ register: { ...empty.register, on: true, registrar: 'r', username: 'u' } })).toEqual([]);
  });
  it('throws no password away', () => {
    const wish = { ...trunkWishOf(PRESENT), trunkId: 'a' };
    const change = { username: ' ', password: 'x' };
    const changed = { ...wish, in: { ...wish.in, ...change }, out: { ...wish.out, ...change } };
    const problems = trunkProblems(changed, []);
    expect(Object.keys(problems)).toEqual(['inbound/auth/username', 'outbound/auth/username']);
    expect(trunkProblems({ ...changed, in: { ...changed.in, on: false } }, [])).not.toHaveProperty([
      'inbound/auth/username',
    ]);
  });
  it('registers under the user name where no other is given', () => {
    const wish = trunkWishOf(null);
    const register = { ...wish.register, on: true, registrar: 'r', username: 'u', password: 'p' };
    expect(trunkBodyOf({ ...wish, register }, null).registration).toEqual({
      ...{ registrar: 'r', username: 'u', auth: { username: 'u', password: 'p' } },
    });
  });
});

describe('the form of a rule', () => {
  const wish = { ...ruleWishOf(null), ruleId: 'a' };

  test.each([
    ['room', 'demo', { kind: 'room', room: 'demo' }],
    ['pin', '', { kind: 'pin' }],
    ['user', 'ann', { kind: 'user', identity: 'ann' }],
    ['webhook', 'https://a', { kind: 'webhook', url: 'https://a' }],
    ['reject', '603', { kind: 'reject', status: 603 }],
  ] as const)('sends %s %s, and reads it back', (kind, value, target) => {
    const body = ruleBodyOf({ ...wish, kind, value, numbers: '+49 30 1', trunkId: 'x y' });
    expect(body).toEqual({ priority: 100, numbers: ['+49301'], callers: [], trunkIds: ['x', 'y'], target });
    const again = ruleWishOf({
      ruleId: 'a',
      fixed: false,
      priority: 100,
      numbers: [],
      callers: [],
      trunkIds: [],
      target,
    });
    expect(again).toMatchObject({ kind, value });
    expect(ruleProblems({ ...wish, kind, value }, [])).toEqual({});
  });

  test.each([
    ['room', 'a b'],
    ['user', ''],
    ['webhook', 'ftp://a'],
    ['reject', '200'],
  ] as const)('does not take %s "%s"', (kind, value) => {
    expect(Object.keys(ruleProblems({ ...wish, kind, value }, []))).toEqual(['target']);
  });
});
