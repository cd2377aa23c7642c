import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { types } from 'mediasoup';
import type { Sound } from './Listener.ts';
import type { MediaRoom } from './MediaRoom.ts';
import { camera, createPool, eventually, Guest, microphone } from './mediaFixtures.ts';
import type { WorkerPool } from './WorkerPool.ts';
import { MAIN_ZONE } from './zones.ts';

let pool: WorkerPool;
let room: MediaRoom;
let socket: Socket;
let address: { ip: string; port: number };

beforeAll(async () => ({ pool } = await createPool()));
afterAll(() => pool.close());
beforeEach(async () => {
  room = await pool.createMediaRoom();
  socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  address = { ip: '127.0.0.1', port: socket.address().port };
});
afterEach(() => {
  socket.close();
  room.close();
});

async function speak(guest: Guest, publicationId: string): Promise<void> {
  const { transportId } = await guest.createSend();
  await guest.endpoint.publish(publicationId, microphone(transportId));
  await guest.endpoint.publish(`${publicationId}-camera`, camera(transportId));
}

it('hears each voice of its zone, and no picture, which is not sent for its sake either', async () => {
  const [ann, bob] = [new Guest(room, 'ann'), new Guest(room, 'bob')];
  await speak(ann, 'PU_1');
  let sounds: readonly Sound[] = [];
  const listener = room.createListener({ zoneId: MAIN_ZONE, changed: (now) => (sounds = now) });
  expect(listener.audioLevelExtensionId).toBeGreaterThan(0);
  await listener.connect(address);
  await eventually(() => expect(sounds.map(({ participantId }) => participantId)).toEqual(['ann']));
  await speak(bob, 'PU_2');
  await eventually(() => expect(sounds).toHaveLength(2));
  expect(new Set(sounds.map(({ ssrc }) => ssrc)).size).toBe(2);
  // Nobody but the listener could want a picture of Bob, once Ann has gone.
  ann.endpoint.close();
  await eventually(() => expect(sounds.map(({ participantId }) => participantId)).toEqual(['bob']));
  await eventually(() => expect(bob.of('media.publishLayers').at(-1)).toMatchObject({ maxSpatialLayer: -1 }));
  bob.endpoint.moveTo('elsewhere');
  await eventually(() => expect(sounds).toEqual([]));
  bob.endpoint.moveTo(MAIN_ZONE);
  await eventually(() => expect(sounds).toHaveLength(1));
  listener.close();
  expect(room.load).toMatchObject({ consumers: 0 });
});

it('does not send to other machines', async () => {
  const listener = room.createListener({ zoneId: MAIN_ZONE, changed: () => undefined });
  const error = expect.objectContaining({ name: 'ParleyError', code: 'MEDIA_REJECTED' });
  await expect(listener.connect({ ip: '192.0.2.1', port: 5000 })).rejects.toThrow(error);
  listener.close();
});

it('who hears by something else is sent no sound, and pictures as before', async () => {
  const [ann, bob] = [new Guest(room, 'ann'), new Guest(room, 'bob')];
  const consumers: types.Consumer[] = [];
  room.router.observer.on('newtransport', (transport) =>
    transport.observer.on('newconsumer', (consumer) => consumers.push(consumer)),
  );
  const isSent = () => Object.fromEntries(consumers.map(({ kind, paused }) => [kind, !paused]));
  await bob.endpoint.createPlainTransport({ ...address, rtpCapabilities: room.rtpCapabilities });
  await speak(ann, 'PU_1');
  await eventually(() => expect(bob.of('media.consumerCreated')).toHaveLength(2));
  for (const { consumerId } of bob.of('media.consumerCreated'))
    await bob.endpoint.resumeConsumer({ consumerId });
  expect(isSent()).toEqual({ audio: true, video: true });
  bob.endpoint.setDeaf(true);
  await eventually(() => expect(isSent()).toEqual({ audio: false, video: true }));
  bob.endpoint.setDeaf(false);
  await eventually(() => expect(isSent()).toEqual({ audio: true, video: true }));
});
