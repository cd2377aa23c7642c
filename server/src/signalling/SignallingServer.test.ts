import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { CLOSE_CODES } from '@parley/protocol';
import { sessionEndOf } from '../room/sessionEnds.ts';
import { startSignalling, type Harness } from './testing/harness.ts';
import { RawClient } from './testing/RawClient.ts';

let harness: Harness;
const start = async (env: Record<string, string> = {}): Promise<void> => {
  harness = await startSignalling(env);
};
const open = (headers: Record<string, string> = {}): Promise<RawClient> =>
  RawClient.open(harness.url, headers);
const joined = async (identity = 'ann'): Promise<RawClient> => {
  const client = await open();
  await client.request('session.hello', harness.hello({ sub: identity }));
  await client.request('room.join');
  return client;
};
const statusOf = (path: string, headers: Record<string, string> = {}): Promise<number | undefined> =>
  new Promise((resolve) => {
    const socket = new WebSocket(harness.url.replace('/ws', path), { headers });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('open', () => resolve(101));
    socket.on('error', () => undefined);
  });

beforeEach(() => start());
afterEach(() => harness.close());

describe('opening', () => {
  it('answers hello with what a client must know', async () => {
    const client = await open();
    const { result } = await client.request('session.hello', harness.hello());
    expect(result).toMatchObject({
      protocolVersion: '1.0',
      room: 'demo',
      identity: 'ann',
      resumeWindow: 60_000,
    });
  });

  it.each([
    ['a forged token', { token: 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJ0ZXN0LWtleSJ9.' }, 'TOKEN_INVALID'],
    ['another protocol', { protocolVersion: '2.0' }, 'UNSUPPORTED_VERSION'],
    ['a parameter too many', { admin: true }, 'INVALID_PARAMS'],
    ['a wrong type', { protocolVersion: 1 }, 'INVALID_PARAMS'],
  ])('refuses %s and closes', async (_name, change, code) => {
    const client = await open();
    const { error } = await client.request('session.hello', { ...harness.hello(), ...change });
    expect(error?.data.code).toBe(code);
    expect(await client.closed()).toBe(CLOSE_CODES.refused);
  });

  it('refuses an expired token and one that may not join', async () => {
    const expired = await (
      await open()
    ).request('session.hello', { ...harness.hello(), token: harness.token({}, -120) });
    expect(expired.error?.data.code).toBe('TOKEN_EXPIRED');
    const other = await (await open()).request('session.hello', harness.hello({ video: { room: 'demo' } }));
    expect(other.error?.data.code).toBe('PERMISSION_DENIED');
  });

  it('wants hello first', async () => {
    const client = await open();
    expect((await client.request('room.join')).error?.data.code).toBe('WRONG_STATE');
    expect(await client.closed()).toBe(CLOSE_CODES.refused);
  });

  it('closes a silent socket', async () => {
    await harness.close();
    await start({ PARLEY_SIGNALLING_HELLO_TIMEOUT: '100' });
    expect(await (await open()).closed()).toBe(CLOSE_CODES.helloTimeout);
  });

  it('refuses foreign origins when origins are configured, and other paths', async () => {
    await harness.close();
    await start({ PARLEY_HTTP_ALLOWED_ORIGINS: 'https://app.example.org' });
    expect(await statusOf('/ws', { origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf('/ws', { origin: 'null' })).toBe(403);
    expect(await statusOf('/ws', { origin: 'https://app.example.org' })).toBe(101);
    expect(await statusOf('/ws', { origin: `http://${new URL(harness.url).host}` })).toBe(101);
    expect(await statusOf('/ws')).toBe(101);
    expect(await statusOf('/elsewhere')).toBe(404);
  });

  it('limits the sockets of one address', async () => {
    await harness.close();
    await start({ PARLEY_SIGNALLING_MAX_SOCKETS_PER_ADDRESS: '1' });
    const first = await open();
    expect(await statusOf('/ws')).toBe(429);
    await first.cut();
    await vi.waitFor(async () => expect(await statusOf('/ws')).toBe(101), 15_000);
  });
});

describe('requests', () => {
  it.each([
    ['an unknown method', 'room.explode', {}, 'METHOD_NOT_FOUND'],
    ['a method of Object', 'toString', {}, 'METHOD_NOT_FOUND'],
    ['wrong types', 'media.setMuted', { publicationId: 1, muted: 'yes' }, 'INVALID_PARAMS'],
    ['a second join', 'room.join', {}, 'WRONG_STATE'],
    ['a second hello', 'session.hello', {}, 'WRONG_STATE'],
    [
      'an id that is nobody’s',
      'media.setMuted',
      { publicationId: 'PU_x', muted: true },
      'PUBLICATION_NOT_FOUND',
    ],
  ])('answers %s with a code, and goes on', async (_name, method, params, code) => {
    const client = await joined();
    expect((await client.request(method, params)).error?.data.code).toBe(code);
    expect((await client.request('session.ping', { lastSeq: 0 })).result).toBeDefined();
  });

  it('does not allow media before joining', async () => {
    const client = await open();
    await client.request('session.hello', harness.hello());
    const { error } = await client.request('media.createTransport', { direction: 'send' });
    expect(error?.data.code).toBe('WRONG_STATE');
  });

  it('answers broken frames with a code and closes after too many', async () => {
    const client = await joined();
    client.sendText('{"jsonrpc":"2.0","id":9,"method":"x","params":{"__proto__":{}}}');
    await vi.waitFor(() =>
      expect(client.frames.at(-1)).toMatchObject({ id: 9, error: { data: { code: 'INVALID_REQUEST' } } }),
    );
    client.sendText(`"${'x'.repeat(70_000)}"`);
    await vi.waitFor(() => expect(client.frames.at(-1)?.error?.data.code).toBe('FRAME_TOO_LARGE'), 15_000);
    for (let count = 0; count < 12; count += 1) client.sendText('{');
    expect(await client.closed()).toBe(CLOSE_CODES.badFrame);
    expect(harness.room.left).toEqual([]);
  });

  it('tells nothing of an unexpected error', async () => {
    const client = await open();
    await client.request('session.hello', harness.hello({ video: { room: 'broken', roomJoin: true } }));
    const { error } = await client.request('room.join');
    expect(error?.data.code).toBe('INTERNAL');
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('limits how fast one session may ask', async () => {
    await harness.close();
    await start({ PARLEY_SIGNALLING_MAX_REQUESTS_PER_SECOND: '5' });
    const client = await joined();
    for (let id = 100; id < 120; id += 1)
      client.sendText(JSON.stringify({ jsonrpc: '2.0', id, method: 'session.ping', params: { lastSeq: 0 } }));
    await vi.waitFor(() =>
      expect(client.frames.some(({ error }) => error?.data.code === 'RATE_LIMITED')).toBe(true),
    );
  });
});

describe('joining', () => {
  it('is answered before anything is told of the room', async () => {
    const join = harness.room.join;
    harness.room.join = async (grants, options) => {
      const result = await join(grants, options);
      options.outlet.notify({
        method: 'participant.left',
        params: { participantId: 'PA_early', reason: 'left' },
      });
      return result;
    };
    const client = await joined();
    await vi.waitFor(() => expect(client.notifications).toHaveLength(1), 15_000);
    const order = client.frames.map((frame) => frame.method ?? frame.id);
    expect(order).toEqual([1, 2, 'participant.left']);
  });
});

describe('the end', () => {
  it('answers leave, then says that it is over', async () => {
    const client = await joined();
    expect((await client.request('room.leave')).result).toEqual({});
    expect(await client.closed()).toBe(CLOSE_CODES.sessionEnded);
    expect(client.notifications.at(-1)).toMatchObject({
      method: 'session.ended',
      params: { reason: 'left' },
    });
    expect(harness.room.left).toEqual([{ identity: 'ann', reason: 'left' }]);
  });

  it('tells somebody who is removed why, even when they come back later', async () => {
    const client = await open();
    const { result } = await client.request('session.hello', harness.hello());
    await client.request('room.join');
    await client.cut();
    await harness.room.participants[0]?.leave('removed');
    const again = await open();
    const { error } = await again.request('session.resume', {
      sessionId: result?.['sessionId'],
      resumeKey: result?.['resumeKey'],
      lastSeq: 0,
    });
    expect(error?.data).toMatchObject({
      code: 'SESSION_NOT_FOUND',
      details: { reason: 'removed', rejoin: false },
    });
  });

  it('tells everybody when the server shuts down', async () => {
    const clients = [await joined('ann'), await joined('bob')];
    await harness.signalling.close(sessionEndOf('serverShutdown'));
    for (const client of clients) {
      expect(await client.closed()).toBe(CLOSE_CODES.sessionEnded);
      expect(client.notifications.at(-1)?.params).toMatchObject({ reason: 'serverShutdown', rejoin: true });
    }
    expect(await statusOf('/ws')).toBe(503);
  });

  it('has somebody leave whose window passed', async () => {
    await harness.close();
    await start({ PARLEY_SIGNALLING_RESUME_WINDOW: '50' });
    await (await joined()).cut();
    await vi.waitFor(() =>
      expect(harness.room.left).toEqual([{ identity: 'ann', reason: 'connectionLost' }]),
    );
  });

  it('interrupts a participant whose socket says nothing', async () => {
    await harness.close();
    await start({ PARLEY_SIGNALLING_PING_TIMEOUT: '1000' });
    const client = await joined();
    expect(await client.closed()).toBe(CLOSE_CODES.pingTimeout);
    expect(harness.room.connections).toEqual([{ identity: 'ann', connection: 'interrupted' }]);
  });
});
