import { describe, expect, it } from 'vitest';
import { isSip, parseUri, type SipUri } from '../message/uri.ts';
import { locate, type Names, type SrvRecord } from './locate.ts';

const record = (name: string, priority: number, weight = 0): SrvRecord => ({
  name,
  port: 5070,
  priority,
  weight,
});
const names: Names = {
  srv: (name) =>
    Promise.resolve(
      {
        '_sip._udp.example.org': [record('b', 20), record('a1', 10, 1), record('a3', 10, 3)],
        // RFC 2782: a root for a name says that there is no such service.
        '_sip._udp.off.example': [record('', 0)],
        '_sip._udp.zero.example': [{ ...record('b', 0), port: 0 }],
      }[name] ?? [],
    ),
  addresses: (name) =>
    Promise.resolve(
      {
        'example.org': ['192.0.2.1', '2001:db8::1'],
        a1: ['192.0.2.11'],
        a3: ['192.0.2.13'],
        b: ['192.0.2.20'],
        '': ['192.0.2.21'],
      }[name] ?? [],
    ),
};
function parseSip(text: string): SipUri {
  const uri = parseUri(text);
  if (!isSip(uri)) throw new Error(`${text} is of another kind.`);
  return uri;
}

const where = async (uri: string, random = () => 0.5) =>
  (await locate(parseUri(uri), names, { random })).map(
    ({ transport, address, port }) => `${transport} ${address} ${port}`,
  );

describe('where a request goes', () => {
  it.each([
    ['sip:bob@192.0.2.9', ['UDP 192.0.2.9 5060']],
    ['sip:bob@192.0.2.9:6000;transport=tcp', ['TCP 192.0.2.9 6000']],
    ['sips:bob@[2001:db8::9]', ['TLS 2001:db8::9 5061']],
    ['sip:bob@example.org:6000', ['UDP 192.0.2.1 6000', 'UDP 2001:db8::1 6000']],
    ['sip:bob@example.org;transport=tls', ['TLS 192.0.2.1 5061', 'TLS 2001:db8::1 5061']],
    ['sip:bob@nowhere.example', []],
    ['tel:+4930123', []],
    ['sip:off.example', []],
    ['sip:zero.example', []],
  ])('%s: %j', async (uri, expected) => {
    expect(await where(uri)).toEqual(expected);
  });

  it('is no port 0, whoever made the URI', async () => {
    const uri = { ...parseSip('sip:192.0.2.9'), port: 0 };
    expect(await locate(uri, names)).toEqual([]);
  });

  it('is what SRV records say: by priority, and by lot among equals', async () => {
    const [light, heavy, last] = ['UDP 192.0.2.11 5070', 'UDP 192.0.2.13 5070', 'UDP 192.0.2.20 5070'];
    expect(await where('sip:example.org', () => 0.1)).toEqual([light, heavy, last]);
    expect(await where('sip:example.org', () => 0.9)).toEqual([heavy, light, last]);
  });
});
