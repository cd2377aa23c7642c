import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Guest, camera, createPool, eventually, microphone } from './mediaFixtures.ts';
import type { MediaRoom } from './MediaRoom.ts';
import { MAIN_ZONE } from './zones.ts';
import type { WorkerPool } from './WorkerPool.ts';

let pool: WorkerPool;
let room: MediaRoom;
let ann: Guest;
let bob: Guest;
let cat: Guest;

beforeAll(async () => ({ pool } = await createPool()));
afterAll(() => pool.close());
beforeEach(async () => {
  room = await pool.createMediaRoom();
  [ann, bob, cat] = ['ann', 'bob', 'cat'].map((id) => new Guest(room, id)) as [Guest, Guest, Guest];
  for (const guest of [ann, bob, cat]) await guest.createRecv(room);
});
afterEach(() => room.close());

/** Whose media somebody receives now. */
const receives = (guest: Guest): string[] => {
  const closed = new Set(guest.of('media.consumerClosed').map(({ consumerId }) => consumerId));
  return guest
    .of('media.consumerCreated')
    .filter(({ consumerId }) => !closed.has(consumerId))
    .map(({ participantId, kind }) => `${participantId} ${kind}`)
    .sort();
};
const publish = async (guest: Guest) => {
  const { transportId } = await guest.createSend();
  await guest.endpoint.publish(`PU_${guest.endpoint.participantId}_mic`, microphone(transportId));
  await guest.endpoint.publish(`PU_${guest.endpoint.participantId}_cam`, camera(transportId, 'camera'));
};

describe('a recorder', () => {
  it('gets what may be recorded, and nothing of others, whenever they come, agree or change their minds', async () => {
    await publish(ann);
    bob.endpoint.setRecordable(false);
    await publish(bob);
    const recorder = new Guest(room, 'recorder', { isRecorder: true });
    await recorder.createRecv(room);
    await eventually(() => expect(receives(recorder)).toEqual(['ann audio', 'ann video']));
    bob.endpoint.setRecordable(true);
    await eventually(() => expect(receives(recorder)).toHaveLength(4));
    ann.endpoint.setRecordable(false);
    await eventually(() => expect(receives(recorder)).toEqual(['bob audio', 'bob video']));
    await ann.endpoint.publish('PU_screen', camera((await ann.createSend()).transportId, 'screen'));
    await eventually(() => expect(receives(cat)).toContain('ann video'));
    ann.endpoint.moveTo('BR_1');
    ann.endpoint.moveTo(MAIN_ZONE);
    await eventually(() => expect(receives(cat)).toContain('ann video'));
    expect(receives(recorder)).toEqual(['bob audio', 'bob video']);
  });
});

describe('zones of a media room', () => {
  beforeEach(async () => {
    for (const guest of [ann, bob, cat]) await publish(guest);
    await eventually(() => expect(receives(ann)).toHaveLength(4));
    await eventually(() => expect(receives(cat)).toHaveLength(4));
  });

  it('part those who are in different ones, and join those who are in the same', async () => {
    bob.endpoint.moveTo('BR_1');
    await eventually(() => expect(receives(ann)).toEqual(['cat audio', 'cat video']));
    expect(receives(bob)).toEqual([]);
    cat.endpoint.moveTo('BR_1');
    await eventually(() => expect(receives(bob)).toEqual(['cat audio', 'cat video']));
    await eventually(() => expect(receives(cat)).toEqual(['bob audio', 'bob video']));
    expect(receives(ann)).toEqual([]);
    for (const guest of [bob, cat]) guest.endpoint.moveTo(MAIN_ZONE);
    for (const guest of [ann, bob, cat]) await eventually(() => expect(receives(guest)).toHaveLength(4));
  });

  it('keep transports and producers of whoever moves', async () => {
    const { transports } = bob.endpoint.load;
    const producers = [...bob.endpoint.publications].map(({ producer }) => producer.id);
    bob.endpoint.moveTo('BR_1');
    bob.endpoint.moveTo(MAIN_ZONE);
    expect(bob.endpoint.load.transports).toBe(transports);
    expect([...bob.endpoint.publications].map(({ producer }) => producer.id)).toEqual(producers);
  });

  it('show what is published later to those of the zone only', async () => {
    bob.endpoint.moveTo('BR_1');
    cat.endpoint.moveTo('BR_1');
    await bob.endpoint.publish('PU_screen', camera((await bob.createSend()).transportId, 'screen'));
    await eventually(() => expect(receives(cat)).toContain('bob video'));
    expect(receives(ann)).toEqual([]);
  });

  it('are left with everything that one had', async () => {
    bob.endpoint.moveTo('BR_1');
    cat.endpoint.moveTo('BR_1');
    await eventually(() => expect(receives(cat)).toHaveLength(2));
    bob.endpoint.close();
    await eventually(() => expect(receives(cat)).toEqual([]));
  });
});

describe('permissions that change', () => {
  it('end what may no longer be sent, and let be sent what may be sent now', async () => {
    await publish(ann);
    await eventually(() => expect(receives(bob)).toHaveLength(2));
    const permissions = { ...ann.permissions, canPublishSources: ['microphone' as const] };
    ann.endpoint.setPermissions(permissions);
    await eventually(() => expect(receives(bob)).toEqual(['ann audio']));
    const { transportId } = await ann.createSend();
    const again = ann.endpoint.publish('PU_2', camera(transportId, 'camera'));
    await expect(again).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    ann.endpoint.setPermissions(ann.permissions);
    await ann.endpoint.publish('PU_2', camera(transportId, 'camera'));
    await eventually(() => expect(receives(bob)).toContain('ann video'));
  });
});
