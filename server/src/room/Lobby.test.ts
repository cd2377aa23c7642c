import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RoomSettingsPatch } from '@parley/protocol';
import { RoomsHarness, type Joined } from './testing/RoomsHarness.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create({ PARLEY_ROOMS_SUCCESSOR_DELAY: '0' });
});
afterEach(() => harness.reset());
afterAll(() => harness.close());

const open = (settings: RoomSettingsPatch) => harness.rooms.createRoom({ name: 'demo', settings });
const host = () => harness.enter('hanna', { role: 'host' });
const people = ({ ear }: Joined) => ear.last('lobby.updated')?.people.map(({ identity }) => identity);
const by = <T>({ room, participant }: Joined, act: (room: Joined['room']) => T) =>
  room.perform(participant, 'lobby.admit', () => act(room));

describe('the policy of a lobby', () => {
  it.each([
    ['off', { ann: 'in', guest: 'in', hanna: 'in' }],
    ['guests', { ann: 'in', guest: 'waits', hanna: 'in' }],
    ['notHosts', { ann: 'waits', guest: 'waits', hanna: 'in' }],
    ['everyone', { ann: 'waits', guest: 'waits', hanna: 'waits' }],
  ] as const)('%s', async (lobby, expected) => {
    await open({ lobby });
    const state = async (identity: string, claims = {}) =>
      (await harness.ask(identity, claims)).outcome.state === 'joined' ? 'in' : 'waits';
    expect({
      ann: await state('ann'),
      guest: await state('guest', { guest: true }),
      hanna: await state('hanna', { role: 'host' }),
    }).toEqual(expected);
  });

  it('holds before anybody is there, and nobody is let in because a host came', async () => {
    await open({ lobby: 'notHosts' });
    const { ear } = await harness.knock('ann');
    const hanna = await host();
    expect(people(hanna)).toEqual(['ann']);
    await vi.waitFor(() => expect(ear.last('knock.updated')?.knock.hostPresent).toBe(true));
    expect(ear.of('knock.admitted')).toEqual([]);
    expect(hanna.room.participants.map(({ identity }) => identity)).toEqual(['hanna']);
  });
});

describe('somebody who waits', () => {
  it('is told nothing of the room but its title and text', async () => {
    await open({ lobby: 'notHosts', title: 'Board', lobbyText: 'Please wait.' });
    await host();
    const { ear, waiting } = await harness.knock('ann');
    expect(await harness.ask('ann')).toMatchObject({
      outcome: { answer: { state: 'knocking', knock: { title: 'Board', text: 'Please wait.' } } },
    });
    expect(ear.heard).toEqual([]);
    expect(waiting.info).toMatchObject({
      identity: 'ann',
      kind: 'web',
      isGuest: false,
      connection: 'connected',
    });
  });

  it('is admitted, and need not knock again', async () => {
    await open({ lobby: 'notHosts' });
    const hanna = await host();
    const { ear, waiting } = await harness.knock('ann');
    expect(people(hanna)).toEqual(['ann']);
    await by(hanna, (room) => room.lobby.admit(hanna.participant, waiting.knockId));
    expect(ear.of('knock.admitted')).toHaveLength(1);
    expect(people(hanna)).toEqual([]);
    const ann = await harness.enter('ann');
    await ann.participant.leave('left');
    await harness.enter('ann');
  });

  it('is admitted with all others', async () => {
    await open({ lobby: 'notHosts' });
    const hanna = await host();
    const waiting = [await harness.knock('ann'), await harness.knock('bob')];
    await by(hanna, (room) => room.lobby.admitAll(hanna.participant));
    for (const { ear } of waiting) expect(ear.of('knock.admitted')).toHaveLength(1);
    await harness.enter('ann');
    await harness.enter('bob');
  });

  it('is denied, and told so', async () => {
    await open({ lobby: 'notHosts' });
    const hanna = await host();
    const { ear, waiting } = await harness.knock('ann');
    await by(hanna, (room) => room.lobby.deny(hanna.participant, waiting.knockId, false));
    expect(ear.ended).toMatchObject({ reason: 'denied', rejoin: false });
    expect(people(hanna)).toEqual([]);
    await harness.knock('ann');
  });

  it('is banned, and cannot come back', async () => {
    await open({ lobby: 'notHosts' });
    const hanna = await host();
    const { ear, waiting } = await harness.knock('ann');
    await by(hanna, (room) => room.lobby.deny(hanna.participant, waiting.knockId, true));
    expect(ear.ended).toMatchObject({ reason: 'banned' });
    await expect(harness.ask('ann')).rejects.toMatchObject({ code: 'BANNED' });
  });

  it('gets messages, and leaves', async () => {
    await open({ lobby: 'notHosts' });
    const hanna = await host();
    const [ann, bob] = [await harness.knock('ann'), await harness.knock('bob')];
    await by(hanna, (room) => room.lobby.message(hanna.participant, { text: 'Soon.' }));
    await by(hanna, (room) =>
      room.lobby.message(hanna.participant, { knockId: bob.waiting.knockId, text: 'You, too.' }),
    );
    expect(ann.ear.of('knock.message')).toEqual([{ text: 'Soon.', from: 'hanna' }]);
    expect(bob.ear.of('knock.message').map(({ text }) => text)).toEqual(['Soon.', 'You, too.']);
    await ann.waiting.leave('left');
    await ann.waiting.leave('left');
    expect(people(hanna)).toEqual(['bob']);
  });

  it('keeps the place in the queue on another connection', async () => {
    await open({ lobby: 'notHosts' });
    const hanna = await host();
    const first = await harness.knock('ann');
    await harness.knock('bob');
    const second = await harness.knock('ann');
    expect(second.waiting).toBe(first.waiting);
    expect(first.ear.ended).toMatchObject({ reason: 'duplicateIdentity' });
    expect(people(hanna)).toEqual(['ann', 'bob']);
  });

  it('keeps it when the server is started anew, as does who was admitted', async () => {
    await open({ lobby: 'notHosts' });
    const hanna = await host();
    const ann = await harness.knock('ann');
    await harness.knock('bob');
    await by(hanna, (room) => room.lobby.admit(hanna.participant, ann.waiting.knockId));
    await harness.knock('cat');
    harness.crash();
    const again = await host();
    expect(people(again)).toEqual(['bob', 'cat']);
    expect(again.ear.last('lobby.updated')?.people[0]?.connection).toBe('interrupted');
    await harness.enter('ann');
    const bob = await harness.knock('bob');
    expect(people(again)).toEqual(['bob', 'cat']);
    await by(again, (room) => room.lobby.admit(again.participant, bob.waiting.knockId));
    await harness.enter('bob');
  });
});

