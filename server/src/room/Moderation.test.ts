import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { microphone, camera } from '../media/mediaFixtures.ts';
import { RoomsHarness, type Claims, type Joined } from './testing/RoomsHarness.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterEach(() => harness.reset());
afterAll(() => harness.close());

/** Somebody who publishes microphone and camera. */
async function speaker(identity: string, claims: Claims = {}): Promise<Joined> {
  const joined = await harness.enter(identity, claims);
  const { transportId } = await joined.participant.createTransport({ direction: 'send' });
  await joined.participant.publish(microphone(transportId));
  await joined.participant.publish(camera(transportId, 'camera'));
  return joined;
}
const sending = ({ participant }: Joined) =>
  participant.info.publications.map(({ source, muted }) => `${source}${muted ? ' muted' : ''}`);
const id = ({ participant }: Joined) => participant.participantId;
const host = (identity = 'hanna') => harness.enter(identity, { role: 'host' });
const microphoneOf = ({ participant }: Joined) =>
  participant.info.publications.find(({ source }) => source === 'microphone')?.publicationId ?? '';

describe('a host', () => {
  it('mutes the microphone of one, who may unmute', async () => {
    const [hanna, ann] = [await host(), await speaker('ann')];
    await hanna.room.moderation.mute(hanna.participant, { participantId: id(ann), source: 'microphone' });
    expect(sending(ann)).toEqual(['microphone muted', 'camera']);
    expect(ann.ear.last('publication.updated')).toMatchObject({ by: 'hanna', publication: { muted: true } });
    await ann.participant.setMuted({ publicationId: microphoneOf(ann), muted: false });
    expect(sending(ann)).toEqual(['microphone', 'camera']);
  });

  it('stops a camera, and its owner is told who did it', async () => {
    const [hanna, ann] = [await host(), await speaker('ann')];
    await hanna.room.moderation.mute(hanna.participant, { participantId: id(ann), source: 'camera' });
    expect(sending(ann)).toEqual(['microphone']);
    expect(ann.ear.last('publication.removed')).toMatchObject({ participantId: id(ann), by: 'hanna' });
  });

  it('mutes all but herself and other hosts', async () => {
    const [hanna, ann] = [await speaker('hanna', { role: 'host' }), await speaker('ann')];
    const helen = await speaker('helen', { role: 'host' });
    await hanna.room.moderation.muteAll(hanna.participant, {});
    expect([hanna, ann, helen].map((one) => sending(one)[0])).toEqual([
      'microphone',
      'microphone muted',
      'microphone',
    ]);
    await hanna.room.moderation.muteAll(hanna.participant, { hosts: true });
    expect(sending(helen)[0]).toBe('microphone muted');
    expect(sending(hanna)[0]).toBe('microphone');
  });

  it('mutes hard: one asks to unmute, and may when it is approved', async () => {
    const [hanna, ann] = [await host(), await speaker('ann')];
    const unmute = () => ann.participant.setMuted({ publicationId: microphoneOf(ann), muted: false });
    const { moderation, floor } = hanna.room;
    await moderation.mute(hanna.participant, { participantId: id(ann), source: 'microphone', hard: true });
    await expect(unmute()).rejects.toMatchObject({ code: 'UNMUTE_NEEDS_APPROVAL' });
    floor.requestUnmute(ann.participant, false);
    expect(hanna.ear.last('participant.updated')?.participant).toMatchObject({ unmuting: 'requested' });
    moderation.answerUnmute(hanna.participant, { participantId: id(ann), allowed: false });
    expect(ann.ear.last('self.unmuteAnswered')).toEqual({ allowed: false });
    await expect(unmute()).rejects.toMatchObject({ code: 'UNMUTE_NEEDS_APPROVAL' });
    floor.requestUnmute(ann.participant, false);
    moderation.answerUnmute(hanna.participant, { participantId: id(ann), allowed: true });
    await unmute();
    expect(sending(ann)[0]).toBe('microphone');
  });

  it('cannot be got round by publishing anew', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    await hanna.room.update(hanna.participant, { unmuting: 'onApproval' });
    const { transportId } = await ann.participant.createTransport({ direction: 'send' });
    await expect(ann.participant.publish(microphone(transportId))).rejects.toMatchObject({
      code: 'UNMUTE_NEEDS_APPROVAL',
    });
    await ann.participant.publish({ ...microphone(transportId), muted: true });
  });

  it('makes everybody ask by a setting, which mutes those who speak', async () => {
    const [hanna, ann] = [await host(), await speaker('ann')];
    await hanna.room.update(hanna.participant, { unmuting: 'onApproval' });
    await expect.poll(() => sending(ann)).toEqual(['microphone muted', 'camera']);
    hanna.room.moderation.askToUnmute(hanna.participant, id(ann));
    expect(ann.ear.last('self.askedToUnmute')).toEqual({ from: 'hanna' });
    await ann.participant.setMuted({ publicationId: microphoneOf(ann), muted: false });
  });

  it('promotes a viewer, who may send then, and returns them, without a reconnect', async () => {
    const hanna = await host();
    const vera = await harness.enter('vera', { role: 'viewer' });
    await vera.participant.createTransport({
      direction: 'recv',
      rtpCapabilities: vera.answer.rtpCapabilities,
    });
    const { transportId } = await vera.participant.createTransport({ direction: 'send' });
    await expect(vera.participant.publish(microphone(transportId))).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    hanna.room.moderation.setRole(hanna.participant, { participantId: id(vera), role: 'participant' });
    expect(vera.ear.last('self.permissions')?.permissions).toMatchObject({ canPublish: true });
    await vera.participant.publish(microphone(transportId));
    hanna.room.moderation.setRole(hanna.participant, { participantId: id(vera), role: 'viewer' });
    expect(sending(vera)).toEqual([]);
    expect(hanna.ear.last('publication.removed')).toMatchObject({ participantId: id(vera) });
    // So that their page puts out what it captures.
    expect(vera.ear.last('publication.removed')).toMatchObject({ participantId: id(vera), by: 'room' });
    expect(vera.ear.ended).toBeUndefined();
  });

  it('makes hosts and not owners, and does nothing to an owner', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    const otto = await harness.enter('otto', { role: 'owner' });
    const { moderation } = hanna.room;
    const asHost = (role: 'host' | 'owner' | 'viewer', target: Joined) => () =>
      moderation.setRole(hanna.participant, { participantId: id(target), role });
    expect(asHost('owner', ann)).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }));
    asHost('host', ann)();
    expect(ann.participant.role).toBe('host');
    expect(asHost('viewer', otto)).toThrow(expect.objectContaining({ code: 'PERMISSION_DENIED' }));
    expect(() => moderation.remove(hanna.participant, { participantId: id(otto) })).toThrow(
      expect.objectContaining({ code: 'PERMISSION_DENIED' }),
    );
    moderation.setRole(otto.participant, { participantId: id(hanna), role: 'owner' });
    expect(hanna.participant.role).toBe('owner');
  });

  it('who was demoted can do nothing that was asked before and comes after', async () => {
    const [hanna, helen] = [await host(), await host('helen')];
    const first = hanna.room.perform(hanna.participant, 'participant.setRole', () =>
      hanna.room.moderation.setRole(hanna.participant, { participantId: id(helen), role: 'participant' }),
    );
    const second = helen.room.perform(helen.participant, 'room.end', () => helen.room.end(helen.participant));
    await first;
    await expect(second).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
  });

  it('removes somebody, who may come back, and bans somebody, who may not', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    hanna.room.moderation.remove(hanna.participant, { participantId: id(ann) });
    expect(ann.ear.ended).toMatchObject({ reason: 'removed', rejoin: false });
    const again = await harness.enter('ann');
    hanna.room.moderation.remove(hanna.participant, { participantId: id(again), ban: true });
    expect(again.ear.ended).toMatchObject({ reason: 'banned' });
    await expect(harness.ask('ann')).rejects.toMatchObject({ code: 'BANNED' });
    await expect(harness.ask('ann', { role: 'owner' })).rejects.toMatchObject({ code: 'BANNED' });
  });

  it('removes a host whom a host had made one, who is none when they come back', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    hanna.room.moderation.setRole(hanna.participant, { participantId: id(ann), role: 'host' });
    hanna.room.moderation.remove(hanna.participant, { participantId: id(ann) });
    expect((await harness.enter('ann')).participant.role).toBe('participant');
  });

  it('bans a guest with the network they came from, for guests', async () => {
    const hanna = await host();
    const gus = await harness.enter('guest-1', { guest: true }, { network: '198.51.100.1' });
    const neighbour = await harness.enter('guest-3', { guest: true }, { network: '198.51.100.1' });
    hanna.room.moderation.remove(hanna.participant, { participantId: id(gus), ban: true });
    const from = (network: string, claims: Claims) => harness.ask('guest-2', claims, { network });
    // Who was in, and drops out, comes back.
    await neighbour.participant.leave('connectionLost');
    await harness.enter('guest-3', { guest: true }, { network: '198.51.100.1' });
    await expect(from('198.51.100.1', { guest: true })).rejects.toMatchObject({ code: 'BANNED' });
    await expect(from('198.51.100.2', { guest: true })).resolves.toBeDefined();
    await expect(from('198.51.100.1', {})).resolves.toBeDefined();
  });

  it('renames, and the name holds', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    hanna.room.moderation.rename(hanna.participant, { participantId: id(ann), displayName: ' Anna ' });
    expect(hanna.ear.last('participant.updated')?.participant.displayName).toBe('Anna');
    await ann.participant.leave('left');
    expect((await harness.enter('ann')).answer.self.displayName).toBe('Anna');
  });

  it('ends the meeting for all; what was decided in it is over', async () => {
    await harness.rooms.createRoom({ name: 'demo' });
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    hanna.room.moderation.setRole(hanna.participant, { participantId: id(ann), role: 'host' });
    hanna.room.end(hanna.participant);
    for (const { ear } of [hanna, ann]) expect(ear.ended).toMatchObject({ reason: 'roomClosed' });
    expect((await harness.enter('ann')).answer.self.role).toBe('participant');
  });
});

