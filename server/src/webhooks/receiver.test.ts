import { describe, expect, it } from 'vitest';
import { findReceiver, isPublic, parseReceiver } from './receiver.ts';

const PUBLIC = ['1.1.1.1', '93.184.215.14', '172.32.0.1', '192.167.0.1', '2606:4700:4700::1111'];
const SPECIAL = [
  ...['0.0.0.0', '10.0.0.1', '100.64.0.1', '127.0.0.1', '127.8.9.1', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.0.0.8', '192.0.2.1', '192.168.1.1', '198.18.0.1', '203.0.113.9', '224.0.0.1'],
  ...['240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ...['64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::', 'fc00::1'],
  ...['fd12:3456::1', 'fe80::1', 'fec0::1', 'ff02::1', 'nonsense', ''],
];
/** Ways to write loopback and the like that the URL parser understands. */
const DISGUISED = [
  ...['http://127.1/', 'http://0x7f.1/', 'http://2130706433/', 'http://0177.0.0.1/', 'http://[::1]/'],
  ...['http://[::ffff:127.0.0.1]/', 'http://[0:0:0:0:0:0:0:1]:80/', 'http://１２７.0.0.1/', 'http://0/'],
];

const refused = expect.objectContaining({ code: 'URL_REFUSED' }) as Error;
const resolving = (...addresses: string[]) => ({
  allowPrivate: false,
  resolve: () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))),
});

describe('the address of a receiver', () => {
  it.each(PUBLIC)('%s is public', (address) => expect(isPublic(address)).toBe(true));
  it.each(SPECIAL)('%s is not', (address) => expect(isPublic(address)).toBe(false));

  it.each(DISGUISED)('%s is refused at once', (url) => {
    expect(() => parseReceiver(url, false)).toThrow(refused);
    expect(() => parseReceiver(url, true)).not.toThrow();
  });

  it.each(['', 'no url', 'ftp://example.com/', 'file:///etc/passwd', 'https://ann:secret@example.com/'])(
    '%s is refused, whatever is allowed',
    (url) => expect(() => parseReceiver(url, true)).toThrow(refused),
  );

  it('is refused when one address of many is private', async () => {
    const found = await findReceiver('https://example.com/x#y', resolving('1.1.1.1', '2606:4700::1'));
    expect(found.url.href).toBe('https://example.com/x');
    expect(found.addresses.map(({ address }) => address)).toEqual(['1.1.1.1', '2606:4700::1']);
    const mixed = resolving('1.1.1.1', '10.0.0.1');
    await expect(findReceiver('https://example.com/', mixed)).rejects.toEqual(refused);
    await expect(findReceiver('https://example.com/', resolving())).rejects.toEqual(refused);
  });
});
