import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Guest, camera, createPool, microphone, eventually } from './mediaFixtures.ts';
import type { MediaRoom } from './MediaRoom.ts';
import type { WorkerPool } from './WorkerPool.ts';

let pool: WorkerPool;
let room: MediaRoom;
let ann: Guest;
let bob: Guest;

beforeAll(async () => ({ pool } = await createPool()));
afterAll(() => pool.close());
beforeEach(async () => {
  room = await pool.createMediaRoom();
  ann = new Guest(room, 'ann');
  bob = new Guest(room, 'bob');
});
afterEach(() => room.close());

const error = (code: string) => expect.objectContaining({ name: 'ParleyError', code });
const publishCamera = async (publicationId = 'PU_1') => {
  const { transportId } = await ann.createSend();
  return ann.endpoint.publish(publicationId, camera(transportId));
};
const consumersOf = (guest: Guest, count: number) =>
  eventually(() => {
    const created = guest.of('media.consumerCreated');
    if (created.length < count) throw new Error(`${created.length} of ${count} consumers`);
    return created;
  });
/** What the worker itself says of the consumers of a participant. */
const dumpsOf = async (guest: Guest) => {
  const { reception } = guest.endpoint;
  const dump = await reception?.transport.dump();
  return dump?.consumerIds ?? [];
};
const publishLayersOf = (guest: Guest) =>
  guest.of('media.publishLayers').map(({ maxSpatialLayer }) => maxSpatialLayer);

describe('subscribing', () => {
  it('offers what comes, and what was there before', async () => {
    await bob.createRecv(room);
    const { producerId } = await publishCamera();
    const [created] = await consumersOf(bob, 1);
    expect(created).toMatchObject({ publicationId: 'PU_1', participantId: 'ann', kind: 'video', producerId });
    expect(created?.rtpParameters.encodings).toHaveLength(1);

    const late = new Guest(room, 'late');
    const { transportId } = await late.createRecv(room);
    expect(late.heard).toEqual([]); // the answer comes before the notification
    expect(await consumersOf(late, 1)).toMatchObject([{ publicationId: 'PU_1', transportId }]);
    expect(ann.of('media.consumerCreated')).toEqual([]);
  });

  it('offers nothing to somebody who may not subscribe', async () => {
    const deaf = new Guest(room, 'deaf', { canSubscribe: false });
    await deaf.createRecv(room);
    await bob.createRecv(room);
    await publishCamera();
    await consumersOf(bob, 1);
    expect(deaf.heard).toEqual([]);
  });

  it('offers nothing that cannot be played', async () => {
    const audioOnly = new Guest(room, 'audio');
    const codecs = (room.rtpCapabilities.codecs ?? []).filter(({ kind }) => kind === 'audio');
    await audioOnly.endpoint.createTransport({ direction: 'recv', rtpCapabilities: { codecs } });
    const { transportId } = await ann.createSend();
    await ann.endpoint.publish('PU_1', camera(transportId));
    await ann.endpoint.publish('PU_2', microphone(transportId));
    expect(await consumersOf(audioOnly, 1)).toMatchObject([{ publicationId: 'PU_2' }]);
  });

  it('closes the consumer when the publication ends', async () => {
    await bob.createRecv(room);
    await publishCamera();
    const [created] = await consumersOf(bob, 1);
    ann.endpoint.unpublish('PU_1');
    expect(bob.of('media.consumerClosed')).toEqual([{ consumerId: created?.consumerId }]);
    await expect(bob.endpoint.resumeConsumer({ consumerId: created?.consumerId ?? '' })).rejects.toThrow(
      error('CONSUMER_NOT_FOUND'),
    );
  });

  it('makes consumers anew on a new receive transport', async () => {
    await bob.createRecv(room);
    await publishCamera();
    await consumersOf(bob, 1);
    const { transportId } = await bob.createRecv(room);
    const [first, second] = await consumersOf(bob, 2);
    expect(second).toMatchObject({ transportId, publicationId: 'PU_1' });
    expect(second?.consumerId).not.toBe(first?.consumerId);
  });

  it('does not know the consumers of others', async () => {
    await bob.createRecv(room);
    await publishCamera();
    const [created] = await consumersOf(bob, 1);
    await expect(ann.endpoint.resumeConsumer({ consumerId: created?.consumerId ?? '' })).rejects.toThrow(
      error('CONSUMER_NOT_FOUND'),
    );
  });
});

