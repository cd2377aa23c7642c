import { randomBytes } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { adminToken, API_KEY, joinToken, signToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

let server: ParleyServer;
let browser: Browser;
let ann: Client;
let bob: Client;
let mallory: RawSocket;
let eventsBefore = 0;

const ROOM = 'quiet';
const in1h = (): number => Math.floor(Date.now() / 1000) + 3600;
const claims = (change: object = {}): object => ({
  iss: API_KEY,
  sub: 'eve',
  exp: in1h(),
  video: { room: ROOM, roomJoin: true },
  ...change,
});

/** Two people meet all the while, and a third with a raw socket sits in the same room. */
beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start(), launchChromium()]);
  [ann, bob] = (await Promise.all(
    ['ann', 'bob'].map((identity) => Client.join(browser, server, { room: ROOM, identity })),
  )) as [Client, Client];
  await Promise.all([ann.call('publish'), bob.call('publish')]);
  await Promise.all([ann.seesMoving('bob'), bob.seesMoving('ann')]);
  mallory = await RawSocket.join(server.url, { room: ROOM, identity: 'mallory' });
  mallory.keepAlive();
  await ann.event('participantJoined', 'mallory');
  eventsBefore = (await ann.call('events')).length;
});

/** Nobody else noticed, nothing leaked, the process lives and caught everything. */
afterAll(async () => {
  try {
    await nobodyNoticed();
  } finally {
    await browser.close();
    expect((await server.stop()).code).toBe(0);
  }
});

async function nobodyNoticed(): Promise<void> {
  await Promise.all([ann.seesMoving('bob'), bob.seesMoving('ann'), ann.hears('bob')]);
  expect((await ann.call('events')).slice(eventsBefore)).toEqual([]);
  expect(server.running).toBe(true);
  expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  expect(server.output).not.toMatch(/uncaught|unhandled|eyJhbGciOi/i);
}

describe('requests that are wrong', () => {
  it.each([
    ['an unknown method', 'room.destroyAll', {}, 'METHOD_NOT_FOUND'],
    ['a method of every object', 'constructor', {}, 'METHOD_NOT_FOUND'],
    ['wrong types', 'media.setMuted', { publicationId: 7, muted: 'no' }, 'INVALID_PARAMS'],
    ['a parameter nobody knows', 'media.restartIce', { transportId: 'x', admin: true }, 'INVALID_PARAMS'],
    ['a transport that is not there', 'media.restartIce', { transportId: 'x' }, 'TRANSPORT_NOT_FOUND'],
    ['a consumer that is not there', 'media.resumeConsumer', { consumerId: 'x' }, 'CONSUMER_NOT_FOUND'],
    ['a publication that is not there', 'media.unpublish', { publicationId: 'x' }, 'PUBLICATION_NOT_FOUND'],
    ['joining twice', 'room.join', {}, 'WRONG_STATE'],
  ])('%s', async (_name, method, params, code) => {
    expect(await mallory.codeOf(method, params)).toBe(code);
  });

  it('the publications and transports of others', async () => {
    const eve = await RawSocket.join(server.url, { room: 'elsewhere', identity: 'eve' });
    const { result } = await eve.request('media.createTransport', { direction: 'send' });
    const transportId = String(result?.['transportId']);
    const roster = (await fetch(`${server.url}/api/v1/rooms/${ROOM}/participants`, {
      headers: { authorization: `Bearer ${adminToken()}` },
    }).then((response) => response.json())) as {
      items: { publications: { publicationId: string }[] }[];
    };
    const publicationId = roster.items.flatMap(({ publications }) => publications)[0]?.publicationId;
    expect(publicationId).toBeDefined();
    const dtlsParameters = {
      fingerprints: [{ algorithm: 'sha-256', value: Array(32).fill('00').join(':') }],
    };
    expect(await mallory.codeOf('media.connectTransport', { transportId, dtlsParameters })).toBe(
      'TRANSPORT_NOT_FOUND',
    );
    expect(await mallory.codeOf('media.restartIce', { transportId })).toBe('TRANSPORT_NOT_FOUND');
    expect(await mallory.codeOf('media.unpublish', { publicationId })).toBe('PUBLICATION_NOT_FOUND');
    expect(await mallory.codeOf('media.setMuted', { publicationId, muted: true })).toBe(
      'PUBLICATION_NOT_FOUND',
    );
    const rtpParameters = {
      codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: 1 }],
    };
    expect(
      await mallory.codeOf('media.publish', {
        transportId,
        source: 'microphone',
        kind: 'audio',
        rtpParameters,
      }),
    ).toBe('TRANSPORT_NOT_FOUND');
    await eve.request('room.leave');
  });

  it('publishing without permission, or what cannot be', async () => {
    const viewer = await RawSocket.join(server.url, {
      room: 'elsewhere',
      identity: 'viewer',
      token: joinToken('elsewhere', 'viewer', { video: { canPublish: false } }),
    });
    const { result } = await viewer.request('media.createTransport', { direction: 'send' });
    const transportId = result?.['transportId'];
    const rtpParameters = {
      codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000, channels: 2 }],
      encodings: [{ ssrc: 1 }],
    };
    const code = await viewer.codeOf('media.publish', {
      transportId: transportId ?? 'none',
      source: 'microphone',
      kind: 'audio',
      rtpParameters,
    });
    expect(code).toBe('PERMISSION_DENIED');
    await viewer.request('room.leave');
    const eve = await RawSocket.join(server.url, { room: 'elsewhere', identity: 'eve' });
    const own = (await eve.request('media.createTransport', { direction: 'send' })).result?.['transportId'];
    const odd = {
      codecs: [{ mimeType: 'video/NONSENSE', payloadType: 96, clockRate: 90_000 }],
      encodings: [{ ssrc: 1 }],
    };
    expect(
      await eve.codeOf('media.publish', {
        transportId: own,
        source: 'camera',
        kind: 'video',
        rtpParameters: odd,
      }),
    ).toBe('MEDIA_REJECTED');
    expect(
      await eve.codeOf('media.publish', { transportId: own, source: 'camera', kind: 'audio', rtpParameters }),
    ).toBe('MEDIA_REJECTED');
    await eve.request('room.leave');
  });
});

