import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { camera, microphone } from '../media/mediaFixtures.ts';
import { RoomsHarness } from './testing/RoomsHarness.ts';
import type { RoomFact } from './RoomEvents.ts';

const facts: RoomFact[] = [];
let fails = false;
let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create({}, () => ({
    handleFact: (_room, fact) => {
      facts.push(fact);
      if (fails) throw new Error('the disk is full');
    },
  }));
});
afterEach(async () => {
  fails = false;
  await harness.reset();
  facts.length = 0;
});
afterAll(() => harness.close());

const types = () => facts.map(({ type }) => type);

describe('whoever looks on', () => {
  it('is told after a crash who was thrown out by it, once', async () => {
    await harness.rooms.createRoom({ name: 'demo' });
    const { participant } = await harness.enter('ann', { role: 'host' });
    facts.length = 0;
    harness.crash();
    const { participantId, joinedAt } = participant;
    expect(facts).toMatchObject([
      {
        ...{ type: 'left', reason: 'serverShutdown' },
        participant: { participantId, identity: 'ann', role: 'host', joinedAt },
      },
    ]);
    harness.crash();
    expect(facts).toHaveLength(1);
  });

  it('is told nothing of those who are hidden', async () => {
    const spy = await harness.enter('spy', { video: { hidden: true } });
    await spy.participant.leave('left');
    expect(types()).toEqual(['meetingStarted']);
  });

  it('holds up nobody when it fails', async () => {
    fails = true;
    const { room, participant } = await harness.enter('ann');
    expect(room.chat.send(participant, { text: 'hello' }).text).toBe('hello');
    expect(types()).toEqual(['meetingStarted', 'joined', 'chatSent']);
  });

  it('is told of breakout rooms, and of who goes where', async () => {
    const hanna = await harness.enter('hanna', { role: 'host' });
    const { room, participant } = await harness.enter('ann');
    room.breakouts.create(hanna.participant, ['One']);
    const breakoutId = room.breakouts.placeOf('ann');
    expect(breakoutId).toBeNull();
    room.breakouts.assignRandomly(hanna.participant);
    facts.length = 0;
    room.breakouts.open(hanna.participant, {});
    room.breakouts.close(hanna.participant);
    expect(types()).toEqual(['breakoutsOpened', 'moved', 'moved', 'breakoutsClosed']);
    const [opened, went, came] = facts;
    expect(opened).toMatchObject({ by: { identity: 'hanna' }, breakouts: [{ name: 'One' }] });
    expect(went).toMatchObject({ participant: { participantId: participant.participantId }, from: null });
    expect(came).toMatchObject({ to: null, reason: 'closed' });
  });

  it('is told of tracks, which end with the stay of who sends them', async () => {
    const { participant } = await harness.enter('ann');
    const { transportId } = await participant.createTransport({ direction: 'send' });
    const { publicationId } = await participant.publish(microphone(transportId));
    await participant.publish(camera(transportId, 'camera'));
    facts.length = 0;
    await participant.unpublish({ publicationId });
    await participant.leave('left');
    expect(types()).toEqual(['unpublished', 'unpublished', 'left']);
    expect(facts).toMatchObject([
      { publication: { publicationId, source: 'microphone' }, participant: { identity: 'ann' } },
      { publication: { source: 'camera' } },
      { reason: 'left' },
    ]);
  });
});