describe('wishes', () => {
  const wish = (guest: Guest, change: object, publicationId = 'PU_1') =>
    guest.endpoint.updateSubscriptions({ changes: [{ publicationId, ...change }] });

  it('unsubscribes and subscribes again', async () => {
    await bob.createRecv(room);
    await publishCamera();
    const [created] = await consumersOf(bob, 1);
    await wish(bob, { subscribed: false });
    expect(bob.of('media.consumerClosed')).toEqual([{ consumerId: created?.consumerId }]);
    expect(await dumpsOf(bob)).toEqual([]);
    await wish(bob, { subscribed: true });
    expect(await dumpsOf(bob)).toHaveLength(1);
    expect(bob.of('media.consumerCreated')).toHaveLength(2);
  });

  it('remembers a wish that comes before the transport', async () => {
    await publishCamera();
    await wish(bob, { subscribed: false });
    await bob.createRecv(room);
    const { transportId } = await ann.createSend();
    await ann.endpoint.publish('PU_2', microphone(transportId));
    expect(await consumersOf(bob, 1)).toMatchObject([{ publicationId: 'PU_2' }]);
  });

  it('remembers a wish while the publisher makes a new transport', async () => {
    await bob.createRecv(room);
    await publishCamera();
    await consumersOf(bob, 1);
    await wish(bob, { width: 320, height: 180 });
    await ann.createSend();
    await wish(bob, { subscribed: false });
    await publishCamera();
    const { transportId } = await ann.createSend();
    await ann.endpoint.publish('PU_1', camera(transportId));
    await ann.endpoint.publish('PU_2', microphone(transportId));
    const created = await consumersOf(bob, 2);
    expect(created.map(({ publicationId }) => publicationId)).toEqual(['PU_1', 'PU_2']);
  });

  it('passes over what is not there, and does the rest', async () => {
    await bob.createRecv(room);
    await publishCamera();
    await consumersOf(bob, 1);
    await bob.endpoint.updateSubscriptions({
      changes: [{ publicationId: 'PU_gone' }, { publicationId: 'PU_1', subscribed: false }],
    });
    expect(bob.of('media.consumerClosed')).toHaveLength(1);
  });

  it('survives a storm of wishes and ends where the last one says', async () => {
    await bob.createRecv(room);
    await publishCamera();
    await consumersOf(bob, 1);
    const storm = Array.from({ length: 60 }, (_, index) =>
      wish(bob, {
        subscribed: index % 3 !== 0,
        visible: index % 2 === 0,
        height: index * 20,
        priority: 1 + index,
      }),
    );
    await Promise.all(storm);
    await wish(bob, { subscribed: true, visible: true });
    expect(await dumpsOf(bob)).toHaveLength(1);
    const opened = bob.of('media.consumerCreated').length;
    expect(bob.of('media.consumerClosed')).toHaveLength(opened - 1);
  });
});

describe('layers nobody wants', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());
  it('are switched off after a while, and on at once', async () => {
    await bob.createRecv(room);
    await publishCamera();
    await consumersOf(bob, 1);
    const tile = (width: number, height: number, visible = true) =>
      bob.endpoint.updateSubscriptions({ changes: [{ publicationId: 'PU_1', width, height, visible }] });
    await tile(320, 180);
    expect(publishLayersOf(ann)).toEqual([]);
    vi.advanceTimersByTime(1_500);
    expect(publishLayersOf(ann)).toEqual([0]);
    await tile(1280, 720);
    expect(publishLayersOf(ann)).toEqual([0, 2]);
    await tile(1280, 720, false);
    vi.advanceTimersByTime(1_500);
    expect(publishLayersOf(ann)).toEqual([0, 2, -1]);
    await tile(640, 360);
    expect(publishLayersOf(ann)).toEqual([0, 2, -1, 1]);
  });

  it('are asked for by the one who wants most', async () => {
    const cat = new Guest(room, 'cat');
    await Promise.all([bob.createRecv(room), cat.createRecv(room)]);
    await publishCamera();
    await Promise.all([consumersOf(bob, 1), consumersOf(cat, 1)]);
    const tile = (guest: Guest, height: number) =>
      guest.endpoint.updateSubscriptions({ changes: [{ publicationId: 'PU_1', height }] });
    await Promise.all([tile(bob, 180), tile(cat, 360)]);
    vi.advanceTimersByTime(1_500);
    expect(publishLayersOf(ann)).toEqual([1]);
    cat.endpoint.close();
    vi.advanceTimersByTime(1_500);
    expect(publishLayersOf(ann)).toEqual([1, 0]);
  });

  it('go off altogether when nobody watches from the start', async () => {
    await publishCamera();
    vi.advanceTimersByTime(1_500);
    expect(publishLayersOf(ann)).toEqual([-1]);
    await bob.createRecv(room);
    await eventually(() => expect(publishLayersOf(ann)).toEqual([-1, 2]));
  });
});
