import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { types } from 'mediasoup';
import { Guest, camera, createPool, eventually } from './mediaFixtures.ts';
import type { MediaRoom } from './MediaRoom.ts';
import type { WorkerPool } from './WorkerPool.ts';

let pool: WorkerPool;
let room: MediaRoom;
let ann: Guest;
let recorder: Guest;
let socket: Socket;
let here: { ip: string; port: number };

beforeAll(async () => ({ pool } = await createPool()));
afterAll(() => pool.close());
beforeEach(async () => {
  room = await pool.createMediaRoom();
  [ann, recorder] = [new Guest(room, 'ann'), new Guest(room, 'recorder')];
  socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  here = { ip: '127.0.0.1', port: socket.address().port };
});
afterEach(() => {
  socket.close();
  room.close();
});

const error = (code: string) => expect.objectContaining({ name: 'ParleyError', code });
const receive = (address = here) =>
  recorder.endpoint.createPlainTransport({ ...address, rtpCapabilities: room.rtpCapabilities });
const publish = async (publicationId: string) => {
  const { transportId } = await ann.createSend();
  return ann.endpoint.publish(publicationId, camera(transportId));
};
const created = () =>
  eventually(() => {
    const [consumer] = recorder.of('media.consumerCreated');
    if (!consumer) throw new Error('no consumer');
    return consumer;
  });
/** The consumers themselves, to see what is asked of them. */
function watchConsumers(): types.Consumer[] {
  const consumers: types.Consumer[] = [];
  room.router.observer.on('newtransport', (transport) =>
    transport.observer.on('newconsumer', (consumer) => consumers.push(consumer)),
  );
  return consumers;
}

describe('a plain receive transport', () => {
  it('sends to one fixed address of this machine, and takes the place of a former one', async () => {
    const first = await receive();
    expect(first).toMatchObject({ ip: '127.0.0.1' });
    expect(first.port).toBeGreaterThan(0);
    const transport = recorder.endpoint.reception?.transport;
    expect((await transport?.dump()) as types.PlainTransportDump).toMatchObject({
      ...{ rtcpMux: true, comedia: false },
      tuple: { remoteIp: '127.0.0.1', remotePort: here.port },
    });
    const second = await receive();
    expect(second.transportId).not.toBe(first.transportId);
    expect(transport?.closed).toBe(true);
    expect(recorder.endpoint.load.transports).toBe(1);
    await recorder.createRecv(room);
    expect(recorder.endpoint.load.transports).toBe(1);
  });

  it.each(['192.0.2.1', '0.0.0.0', '::1', 'localhost', 'example.org'])('does not send to %s', async (ip) => {
    await expect(receive({ ip, port: here.port })).rejects.toThrow(error('MEDIA_REJECTED'));
    expect(recorder.endpoint.load.transports).toBe(0);
  });

  it('carries consumers that play at once, in just the layer that is wanted, with nothing to estimate a bandwidth by', async () => {
    const consumers = watchConsumers();
    const { transportId } = await receive();
    await publish('PU_1');
    const { consumerId, rtpParameters, ...about } = await created();
    expect(about).toMatchObject({ transportId, publicationId: 'PU_1', kind: 'video' });
    const feedback = rtpParameters.codecs.flatMap(({ rtcpFeedback = [] }) =>
      rtcpFeedback.map(({ type }) => type),
    );
    expect(feedback).toContain('nack');
    expect(feedback).not.toContain('transport-cc');
    expect(feedback).not.toContain('goog-remb');
    expect(rtpParameters.headerExtensions?.map(({ uri }) => uri).join()).not.toMatch(
      /transport-wide|abs-send/,
    );
    await recorder.endpoint.resumeConsumer({ consumerId });
    const [consumer] = consumers;
    expect(consumer?.paused).toBe(false);
    await recorder.endpoint.updateSubscriptions({
      changes: [{ publicationId: 'PU_1', width: 320, height: 180 }],
    });
    expect(consumer?.preferredLayers).toMatchObject({ spatialLayer: 0 });
    await recorder.endpoint.updateSubscriptions({
      changes: [{ publicationId: 'PU_1', width: 1280, height: 720 }],
    });
    expect(consumer?.preferredLayers).toMatchObject({ spatialLayer: 2 });
    await recorder.endpoint.updateSubscriptions({ changes: [{ publicationId: 'PU_1', visible: false }] });
    expect(consumer?.paused).toBe(true);
  });

  it('cannot be connected elsewhere, nor carry data channels', async () => {
    const { transportId } = await receive();
    const dtlsParameters = { fingerprints: [{ algorithm: 'sha-256', value: '00:11' }] };
    await expect(recorder.endpoint.connectTransport({ transportId, dtlsParameters })).rejects.toThrow(
      error('TRANSPORT_NOT_FOUND'),
    );
    await expect(recorder.endpoint.restartIce({ transportId })).rejects.toThrow(error('TRANSPORT_NOT_FOUND'));
    await expect(recorder.endpoint.consumeData({ transportId, label: 'lossy' })).rejects.toThrow(
      error('TRANSPORT_NOT_FOUND'),
    );
  });

  it('goes with its endpoint', async () => {
    await receive();
    const transport = recorder.endpoint.reception?.transport;
    recorder.endpoint.close();
    expect(transport?.closed).toBe(true);
  });
});

describe('asking for a key frame', () => {
  it('is passed on, but not again and again, and not for what is paused', async () => {
    const consumers = watchConsumers();
    await receive();
    await publish('PU_1');
    const { consumerId } = await created();
    const [consumer] = consumers;
    if (!consumer) throw new Error('no consumer');
    const asked = vi.spyOn(consumer, 'requestKeyFrame');
    await recorder.endpoint.requestKeyFrame({ consumerId });
    expect(asked).not.toHaveBeenCalled();
    await recorder.endpoint.resumeConsumer({ consumerId });
    for (let time = 0; time < 5; time += 1) await recorder.endpoint.requestKeyFrame({ consumerId });
    expect(asked).toHaveBeenCalledTimes(1);
    await expect(recorder.endpoint.requestKeyFrame({ consumerId: 'nobody' })).rejects.toThrow(
      error('CONSUMER_NOT_FOUND'),
    );
  });
});
