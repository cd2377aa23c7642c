import { describe, expect, it } from 'vitest';
import { buildIceCandidates, planAddresses } from './listenAddresses.ts';

const info = (address: string, internal = false) => ({
  address,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  ...(address.includes(':') ? { family: 'IPv6' as const, scopeid: 0 } : { family: 'IPv4' as const }),
});
const interfaces = {
  lo: [info('127.0.0.1', true), info('::1', true)],
  wlan0: [info('fe80::1'), info('2001:db8::2'), info('192.0.2.2')],
  eth1: [info('198.51.100.7'), info('169.254.3.4')],
};
const all = ['192.0.2.2', '198.51.100.7', '2001:db8::2', '127.0.0.1'];

describe('planAddresses', () => {
  it.each([
    ['guesses all addresses, loopback last', '', [], { listen: all, announce: all }],
    ['takes a given address', '192.0.2.2', [], { listen: ['192.0.2.2'], announce: ['192.0.2.2'] }],
    [
      'expands a wildcard for clients',
      '0.0.0.0',
      [],
      { listen: ['0.0.0.0'], announce: ['192.0.2.2', '198.51.100.7', '127.0.0.1'] },
    ],
    ['expands the IPv6 wildcard', '::', [], { listen: ['::'], announce: ['2001:db8::2'] }],
    [
      'announces what is configured, each once, and nothing else',
      '',
      ['203.0.113.9', '2001:db8::99', 'media.example.org', '203.0.113.9'],
      { listen: all, announce: ['203.0.113.9', '2001:db8::99', 'media.example.org'] },
    ],
    [
      'announces more than it binds',
      '192.0.2.2',
      ['203.0.113.9', '2001:db8::99'],
      { listen: ['192.0.2.2'], announce: ['203.0.113.9', '2001:db8::99'] },
    ],
  ])('%s', (_name, listenIp, announcedAddresses, expected) => {
    expect(planAddresses({ listenIp, announcedAddresses, interfaces })).toEqual(expected);
  });

  it('works without any network', () => {
    const plan = planAddresses({ listenIp: '', announcedAddresses: [], interfaces: {} });
    expect(plan).toEqual({ listen: ['127.0.0.1'], announce: ['127.0.0.1'] });
  });

  it('bounds the number of addresses and keeps loopback', () => {
    const many = Array.from({ length: 40 }, (_, index) => info(`10.0.0.${index + 1}`));
    const { announce } = planAddresses({ listenIp: '', announcedAddresses: [], interfaces: { many } });
    expect(announce).toHaveLength(16);
    expect(announce.at(-1)).toBe('127.0.0.1');
  });

  it('names the setting when listenIp is no address', () => {
    expect(() => planAddresses({ listenIp: 'eth0', announcedAddresses: [], interfaces })).toThrow(
      /media\.listenIp.*"eth0"/,
    );
  });
});

describe('buildIceCandidates', () => {
  it('prefers every UDP candidate to every TCP candidate, and keeps the order', () => {
    const candidates = buildIceCandidates({ announce: all, port: 40_000, forceTcp: false });
    expect(candidates.map(({ protocol, address }) => `${protocol} ${address}`)).toEqual([
      ...all.map((address) => `udp ${address}`),
      ...all.map((address) => `tcp ${address}`),
    ]);
    const priorities = candidates.map(({ priority }) => priority);
    expect(priorities).toEqual([...priorities].sort((a, b) => b - a));
    expect(Math.max(...priorities)).toBeLessThan(2 ** 32);
    expect(new Set(candidates.map(({ foundation }) => foundation)).size).toBe(candidates.length);
  });

  it('offers only passive TCP when TCP is forced', () => {
    const candidates = buildIceCandidates({ announce: ['192.0.2.2'], port: 40_000, forceTcp: true });
    expect(candidates).toEqual([
      expect.objectContaining({ protocol: 'tcp', tcpType: 'passive', port: 40_000, type: 'host' }),
    ]);
  });
});