describe('frames that are wrong', () => {
  it.each([
    ['not JSON', '{"jsonrpc":', 'PARSE_ERROR', null],
    ['a batch', '[]', 'INVALID_REQUEST', null],
    [
      'keys of a prototype',
      '{"jsonrpc":"2.0","id":9001,"method":"session.ping","params":{"__proto__":{"polluted":true}}}',
      'INVALID_REQUEST',
      9001,
    ],
    ['too large', `"${'x'.repeat(70_000)}"`, 'FRAME_TOO_LARGE', null],
  ])('%s', async (_name, text, code, id) => {
    const raw = await RawSocket.join(server.url, { room: 'elsewhere', identity: 'frames' });
    raw.send(text);
    expect((await raw.answerTo(id)).error?.data.code).toBe(code);
    expect(await raw.codeOf('session.ping', { lastSeq: 0 })).toBe('ok');
    await raw.request('room.leave');
  });

  it('random bytes, again and again', async () => {
    for (let round = 0; round < 20; round += 1) {
      const raw = await RawSocket.open(server.url);
      for (let count = 0; count < 12; count += 1)
        raw.send(randomBytes(1 + ((round * 37 + count * 11) % 500)));
      await raw.closed();
    }
  });

  it('none at all: a silent socket is closed after 5 s', async () => {
    const raw = await RawSocket.open(server.url);
    expect(await raw.closed()).toBe(4001);
  });
});

describe('tokens that are wrong', () => {
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: API_KEY, sub: 'eve', exp: 9_999_999_999, video: { room: ROOM, roomJoin: true } })).toString('base64url')}.`;
  it.each<[string, () => string, string]>([
    ['algorithm none', () => none, 'TOKEN_INVALID'],
    ['another key', () => signToken(claims(), { secret: 'x'.repeat(40) }), 'TOKEN_INVALID'],
    ['another issuer', () => signToken(claims({ iss: 'somebody' })), 'TOKEN_INVALID'],
    [
      'an unknown critical header',
      () => signToken(claims(), { header: { alg: 'HS256', crit: ['exp'] } }),
      'TOKEN_INVALID',
    ],
    ['expired', () => signToken(claims({ exp: in1h() - 3600 - 120 })), 'TOKEN_EXPIRED'],
    ['not for joining', () => signToken(claims({ video: { room: ROOM } })), 'PERMISSION_DENIED'],
    ['not a token', () => 'nonsense', 'TOKEN_INVALID'],
  ])('%s', async (_name, token, code) => {
    const raw = await RawSocket.open(server.url);
    expect((await raw.hello(token())).error?.data.code).toBe(code);
    await raw.closed();
  });

  it('within the leeway of a minute is taken', async () => {
    const raw = await RawSocket.open(server.url);
    expect((await raw.hello(signToken(claims({ exp: in1h() - 3600 - 30 })))).result).toBeDefined();
    raw.close();
  });

  it('for another room opens no door of this one', async () => {
    const token = joinToken('elsewhere', 'eve', { video: { roomAdmin: true } });
    const response = await fetch(`${server.url}/api/v1/rooms/${ROOM}/participants/ann`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'PERMISSION_DENIED' } });
  });
});

describe('rooms', () => {
  const create = (name: string, settings: object): Promise<Response> =>
    fetch(`${server.url}/api/v1/rooms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name, settings }),
    });

  it('that are full are refused', async () => {
    await create('small', { maxParticipants: 1 });
    const first = await RawSocket.join(server.url, { room: 'small', identity: 'first' });
    const second = await RawSocket.open(server.url);
    await second.hello(joinToken('small', 'second'));
    expect(await second.codeOf('room.join')).toBe('ROOM_FULL');
    await first.request('room.leave');
  });

  it('that are unknown are refused to guests', async () => {
    const response = await fetch(`${server.url}/api/v1/rooms/unknown/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ displayName: 'Guest' }),
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'ACCESS_REFUSED' } });
  });

  it('give an identity one place: the newest, and the former is told why', async () => {
    const former = await RawSocket.join(server.url, { room: 'twice', identity: 'dora' });
    const newest = await RawSocket.join(server.url, { room: 'twice', identity: 'dora' });
    expect(await former.closed()).toBe(4000);
    expect(former.frames.at(-1)).toMatchObject({
      method: 'session.ended',
      params: { reason: 'duplicateIdentity' },
    });
    await newest.request('room.leave');
  });
});

describe('origins', () => {
  it('that are foreign are refused when origins are configured', async () => {
    const guarded = await ParleyServer.start({
      env: { PARLEY_HTTP_ALLOWED_ORIGINS: 'https://app.example.org', PARLEY_MEDIA_WORKERS: '1' },
    });
    const refused = await RawSocket.open(guarded.url, { origin: 'https://evil.example' }).catch(
      (error: Error) => error.message,
    );
    expect(refused).toMatch(/403/);
    const rest = await fetch(`${guarded.url}/api/v1/rooms/x/join`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/json' },
      body: '{"displayName":"x"}',
    });
    expect(rest.status).toBe(403);
    const allowed = await RawSocket.open(guarded.url, { origin: 'https://app.example.org' });
    allowed.close();
    await waitFor('the socket to be closed', () => allowed.closeCode, { done: (code) => code !== undefined });
    await guarded.stop();
  });
});
