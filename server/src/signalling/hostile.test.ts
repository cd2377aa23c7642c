import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { CLOSE_CODES, ERRORS, type ErrorBody, type TokenClaims } from '@parley/protocol';
import { sessionEndOf } from '../room/sessionEnds.ts';
import { startSignalling, type Harness } from './testing/harness.ts';
import { RawClient } from './testing/RawClient.ts';

const FAST = { timeout: 5000, interval: 2 };
let harness: Harness;
beforeEach(async () => {
  harness = await startSignalling();
});
afterEach(() => harness.close());

const restart = async (...options: Parameters<typeof startSignalling>): Promise<void> => {
  await harness.close();
  harness = await startSignalling(...options);
};
const joined = async (identity = 'ann') => {
  const client = await RawClient.open(harness.url);
  const { result } = await client.request('session.hello', harness.hello({ sub: identity }));
  await client.request('room.join');
  const ticket = { sessionId: String(result?.['sessionId']), resumeKey: String(result?.['resumeKey']) };
  return { client, ticket };
};
const resume = async (ticket: { sessionId: string; resumeKey: string }, lastSeq = 0) => {
  const client = await RawClient.open(harness.url);
  return { client, answer: await client.request('session.resume', { ...ticket, lastSeq }) };
};
/** What the web server says to a handshake written by hand. */
const handshake = (target: string, headers: Record<string, string> = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(harness.url);
    const socket = connect(Number(port), hostname);
    const all = {
      Host: 'localhost',
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.on('error', reject);
    socket.once('data', (data: Buffer) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.write(`GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
  });

describe('a hostile handshake', () => {
  it.each(['//', '//ws', 'http://[/ws', '*', '/ws/', '/wsx', '/%77s', '/?/ws', '/ws%00'])(
    'at %s is answered, and harms nobody',
    async (target) => {
      expect(await handshake(target)).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(await handshake('/ws?x=1')).toMatch(/^HTTP\/1\.1 101 /);
    },
  );

  it('without a key is refused by the rules of WebSocket', async () => {
    expect(await handshake('/ws', { 'Sec-WebSocket-Key': 'short' })).toMatch(/^HTTP\/1\.1 400 /);
    expect(await handshake('/ws', { Upgrade: 'h2c' })).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('from a foreign origin gets the error body of REST', async () => {
    await restart({ PARLEY_HTTP_ALLOWED_ORIGINS: 'https://app.example.org' });
    const answer = await handshake('/ws', { Origin: 'https://evil.example' });
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(JSON.parse(body)).toEqual({
      error: { code: 'ORIGIN_REFUSED', message: ERRORS.ORIGIN_REFUSED.message },
    } satisfies ErrorBody);
  });

  it('cannot hide behind an address that the proxy did not see', async () => {
    await restart({ PARLEY_SIGNALLING_MAX_SOCKETS_PER_ADDRESS: '1' }, { trustProxy: true });
    const client = await RawClient.open(harness.url, { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' });
    expect(await handshake('/ws', { 'X-Forwarded-For': '198.51.100.2, 203.0.113.9' })).toMatch(/ 429 /);
    expect(await handshake('/ws', { 'X-Forwarded-For': '203.0.113.8' })).toMatch(/ 101 /);
    const other = await RawClient.open(harness.url, { 'x-forwarded-for': '2001:db8:0:1::1' });
    expect(await handshake('/ws', { 'X-Forwarded-For': '2001:db8:0:1::2' })).toMatch(/ 429 /);
    await other.cut();
    await client.cut();
  });
});

describe('hostile frames', () => {
  it('above the hard limit close the socket, and the session can go on', async () => {
    const { client, ticket } = await joined();
    client.sendText('x'.repeat(300_000));
    expect(await client.closed()).toBe(1009);
    expect((await resume(ticket)).answer.result).toBeDefined();
  });

  it('in binary are answered', async () => {
    const { client } = await joined();
    client.sendText(new TextEncoder().encode('{"jsonrpc":"2.0","id":9,"method":"session.ping"}'));
    await vi.waitFor(
      () =>
        expect(client.frames.at(-1)).toMatchObject({ id: null, error: { data: { code: 'PARSE_ERROR' } } }),
      FAST,
    );
  });

  it('count against a socket only while they come in a row', async () => {
    const { client } = await joined();
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 8; count += 1) client.sendText('{');
      expect((await client.request('session.ping', { lastSeq: 0 })).result).toBeDefined();
    }
  });

  it('before hello close the socket as well, and opening stays bounded in time', async () => {
    await restart({ PARLEY_SIGNALLING_HELLO_TIMEOUT: '100' });
    const noisy = await RawClient.open(harness.url);
    for (let count = 0; count < 12; count += 1) noisy.sendText('{');
    expect(await noisy.closed()).toBe(CLOSE_CODES.badFrame);
    const slow = await RawClient.open(harness.url);
    const talking = setInterval(() => slow.sendText('{'), 30);
    expect(await slow.closed()).toBe(CLOSE_CODES.helloTimeout);
    clearInterval(talking);
  });

  it('that come before the answer to hello are told to wait', async () => {
    const client = await RawClient.open(harness.url);
    const frame = (id: number, method: string, params: unknown): string =>
      JSON.stringify({ jsonrpc: '2.0', id, method, params });
    client.sendText(frame(1, 'session.hello', harness.hello()));
    client.sendText(frame(2, 'room.join', {}));
    await vi.waitFor(() => expect(client.frames.length).toBe(2), FAST);
    expect(client.frames[0]).toMatchObject({ id: 2, error: { data: { code: 'WRONG_STATE' } } });
    expect(client.frames[1]).toMatchObject({ id: 1, result: { identity: 'ann' } });
    expect((await client.request('room.join', {}, 2)).result).toBeDefined();
  });

  it('with a hello of another version are told so, whatever its shape', async () => {
    const client = await RawClient.open(harness.url);
    const { error } = await client.request('session.hello', { protocolVersion: '2.0', passport: {} });
    expect(error?.data).toEqual({ code: 'UNSUPPORTED_VERSION', details: { server: '1.0' } });
  });

  it('that only read slowly lose the socket; nobody else notices', async () => {
    const { client: slow } = await joined('slow');
    const { client: bystander } = await joined('bystander');
    slow.socket.pause();
    const participantId = 'x'.repeat(200_000);
    await vi.waitFor(() => {
      harness.room.outlets
        .get('slow')
        ?.notify({ method: 'participant.left', params: { participantId, reason: 'left' } });
      expect(harness.room.connections).toEqual([{ identity: 'slow', connection: 'interrupted' }]);
    }, FAST);
    expect((await bystander.request('session.ping', { lastSeq: 0 })).result).toBeDefined();
  });
});

describe('a hostile or unlucky request', () => {
  const joinWith = async (claims: Partial<TokenClaims>) => {
    const client = await RawClient.open(harness.url);
    await client.request('session.hello', harness.hello(claims));
    return { client, answer: await client.request('room.join') };
  };

  it.each([
    ['nowhere', 'ROOM_NOT_FOUND'],
    ['full', 'ROOM_FULL'],
    ['broken', 'INTERNAL'],
  ])('to join the room %s is told %s, and may be tried again', async (room, code) => {
    const { client, answer } = await joinWith({ video: { room, roomJoin: true } });
    expect(answer.error?.data.code).toBe(code);
    expect((await client.request('room.join')).error?.data.code).toBe(code);
  });

  it('with a number that went before is refused', async () => {
    const { client } = await joined();
    await client.request('session.ping', { lastSeq: 0 }, 90);
    expect((await client.request('session.ping', { lastSeq: 0 }, 50)).error?.data.code).toBe(
      'INVALID_REQUEST',
    );
  });

  it('that came too fast keeps its answer over a resume', async () => {
    await restart({ PARLEY_SIGNALLING_MAX_REQUESTS_PER_SECOND: '5' });
    const { client, ticket } = await joined();
    const ping = (id: number): string =>
      JSON.stringify({ jsonrpc: '2.0', id, method: 'session.ping', params: { lastSeq: 0 } });
    for (let id = 100; id < 130; id += 1) client.sendText(ping(id));
    const refused = () =>
      client.frames.find(({ id, error }) => (id ?? 0) > 100 && error?.data.code === 'RATE_LIMITED')?.id ?? 0;
    await vi.waitFor(() => expect(refused()).toBeGreaterThan(100), FAST);
    const again = (await resume(ticket)).client;
    again.sendText(ping(refused()));
    await vi.waitFor(
      () =>
        expect(again.frames.at(-1)).toMatchObject({
          id: refused(),
          error: { data: { code: 'RATE_LIMITED' } },
        }),
      FAST,
    );
  });

  it('that takes long does not hold up pings', async () => {
    const { client } = await joined();
    let open = (): void => undefined;
    harness.room.gate = new Promise((resolve) => (open = resolve));
    const waiting = await RawClient.open(harness.url);
    await waiting.request('session.hello', harness.hello({ sub: 'waiting' }));
    const join = waiting.request('room.join');
    expect((await waiting.request('session.ping', { lastSeq: 0 }, 9)).result).toBeDefined();
    expect(waiting.frames.some(({ id }) => id === 2)).toBe(false);
    open();
    expect((await join).result).toBeDefined();
    expect((await client.request('session.ping', { lastSeq: 0 })).result).toBeDefined();
  });

  it('is carried out in order with its neighbours', async () => {
    const { client } = await joined();
    const turns = [9, 0, 5, 0];
    turns.forEach((turn, index) =>
      client.sendText(
        JSON.stringify({
          jsonrpc: '2.0',
          id: 10 + index,
          method: 'participant.updateSelf',
          params: { metadata: `${index}~${turn}` },
        }),
      ),
    );
    await vi.waitFor(() => expect(harness.room.updates).toEqual(['0~9', '1~0', '2~5', '3~0']), FAST);
  });

  it('leaves before joining, too', async () => {
    const client = await RawClient.open(harness.url);
    await client.request('session.hello', harness.hello());
    expect((await client.request('room.leave')).result).toEqual({});
    expect(await client.closed()).toBe(CLOSE_CODES.sessionEnded);
  });
});

describe('what is left behind', () => {
  it('is nothing: not a session, not a socket, in the metrics', async () => {
    const { client } = await joined('ann');
    const { client: other } = await joined('bob');
    await client.request('room.leave');
    await other.cut();
    await harness.signalling.close(sessionEndOf('serverShutdown'));
    const text = await harness.metrics.registry.metrics();
    expect(text).toMatch(/^parley_sessions 0$/m);
    expect(text).toMatch(/^parley_sockets 0$/m);
    expect(text).toMatch(/parley_request_seconds_count\{method="session.hello",outcome="ok"\} 2/);
  });

  it('holds in the metrics no name that a client chose', async () => {
    const client = await RawClient.open(harness.url);
    await client.request('evil\nmetric');
    const { client: other } = await joined();
    await other.request('evil.method');
    const text = await harness.metrics.registry.metrics();
    expect(text).not.toContain('evil');
  });

  it('survives a room that fails while somebody leaves it', async () => {
    await restart({ PARLEY_SIGNALLING_RESUME_WINDOW: '20' });
    const { client, ticket } = await joined();
    harness.room.broken = true;
    await client.cut();
    await vi.waitFor(
      async () => expect(await harness.metrics.registry.metrics()).toMatch(/^parley_sessions 0$/m),
      FAST,
    );
    const { answer } = await resume(ticket);
    expect(answer.error?.data.details).toMatchObject({ reason: 'connectionLost', rejoin: true });
  });

  it('has nobody wait who has not said hello when the server goes', async () => {
    const silent = await RawClient.open(harness.url);
    const started = performance.now();
    await harness.signalling.close(sessionEndOf('serverShutdown'));
    expect(performance.now() - started).toBeLessThan(900);
    expect(await silent.closed()).toBe(1001);
  });

  it('is no secret in the log', async () => {
    const lines: string[] = [];
    const logger = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    await restart({}, { logger });
    const { client, ticket } = await joined();
    await client.cut();
    const { client: again, answer } = await resume(ticket);
    await again.request('room.leave', {}, 20);
    const forged = await RawClient.open(harness.url);
    await forged.request('session.hello', { ...harness.hello(), token: 'forged-token' });
    const log = lines.join('');
    for (const message of ['session opened', 'session interrupted', 'session resumed', 'session ended'])
      expect(log).toContain(message);
    expect(log).not.toContain('forged-token');
    expect(log).not.toContain(ticket.resumeKey);
    expect(log).not.toContain(String(answer.result?.['resumeKey']));
    expect(log).not.toContain('eyJ');
  });
});