describe('what a host did', () => {
  it('holds when the server is started anew', async () => {
    const [hanna, ann] = [await host(), await speaker('ann')];
    await hanna.room.moderation.mute(hanna.participant, {
      participantId: id(ann),
      source: 'microphone',
      hard: true,
    });
    hanna.room.moderation.setRole(hanna.participant, { participantId: id(hanna), role: 'participant' });
    hanna.room.floor.raiseHand(ann.participant);
    const { raisedHandAt } = ann.participant;
    harness.crash();
    expect((await harness.enter('ann')).answer.self).toMatchObject({
      unmuting: 'needsApproval',
      raisedHandAt,
    });
    expect((await host()).answer.self.role).toBe('participant');
  });
});

describe('raised hands', () => {
  it('form a queue in the order of raising; one lowers the own, a host that of others', async () => {
    const [hanna, ann, bob] = [await host(), await harness.enter('ann'), await harness.enter('bob')];
    const { floor } = hanna.room;
    for (const { participant } of [bob, ann, hanna]) floor.raiseHand(participant);
    floor.raiseHand(bob.participant);
    const queue = () =>
      hanna.room.participants
        .filter(({ raisedHandAt }) => raisedHandAt !== null)
        .sort((a, b) => Number(a.raisedHandAt) - Number(b.raisedHandAt))
        .map(({ identity }) => identity);
    expect(queue()).toEqual(['bob', 'ann', 'hanna']);
    expect(() => floor.lowerHand(ann.participant, { participantId: id(bob) })).toThrow(
      expect.objectContaining({ code: 'PERMISSION_DENIED' }),
    );
    floor.lowerHand(ann.participant, {});
    floor.lowerHand(hanna.participant, { participantId: id(bob) });
    expect(queue()).toEqual(['hanna']);
    floor.lowerHand(hanna.participant, { all: true });
    expect(queue()).toEqual([]);
  });
});

