import { createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Guest, createPool } from './mediaFixtures.ts';
import type { MediaRoom } from './MediaRoom.ts';
import type { WorkerPool } from './WorkerPool.ts';

let pool: WorkerPool;
let room: MediaRoom;
let socket: Socket;

beforeAll(async () => ({ pool } = await createPool()));
afterAll(() => pool.close());
beforeEach(async () => {
  room = await pool.createMediaRoom();
  socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
});
afterEach(() => {
  vi.restoreAllMocks();
  socket.close();
  room.close();
});

const COOKIE = Buffer.from([0x21, 0x12, 0xa4, 0x42]);

/** An attribute of STUN, filled up to whole words. */
function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)]);
}

/** A check of ICE (RFC 8445) from a controlling agent, which a client sends before anything else. */
function iceCheck({ usernameFragment, password }: { usernameFragment: string; password: string }): Buffer {
  const body = Buffer.concat([
    attribute(0x0006, Buffer.from(`${usernameFragment}:here`)),
    attribute(0x802a, randomBytes(8)),
    attribute(0x0025, Buffer.alloc(0)),
    attribute(0x0024, Buffer.from([0x6e, 0, 0, 1])),
  ]);
  const head = Buffer.from([0, 1, 0, 0]);
  // The digest is over a length that has it.
  head.writeUInt16BE(body.length + 24, 2);
  const message = Buffer.concat([head, COOKIE, randomBytes(12), body]);
  const digest = createHmac('sha1', password).update(message).digest();
  return Buffer.concat([message, attribute(0x0008, digest)]);
}

describe('the traffic of a transport', () => {
  it('shows checks of ICE by their answers', async () => {
    const guest = new Guest(room, 'encoder');
    const { transportId, iceParameters, iceCandidates } = await guest.createSend();
    const nothing = { received: 0, receivedMedia: 0, sent: 0, sentMedia: 0 };
    expect(await guest.endpoint.traffic(transportId)).toEqual(nothing);
    socket.send(iceCheck(iceParameters), iceCandidates[0]?.port, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    expect(await guest.endpoint.traffic(transportId)).toEqual({ ...nothing, sent: answer.length });
  });
});

describe('ICE consent', () => {
  it.each([
    ['ends the transports of browsers', undefined, [undefined]],
    ['is not asked of others', false, [0]],
  ])('%s', async (_what, iceConsent, timeouts) => {
    const guest = new Guest(room, 'encoder', iceConsent === undefined ? {} : { iceConsent });
    const create = vi.spyOn(room.router, 'createWebRtcTransport');
    await guest.createSend();
    expect(create.mock.calls.map(([options]) => options.iceConsentTimeout)).toEqual(timeouts);
  });
});
