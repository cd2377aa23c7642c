import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { lanAddresses, ownNames } from './addresses.ts';
import { configuredCertificate, ownCertificate } from './tls.ts';

let dataDir: string;
const file = (): string => join(dataDir, 'tls', 'self-signed.pem');
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-tls-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true, force: true });
});

const NAMES = ['localhost', 'box.example', '127.0.0.1', '192.0.2.7', '2001:db8::7'];

test('it covers every name and address, is private, and stays the same', async () => {
  const made = await ownCertificate(dataDir, NAMES);
  const certificate = new X509Certificate(made.cert);
  expect(certificate.checkHost('box.example')).toBe('box.example');
  expect(certificate.checkIP('192.0.2.7')).toBe('192.0.2.7');
  expect(certificate.checkIP('2001:db8::7')).toBeDefined();
  expect(certificate.ca).toBe(false);
  expect((statSync(file()).mode & 0o777).toString(8)).toBe('600');
  expect(await ownCertificate(dataDir, NAMES)).toEqual(made);
  expect(await ownCertificate(dataDir, ['2001:0db8:0::7'])).toEqual(made);
});

test('it is made anew for a new address, near its end, or when damaged', async () => {
  const first = await ownCertificate(dataDir, NAMES);
  const second = await ownCertificate(dataDir, [...NAMES, '192.0.2.8']);
  expect(second.cert).not.toBe(first.cert);
  vi.useFakeTimers({ now: Date.now() + 336 * 86_400_000, toFake: ['Date'] });
  const third = await ownCertificate(dataDir, NAMES);
  expect(third.cert).not.toBe(second.cert);
  writeFileSync(file(), 'damaged');
  expect((await ownCertificate(dataDir, NAMES)).cert).not.toBe(third.cert);
  expect(readFileSync(file(), 'utf8')).toContain('BEGIN CERTIFICATE');
});

test('a key that others may read is refused', async () => {
  await ownCertificate(dataDir, NAMES);
  chmodSync(file(), 0o644);
  await expect(ownCertificate(dataDir, NAMES)).rejects.toThrow(/can be read by other users/);
});

const configured = (cert: string, key: string) =>
  configuredCertificate(loadConfig({ PARLEY_HTTP_TLS_CERT: cert, PARLEY_HTTP_TLS_KEY: key }).http);

test('a configured certificate is used, and what is wrong with it is said', async () => {
  const { cert, key } = await ownCertificate(dataDir, NAMES);
  const other = await generate([{ name: 'commonName', value: 'x' }], { keyType: 'ec' });
  const path = (name: string, text: string): string => {
    writeFileSync(join(dataDir, name), text);
    return join(dataDir, name);
  };
  const [certPath, keyPath] = [path('cert', cert), path('key', key)];
  expect(configured(certPath, keyPath)).toEqual({ cert, key });
  expect(configured('', '')).toBeUndefined();
  expect(() => configured(certPath, '')).toThrow(/Only one of .*PARLEY_HTTP_TLS_KEY/);
  expect(() => configured(join(dataDir, 'none'), keyPath)).toThrow(/http.tlsCert cannot be read: ENOENT/);
  expect(() => configured(path('x', 'x'), keyPath)).toThrow(/the certificate is not in PEM/);
  expect(() => configured(certPath, path('x', 'x'))).toThrow(/the key is not in PEM/);
  expect(() => configured(certPath, path('o', other.private))).toThrow(
    /the key belongs to another certificate/,
  );
  vi.useFakeTimers({ now: Date.now() + 400 * 86_400_000, toFake: ['Date'] });
  expect(() => configured(certPath, keyPath)).toThrow(/expired on/);
});

test('addresses that lead nowhere else are left out', () => {
  const entry = (address: string, internal = false) => ({
    address,
    internal,
    netmask: '',
    mac: '',
    cidr: null,
    ...(address.includes(':') ? { family: 'IPv6' as const, scopeid: 0 } : { family: 'IPv4' as const }),
  });
  const interfaces = {
    lo: [entry('127.0.0.1', true), entry('::1', true)],
    eth0: [entry('192.0.2.7'), entry('fe80::1'), entry('2001:db8::7'), entry('169.254.1.1')],
  };
  expect(lanAddresses(interfaces)).toEqual(['192.0.2.7', '2001:db8::7']);
  expect(ownNames()).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '::1']));
});
