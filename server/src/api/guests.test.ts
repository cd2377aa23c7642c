import type { GuestJoinResult } from '@parley/protocol';
import { afterEach, expect, test } from 'vitest';
import { joinGrantsOf } from '../auth/grants.ts';
import { webSocketUrl } from './routes/guests.ts';
import { startHarness, type Harness } from './testing/harness.ts';

let harness: Harness;
afterEach(() => harness.app.close());
const join = (payload: object, more: { headers?: Record<string, string>; remoteAddress?: string } = {}) =>
  harness.app.inject({ method: 'POST', url: '/api/v1/rooms/demo/join', payload, ...more });

test('a guest gets a token for this room, a name nobody can guess, and the address to go to', async () => {
  harness = await startHarness();
  const answers = [
    await join({ displayName: 'Ann', create: true }, { headers: { host: 'meet.test:8080' } }),
    await join({ displayName: 'Ann' }),
  ];
  const [ann, other] = answers.map((answer) => answer.json<GuestJoinResult>());
  expect(ann).toMatchObject({ url: 'ws://meet.test:8080/ws', room: 'demo' });
  expect(ann?.identity).toMatch(/^guest-[\w-]{12}$/);
  expect(ann?.identity).not.toBe(other?.identity);
  expect(answers[0]?.headers['cache-control']).toBe('no-store');
  const claims = await harness.tokens.verify(ann?.token ?? '');
  expect(claims.exp - (claims.iat ?? 0)).toBe(harness.config.auth.guestTokenTtl);
  expect(joinGrantsOf(claims)).toMatchObject({
    room: 'demo',
    identity: ann?.identity,
    displayName: 'Ann',
    role: 'participant',
    isGuest: true,
    roomCreate: false,
  });
});

test('a room that is not there, does not admit guests or is full', async () => {
  harness = await startHarness();
  expect((await join({ displayName: 'Ann' })).json()).toMatchObject({ error: { code: 'ACCESS_REFUSED' } });
  await harness.rooms.createRoom({ name: 'demo', settings: { guestsAllowed: false } });
  expect((await join({ displayName: 'Ann' })).json()).toMatchObject({ error: { code: 'GUESTS_REFUSED' } });
  await harness.rooms.updateRoom('demo', { guestsAllowed: true, maxParticipants: 1 });
  harness.rooms.addParticipant('demo', 'bob');
  expect((await join({ displayName: 'Ann' })).json()).toMatchObject({ error: { code: 'ROOM_FULL' } });
});

test.each([
  {},
  { displayName: '' },
  { displayName: ' ' },
  { displayName: 'a\nb' },
  { displayName: 'x'.repeat(65) },
])('a name that cannot be shown is refused: %j', async (body) => {
  harness = await startHarness();
  expect((await join({ ...body, create: true })).json()).toMatchObject({ error: { code: 'INVALID_PARAMS' } });
});

test('too many from one address have to wait, and others do not', async () => {
  harness = await startHarness({ guestJoins: { burst: 2, perSecond: 0.1 } });
  const from = (remoteAddress: string) => join({ displayName: 'Ann', create: true }, { remoteAddress });
  expect((await from('192.0.2.1')).statusCode).toBe(200);
  expect((await from('192.0.2.1')).statusCode).toBe(200);
  const refused = await from('::ffff:192.0.2.1');
  expect(refused.statusCode).toBe(429);
  expect(refused.json()).toMatchObject({ error: { code: 'RATE_LIMITED', details: { retryAfter: 10 } } });
  expect(refused.headers['retry-after']).toBe('10');
  expect((await from('192.0.2.2')).statusCode).toBe(200);
});

test('behind a proxy that is trusted, its word counts; else it does not', async () => {
  const headers = {
    host: 'inner:1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'meet.test',
    'x-forwarded-for': '192.0.2.9',
  };
  harness = await startHarness({ env: { PARLEY_HTTP_TRUST_PROXY: 'true' } });
  expect((await join({ displayName: 'Ann', create: true }, { headers })).json()).toMatchObject({
    url: 'wss://meet.test/ws',
  });
  await harness.app.close();
  harness = await startHarness();
  expect((await join({ displayName: 'Ann', create: true }, { headers })).json()).toMatchObject({
    url: 'ws://inner:1/ws',
  });
});

test('nobody behind a proxy gets a fresh start by inventing addresses', async () => {
  harness = await startHarness({
    env: { PARLEY_HTTP_TRUST_PROXY: 'true' },
    guestJoins: { burst: 1, perSecond: 0.1 },
  });
  const from = async (forwarded: string) =>
    (await join({ displayName: 'Ann', create: true }, { headers: { 'x-forwarded-for': forwarded } }))
      .statusCode;
  expect(await from('198.51.100.1, 203.0.113.9')).toBe(200);
  expect(await from('198.51.100.2, 203.0.113.9')).toBe(429);
  expect(await from('203.0.113.8')).toBe(200);
});

test('the public URL wins', async () => {
  harness = await startHarness({ env: { PARLEY_HTTP_PUBLIC_URL: 'https://meet.test/parley/' } });
  expect((await join({ displayName: 'Ann', create: true })).json()).toMatchObject({
    url: 'wss://meet.test/parley/ws',
  });
});

test.each(['http://', 'http://a b', 'ftp://x', 'http://[::', 'http://x:99999'])(
  'no address is made of %j',
  (base) => {
    expect(() => webSocketUrl(base)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
  },
);
