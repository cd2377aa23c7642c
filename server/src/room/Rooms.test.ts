import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RoomsHarness } from './testing/RoomsHarness.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterEach(() => harness.reset());
afterAll(() => harness.close());
const coded = (code: string): unknown => expect.objectContaining({ code });

describe('Rooms', () => {
  it('tells those who are in of those who come and go', async () => {
    const ann = await harness.enter('ann');
    const bob = await harness.enter('bob');
    expect(bob.answer.participants.map(({ identity }) => identity)).toEqual(['ann']);
    expect(ann.ear.of('participant.joined').map(({ participant }) => participant.identity)).toEqual(['bob']);
    await bob.participant.leave('left');
    await bob.participant.leave('left');
    expect(ann.ear.of('participant.left')).toEqual([
      { participantId: bob.participant.participantId, reason: 'left' },
    ]);
  });

  it('gives the place of an identity to the newest and tells the former why', async () => {
    const bob = await harness.enter('bob');
    const first = await harness.enter('ann');
    const second = await harness.enter('ann');
    expect(first.ear.ended).toMatchObject({ reason: 'duplicateIdentity', rejoin: false });
    expect(second.answer.participants.map(({ identity }) => identity)).toEqual(['bob']);
    expect(bob.ear.of('participant.left')).toHaveLength(1);
    expect(harness.rooms.getRoom('demo').numParticipants).toBe(2);
  });

  it('gives the same room again only for the same password', async () => {
    const create = (password?: string) =>
      harness.rooms.createRoom({ name: 'demo', settings: password === undefined ? {} : { password } });
    // Both passwords are hashed at once: either may be done first, and makes the room.
    const made = await Promise.all([create('tulip'), create('tulip')]);
    expect(made.map(({ created }) => created).sort()).toEqual([false, true]);
    const differing = { code: 'ROOM_EXISTS', details: { differing: ['password'] } };
    await expect(create('rose')).rejects.toMatchObject(differing);
    await expect(create()).rejects.toMatchObject(differing);
    await harness.rooms.updateRoom('demo', { password: null });
    await expect(create('tulip')).rejects.toMatchObject(differing);
    expect(await create()).toMatchObject({ created: false });
  });

  it('refuses a full room, but not somebody who is in already', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { maxParticipants: 1 } });
    await harness.enter('ann');
    await expect(harness.enter('bob')).rejects.toEqual(coded('ROOM_FULL'));
    await expect(harness.enter('ann')).resolves.toBeDefined();
  });

  it('creates idempotently, and refuses other settings', async () => {
    const body = { name: 'kept', settings: { title: 'Weekly' } };
    expect((await harness.rooms.createRoom(body)).created).toBe(true);
    expect((await harness.rooms.createRoom(body)).created).toBe(false);
    await expect(harness.rooms.createRoom({ name: 'kept', settings: { title: 'Daily' } })).rejects.toEqual(
      coded('ROOM_EXISTS'),
    );
  });

  it('keeps rooms made by REST and only those', async () => {
    await harness.rooms.createRoom({ name: 'kept' });
    await harness.rooms.updateRoom('kept', { title: 'Weekly' });
    await harness.enter('ann', { video: { room: 'passing' } });
    const kept = () => harness.stores.rooms.load().filter((room) => room.kept);
    expect(kept().map(({ name, settings }) => [name, settings.title])).toEqual([['kept', 'Weekly']]);
    await harness.rooms.deleteRoom('kept');
    expect(kept()).toEqual([]);
  });

  it('admits guests only where they are allowed', async () => {
    await harness.rooms.createRoom({ name: 'members', settings: { guestsAllowed: false } });
    const admit = (name: string, create: boolean) =>
      harness.rooms.admitGuest(name, { identity: 'guest', create, network: '192.0.2.1' });
    await expect(admit('members', false)).rejects.toEqual(coded('GUESTS_REFUSED'));
    await expect(admit('nowhere', false)).rejects.toEqual(coded('ACCESS_REFUSED'));
    await expect(admit('nowhere', true)).resolves.toMatchObject({ room: { name: 'nowhere' } });
  });

  it('makes whoever makes a room a host of its first meeting, and nobody else', async () => {
    const arrive = async (identity: string) => {
      await harness.rooms.admitGuest('new', { identity, create: true, network: '192.0.2.1' });
      return harness.enter(identity, { guest: true, video: { room: 'new' } });
    };
    const [ann, bob] = [await arrive('ann'), await arrive('bob')];
    expect([ann.participant.role, bob.participant.role]).toEqual(['host', 'participant']);
    ann.room.end(ann.participant);
    expect((await arrive('bob')).participant.role).toBe('host');
    // The room has the name of the other only.
    expect((await arrive('ann')).participant.role).toBe('participant');
  });

  it('ends a deleted room for everybody', async () => {
    const ann = await harness.enter('ann');
    await harness.rooms.deleteRoom('demo');
    expect(ann.ear.ended).toMatchObject({ reason: 'roomClosed' });
  });

  it('moves everybody to another worker when theirs is killed, and nobody leaves', async () => {
    const ann = await harness.enter('ann');
    const bob = await harness.enter('bob');
    for (const pid of harness.pool.workerPids) process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => {
      for (const { ear } of [ann, bob]) expect(ear.of('media.reset')).toMatchObject([{ mediaGeneration: 2 }]);
    }, 15_000);
    expect(ann.ear.of('participant.left')).toEqual([]);
    await expect(ann.participant.createTransport({ direction: 'send' })).resolves.toHaveProperty(
      'transportId',
    );
  });
});