describe('reactions', () => {
  it('are one emoji, shown to all', async () => {
    const [ann, bob] = [await harness.enter('ann'), await harness.enter('bob')];
    ann.room.floor.react(ann.participant, '👍🏽');
    expect(bob.ear.of('participant.reacted')).toEqual([{ participantId: id(ann), emoji: '👍🏽' }]);
    for (const emoji of ['a', '👍👍', '<b>', ' '])
      expect(() => ann.room.floor.react(ann.participant, emoji)).toThrow(
        expect.objectContaining({ code: 'INVALID_PARAMS' }),
      );
  });
});

describe('spotlight and timer', () => {
  it('are shown to all, and survive a reconnect of who is shown', async () => {
    const [hanna, ann] = [await host(), await harness.enter('ann')];
    hanna.room.stage.setSpotlight(hanna.participant, [id(ann)]);
    hanna.room.stage.setTimer(hanna.participant, { seconds: 60, label: 'Break' });
    const again = await harness.enter('ann');
    const { spotlight, timer } = again.answer.roomState;
    expect(spotlight).toEqual([id(again)]);
    expect(timer).toMatchObject({ label: 'Break' });
    expect(Number(timer?.endsAt) - Number(timer?.startedAt)).toBe(60_000);
    hanna.room.stage.setTimer(hanna.participant, { seconds: 0 });
    await expect.poll(() => again.ear.last('room.stateUpdated')?.roomState.timer).toBeNull();
  });
});
