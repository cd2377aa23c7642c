import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { createServer, connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { startupBanner } from './banner.ts';
import { createListeners, listUrls, type Listeners } from './listeners.ts';
import { startHarness } from './testing/harness.ts';
import { ownCertificate } from './tls.ts';

let dataDir: string;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-listen-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A free port, below those that the system gives away by itself, so that nobody takes it meanwhile by chance. */
async function freePort(): Promise<number> {
  const port = randomInt(20_000, 32_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '0.0.0.0', () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function start(env: Record<string, string>): Promise<Listeners> {
  const all = { PARLEY_DATA_DIR: dataDir, PARLEY_HTTP_PORT: '0', PARLEY_HTTP_LAN_HTTPS_PORT: '0', ...env };
  const { app, config } = await startHarness({ env: all });
  closing.push(() => app.close());
  const listeners = await createListeners({ config, handler: app.routing });
  closing.push(() => listeners.close(0));
  return listeners;
}
const portOf = (listeners: Listeners): number => (listeners.servers[0]?.address() as AddressInfo).port;

async function getOverTls(url: string): Promise<{ status: number | undefined; body: string }> {
  const request = get(url, { rejectUnauthorized: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

test('http and https lead to one app, and upgrades can be caught on both', async () => {
  const lanPort = await freePort();
  const listeners = await start({ PARLEY_HTTP_LAN_HTTPS_PORT: String(lanPort) });
  expect(listeners.servers).toHaveLength(2);
  expect(listeners.urls[0]).toEqual({ url: `http://localhost:${portOf(listeners)}`, reach: 'local' });
  const plain = await fetch(`http://127.0.0.1:${portOf(listeners)}/healthz`);
  expect(await plain.json()).toEqual({ status: 'ok' });
  expect(await getOverTls(`https://127.0.0.1:${lanPort}/healthz`)).toEqual({
    status: 200,
    body: '{"status":"ok"}',
  });
  for (const server of listeners.servers)
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 101 OK\r\n\r\n'));
  const socket = connect(portOf(listeners), '127.0.0.1');
  socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  expect(await text(socket)).toContain('101');
});

test('over https a guest is sent to wss', async () => {
  const lanPort = await freePort();
  await start({ PARLEY_HTTP_LAN_HTTPS_PORT: String(lanPort) });
  const { cert } = await ownCertificate(dataDir);
  // The certificate is checked here, as a browser does that accepted it.
  const { request } = await import('node:https');
  const join = request(`https://127.0.0.1:${lanPort}/api/v1/rooms/demo/join`, {
    method: 'POST',
    ca: cert,
    headers: { 'content-type': 'application/json' },
  });
  join.end(JSON.stringify({ displayName: 'Ann', create: true }));
  const [response] = (await once(join, 'response')) as [IncomingMessage];
  expect(JSON.parse(await text(response))).toMatchObject({ url: `wss://127.0.0.1:${lanPort}/ws` });
});

test('a configured certificate makes http.port speak https, and nothing else is opened', async () => {
  await ownCertificate(dataDir);
  const path = join(dataDir, 'tls', 'self-signed.pem');
  const listeners = await start({
    PARLEY_HTTP_TLS_CERT: path,
    PARLEY_HTTP_TLS_KEY: path,
    PARLEY_HTTP_LAN_HTTPS_PORT: String(await freePort()),
  });
  expect(listeners.servers).toHaveLength(1);
  expect(listeners.urls).toEqual([{ url: `https://localhost:${portOf(listeners)}`, reach: 'public' }]);
  expect((await getOverTls(`https://127.0.0.1:${portOf(listeners)}/healthz`)).status).toBe(200);
});

test.each(['http.port', 'http.lanHttpsPort'])(
  'a taken %s is named, and nothing stays open',
  async (setting) => {
    const taken = createServer().listen(0, '0.0.0.0');
    await once(taken, 'listening');
    closing.push(() => new Promise((resolve) => taken.close(resolve)));
    const port = (taken.address() as AddressInfo).port;
    const other = await freePort();
    const [http, lan] = setting === 'http.port' ? [port, other] : [other, port];
    const env = { PARLEY_HTTP_PORT: String(http), PARLEY_HTTP_LAN_HTTPS_PORT: String(lan) };
    await expect(start(env)).rejects.toThrow(`Port ${port} is taken by another program`);
    await expect(start(env)).rejects.toThrow(setting);
    await expect(fetch(`http://127.0.0.1:${other}/`)).rejects.toThrow('fetch failed');
  },
);

test('an address that is not ours is named', async () => {
  await expect(start({ PARLEY_HTTP_HOST: '192.0.2.1' })).rejects.toThrow(
    /does not have the address 192.0.2.1.*http.host/,
  );
});

describe('bad input on the socket', () => {
  const send = async (bytes: string): Promise<string> => {
    const socket = connect(portOf(await start({})), '127.0.0.1');
    socket.write(bytes);
    return text(socket);
  };
  test.each([
    ['no HTTP', 'hello\r\n\r\n', '400', 'INVALID_REQUEST'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}`,
      '431',
      'FRAME_TOO_LARGE',
    ],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      '400',
      'INVALID_REQUEST',
    ],
  ])('%s', async (_name, bytes, status, code) => {
    const answer = await send(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
  });

  test('slow clients are given ten seconds for their headers', async () => {
    const [server] = (await start({})).servers;
    expect(server?.headersTimeout).toBe(10_000);
    if (server) server.headersTimeout = 1;
    const socket = connect((server?.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 .*too slowly/s);
  });
});

test('close ends idle and upgraded connections, and can be called twice', async () => {
  const listeners = await start({});
  listeners.servers[0]?.on('upgrade', (_request, socket) => socket.write('HTTP/1.1 101 OK\r\n\r\n'));
  const idle = connect(portOf(listeners), '127.0.0.1');
  const upgraded = connect(portOf(listeners), '127.0.0.1');
  upgraded.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await Promise.all([once(upgraded, 'data'), once(idle, 'connect')]);
  const ends = [idle, upgraded].map((socket) => once(socket.resume(), 'close'));
  await Promise.all([listeners.close(10), listeners.close(10), ...ends]);
});

describe('addresses that are told', () => {
  const urls = (env: Record<string, string>, lanPort?: number, isSecure = false) =>
    listUrls({ http: loadConfig(env).http, port: 8080, lanPort, isSecure }, ['192.0.2.7', '2001:db8::7']);

  test('for this machine and the LAN', () => {
    expect(urls({}, 8443)).toEqual([
      { url: 'http://localhost:8080', reach: 'local' },
      { url: 'https://192.0.2.7:8443', reach: 'lan' },
    ]);
    expect(urls({ PARLEY_HTTP_HOST: '::' }, 8443).at(-1)?.url).toBe('https://[2001:db8::7]:8443');
    expect(urls({ PARLEY_HTTP_HOST: '192.0.2.7' }, 8443).map(({ url }) => url)).toEqual([
      'http://192.0.2.7:8080',
      'https://192.0.2.7:8443',
    ]);
  });

  test('in words', () => {
    const lan = startupBanner(urls({}, 8443), '1.2.3');
    expect(lan).toContain('Parley 1.2.3 is ready');
    expect(lan).toMatch(/On this machine, open\n {2}http:\/\/localhost:8080\n/);
    expect(lan).toMatch(/other devices.*\n {2}https:\/\/192.0.2.7:8443\nThe certificate there is self-made/);
    expect(startupBanner(urls({}), '1')).toContain('browsers want https');
    const open = startupBanner(urls({ PARLEY_HTTP_PUBLIC_URL: 'https://meet.test' }, undefined, true), '1');
    expect(open).toContain('Open\n  https://meet.test\n');
    expect(open).not.toContain('self-made');
  });
});
