import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, microphone } from '../media/mediaFixtures.ts';
import { RoomsHarness, type Joined } from './testing/RoomsHarness.ts';
import { spreadEvenly } from './spreadEvenly.ts';

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterEach(() => harness.reset());
afterAll(() => harness.close());

const host = () => harness.enter('hanna', { role: 'host' });
const place = ({ participant, room }: Joined) => room.breakouts.nameOf(participant.breakoutId) || 'main';
const sees = ({ participant, room }: Joined) =>
  room.roster
    .visibleIn(participant.breakoutId)
    .filter((other) => other !== participant)
    .map(({ identity }) => identity)
    .sort();

/** A host, people, and two breakout rooms with one of them each. */
async function split() {
  const [hanna, ann, bob] = [await host(), await harness.enter('ann'), await harness.enter('bob')];
  const { breakouts } = hanna.room;
  const [red = '', blue = ''] = breakouts.create(hanna.participant, ['Red', 'Blue']);
  breakouts.assign(hanna.participant, [
    { identity: 'ann', breakoutId: red },
    { identity: 'bob', breakoutId: blue },
    { identity: 'late', breakoutId: red },
  ]);
  return { hanna, ann, bob, breakouts, red, blue };
}

describe('breakout rooms', () => {
  it('are prepared without anybody moving; only hosts see them', async () => {
    const { hanna, ann, bob } = await split();
    expect([hanna, ann, bob].map(place)).toEqual(['main', 'main', 'main']);
    await expect
      .poll(() => hanna.ear.last('room.stateUpdated')?.roomState.breakouts?.rooms)
      .toMatchObject([
        { name: 'Red', assigned: ['ann', 'late'], people: [] },
        { name: 'Blue', assigned: ['bob'] },
      ]);
    expect(ann.ear.last('room.stateUpdated')?.roomState.breakouts).toBeNull();
  });

  it('open: everybody moves to where they belong, and sees those who are there', async () => {
    const { hanna, ann, bob, breakouts } = await split();
    breakouts.open(hanna.participant, {});
    expect([hanna, ann, bob].map(place)).toEqual(['main', 'Red', 'Blue']);
    expect([hanna, ann, bob].map(sees)).toEqual([[], [], []]);
    expect(ann.ear.last('room.moved')).toMatchObject({ name: 'Red', participants: [], reason: 'assigned' });
    expect(hanna.ear.of('participant.left').map(({ reason }) => reason)).toEqual([
      'movedToBreakout',
      'movedToBreakout',
    ]);
    const late = await harness.enter('late');
    expect(place(late)).toBe('Red');
    expect(late.answer.participants.map(({ identity }) => identity)).toEqual(['ann']);
    expect(ann.ear.last('participant.joined')?.participant.identity).toBe('late');
    const unassigned = await harness.enter('zoe');
    expect(place(unassigned)).toBe('main');
  });

  it('close: everybody is back', async () => {
    const { hanna, ann, bob, breakouts } = await split();
    breakouts.open(hanna.participant, {});
    breakouts.close(hanna.participant);
    expect([ann, bob].map(place)).toEqual(['main', 'main']);
    expect(sees(ann)).toEqual(['bob', 'hanna']);
    expect(ann.ear.last('room.moved')).toMatchObject({ breakoutId: null, reason: 'closed' });
    expect(() => breakouts.close(hanna.participant)).toThrow(
      expect.objectContaining({ code: 'WRONG_STATE' }),
    );
  });

  it('are visited by a host, who goes anywhere; by others only where they may choose', async () => {
    const { hanna, ann, breakouts, red, blue } = await split();
    breakouts.open(hanna.participant, {});
    breakouts.visit(hanna.participant, red);
    expect(sees(ann)).toEqual(['hanna']);
    breakouts.visit(hanna.participant, null);
    expect(() => breakouts.visit(ann.participant, blue)).toThrow(
      expect.objectContaining({ code: 'PERMISSION_DENIED' }),
    );
    // Back to the main room, and to where one belongs, one may always go.
    breakouts.visit(ann.participant, null);
    expect(place(ann)).toBe('main');
    breakouts.visit(ann.participant, red);
    expect(place(ann)).toBe('Red');
    breakouts.close(hanna.participant);
    breakouts.open(hanna.participant, { choosing: true });
    breakouts.visit(ann.participant, blue);
    expect(place(ann)).toBe('Blue');
    expect(() => breakouts.visit(ann.participant, 'BR_none')).toThrow(
      expect.objectContaining({ code: 'BREAKOUT_NOT_FOUND' }),
    );
  });

  it('spread people evenly, hosts left out', async () => {
    const hanna = await host();
    for (let number = 0; number < 7; number += 1) await harness.enter(`person-${number}`);
    const { breakouts } = hanna.room;
    breakouts.create(hanna.participant, ['A', 'B', 'C']);
    breakouts.assignRandomly(hanna.participant);
    breakouts.open(hanna.participant, {});
    const sizes = breakouts.stateFor(hanna.participant)?.rooms.map(({ people }) => people.length);
    expect(sizes?.toSorted()).toEqual([2, 2, 3]);
    expect(place(hanna)).toBe('main');
  });

  it('call for help, hear a broadcast, and lose nobody when one is deleted', async () => {
    const { hanna, ann, bob, breakouts, red } = await split();
    breakouts.open(hanna.participant, {});
    breakouts.askForHelp(ann.participant, false);
    const helpAskedAt = () => breakouts.stateFor(hanna.participant)?.rooms[0]?.helpAskedAt;
    expect(helpAskedAt()).toEqual(expect.any(Number));
    breakouts.visit(hanna.participant, red);
    expect(helpAskedAt()).toBeNull();
    breakouts.broadcast(hanna.participant, 'Five minutes left');
    for (const { ear } of [ann, bob])
      expect(ear.of('breakout.message')).toEqual([{ text: 'Five minutes left', from: 'hanna' }]);
    breakouts.delete(hanna.participant, red);
    expect([ann, hanna].map(place)).toEqual(['main', 'main']);
    expect(() => breakouts.askForHelp(ann.participant, false)).toThrow(
      expect.objectContaining({ code: 'WRONG_STATE' }),
    );
  });

  it('survive that the server is started anew, and those who come back land where they were', async () => {
    const { hanna, breakouts } = await split();
    breakouts.open(hanna.participant, { seconds: 600 });
    const endsAt = breakouts.stateFor(hanna.participant)?.endsAt;
    harness.crash();
    const ann = await harness.enter('ann');
    expect(place(ann)).toBe('Red');
    expect(ann.answer.roomState.breakouts).toMatchObject({ open: true, endsAt });
  });

  it('end by themselves when their time is over', async () => {
    const { hanna, ann, breakouts } = await split();
    breakouts.open(hanna.participant, {});
    breakouts.setTime(hanna.participant, 0.2);
    await eventually(() => expect(ann.ear.of('room.endingSoon')).toMatchObject([{ what: 'breakouts' }]));
    await eventually(() => expect(place(ann)).toBe('main'));
    expect(breakouts.isOpen).toBe(false);
  });

  it('keep the transports of those who move, and give the media of the new room and no other', async () => {
    const { hanna, ann, bob, breakouts, red } = await split();
    for (const { participant, answer } of [hanna, ann, bob]) {
      await participant.createTransport({ direction: 'recv', rtpCapabilities: answer.rtpCapabilities });
      const { transportId } = await participant.createTransport({ direction: 'send' });
      await participant.publish(microphone(transportId));
    }
    const hears = ({ ear }: Joined) => {
      const closed = new Set(ear.of('media.consumerClosed').map(({ consumerId }) => consumerId));
      const open = ear.of('media.consumerCreated').filter(({ consumerId }) => !closed.has(consumerId));
      return open.map(({ participantId }) => participantId).sort();
    };
    const ids = (...people: Joined[]) => people.map(({ participant }) => participant.participantId).sort();
    await eventually(() => expect(hears(ann)).toEqual(ids(hanna, bob)));
    breakouts.open(hanna.participant, {});
    await eventually(() => expect(hears(ann)).toEqual([]));
    breakouts.visit(hanna.participant, red);
    await eventually(() => expect(hears(ann)).toEqual(ids(hanna)));
    await eventually(() => expect(hears(hanna)).toEqual(ids(ann)));
    expect(hears(bob)).toEqual([]);
    breakouts.close(hanna.participant);
    await eventually(() => expect(hears(bob)).toEqual(ids(hanna, ann)));
  });
});

describe('spreadEvenly', () => {
  it('gives everybody one place, numbers differing by one at most', () => {
    for (let people = 0; people < 30; people += 1) {
      const dealt = spreadEvenly(
        Array.from({ length: people }, (_, index) => index),
        ['a', 'b', 'c', 'd'],
      );
      expect(dealt.map(([person]) => person).sort((a, b) => a - b)).toEqual(
        Array.from({ length: people }, (_, index) => index),
      );
      const sizes = ['a', 'b', 'c', 'd'].map((place) => dealt.filter(([, at]) => at === place).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
    expect(spreadEvenly([1, 2], [])).toEqual([]);
  });
});