describe('somebody who is sent back to the lobby', () => {
  it('has nothing of the room any more, waits whatever the policy, and may be let in again', async () => {
    const hanna = await host();
    const ann = await harness.enter('ann');
    await ann.participant.createTransport({ direction: 'send' });
    await by(hanna, (room) => room.moderation.sendToLobby(hanna.participant, ann.participant.participantId));
    expect(ann.ear.ended).toBeUndefined();
    expect(ann.ear.sentBackTo).toBeDefined();
    expect(ann.ear.of('knock.sentBack')).toHaveLength(1);
    expect(() => ann.participant.createTransport({ direction: 'send' })).toThrow();
    expect(hanna.ear.of('participant.left').at(-1)).toMatchObject({ reason: 'movedToLobby' });
    const { waiting } = await harness.knock('ann');
    await by(hanna, (room) => room.lobby.admit(hanna.participant, waiting.knockId));
    await harness.enter('ann');
  });
});

describe('when no host is left', () => {
  it('those who wait stay and are told, and the longest-present member may admit until a host is back', async () => {
    await open({ lobby: 'guests', successor: 'member' });
    const hanna = await host();
    const bob = await harness.enter('bob');
    const cat = await harness.enter('cat');
    const gus = await harness.knock('gus', { guest: true });
    expect(bob.participant.permissions.canAdmit).toBe(false);
    await hanna.participant.leave('left');
    await vi.waitFor(() => expect(gus.ear.last('knock.updated')?.knock.hostPresent).toBe(false));
    await vi.waitFor(() => expect(bob.participant.actingRole).toBe('successor'));
    expect(people(bob)).toEqual(['gus']);
    expect(cat.participant.permissions.canAdmit).toBe(false);
    expect(people(cat)).toBeUndefined();
    await bob.participant.leave('left');
    expect(cat.participant.actingRole).toBe('successor');
    const again = await host();
    expect(cat.participant.actingRole).toBe('participant');
    await expect(
      cat.room.perform(cat.participant, 'lobby.admit', () =>
        cat.room.lobby.admit(cat.participant, gus.waiting.knockId),
      ),
    ).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    expect(people(again)).toEqual(['gus']);
  });

  it('nobody may admit where the room says so, and a guest only where it says anyone', async () => {
    await open({ lobby: 'off', successor: 'nobody' });
    const bob = await harness.enter('bob');
    await harness.rooms.updateRoom('demo', { successor: 'anyone' });
    await vi.waitFor(() => expect(bob.participant.actingRole).toBe('successor'));
    await harness.rooms.updateRoom('demo', { successor: 'nobody' });
    expect(bob.participant.actingRole).toBe('participant');
    const gus = await harness.enter('gus', { guest: true });
    await bob.participant.leave('left');
    await harness.rooms.updateRoom('demo', { successor: 'member' });
    expect(gus.participant.actingRole).toBe('participant');
    await harness.rooms.updateRoom('demo', { successor: 'anyone' });
    await vi.waitFor(() => expect(gus.participant.actingRole).toBe('successor'));
  });
});
