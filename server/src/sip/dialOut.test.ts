import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneCall } from '@parley/protocol';
import { microphone } from '../media/mediaFixtures.ts';
import { callerOf } from '../auth/grants.ts';
import { CallDesk } from '../room/CallDesk.ts';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { PhoneHarness, endOf, eventually } from './testing/PhoneHarness.ts';

let harness: PhoneHarness;
let roomNumber = 0;
let room = '';
let ann: Joined;

beforeAll(async () => {
  harness = await PhoneHarness.create();
  await harness.running();
});
afterAll(() => harness.close());
beforeEach(async () => {
  roomNumber += 1;
  room = `out-${roomNumber}`;
  ann = await harness.enter('ann', { role: 'host', name: 'Ann', video: { room, roomJoin: true } });
});

const error = (code: string) => expect.objectContaining({ name: 'ParleyError', code });
const dial = (params: { target?: string; displayName?: string; digits?: string } = {}) =>
  ann.room.calls.dial(ann.participant, { target: '+4930777777', breakoutId: null, ...params });
const states = (callId: string) =>
  ann.ear
    .of('phone.callChanged')
    .filter(({ call }) => call.callId === callId)
    .map(({ call }) => call.state);
const last = (): PhoneCall | undefined => ann.ear.last('phone.callChanged')?.call;
const phones = () => ann.room.roster.all.filter(({ grants }) => grants.kind === 'phone');

/** What a scrape of the metrics has of phones. */
async function scraped(): Promise<Record<string, string>> {
  const lines = (await harness.metrics.registry.metrics()).split('\n');
  return Object.fromEntries(
    lines
      .filter((line) => line.startsWith('parley_phone'))
      .map((line) => line.split(' ') as [string, string]),
  );
}

it('is told by metrics: calls, trunks, the process', async () => {
  const before = await scraped();
  const { callId } = dial();
  harness.answer(callId);
  await eventually(() => expect(states(callId)).toContain('answered'));
  ann.room.calls.cancel(ann.participant, callId);
  await eventually(() => expect(last()).toMatchObject({ callId, state: 'ended' }));
  const trunk = { trunkId: 'trunk', registration: 'registered', why: null, calls: 0 } as const;
  harness.tell({ type: 'trunk', state: { ...trunk, reachable: 'up' } });
  harness.tell({
    ...{ type: 'metrics', legs: 3, droppedMessages: 7, lateTicks: 1, mixingMs: 2, rssBytes: 4096 },
  });
  const answered = 'parley_phone_calls_total{direction="out",outcome="answered"}';
  await eventually(async () =>
    expect(await scraped()).toMatchObject({
      ...{ [answered]: `${Number(before[answered] ?? 0) + 1}`, 'parley_phone_trunk_up{trunk="trunk"}': '1' },
      ...{ parley_phone_legs: '3', parley_phone_messages_dropped: '7', parley_phone_process_bytes: '4096' },
    }),
  );
  harness.tell({ type: 'trunk', state: { ...trunk, reachable: 'down' } });
  await eventually(async () => expect((await scraped())['parley_phone_trunk_up{trunk="trunk"}']).toBe('0'));
});

describe('a phone that is called from a room', () => {
  it('rings, is heard before it answers, and is somebody in the room from then on', async () => {
    const { callId } = dial({ displayName: 'Customer', digits: '1,2#' });
    expect(await harness.lastTold('dial', callId)).toMatchObject({
      ...{ trunkId: 'trunk', target: '+4930777777', callerId: '+4930999', displayName: 'Ann' },
      ...{ digits: '1,2#', ringSeconds: 30 },
    });
    harness.tell({ type: 'progress', legId: callId, state: 'ringing' });
    await eventually(() => expect(states(callId)).toEqual(['dialing', 'ringing']));
    expect(phones()).toEqual([]);
    harness.tell({ type: 'progress', legId: callId, state: 'earlyMedia' });
    const { place } = await harness.lastTold('place', callId);
    expect(place).toMatchObject({ kind: 'zone', muted: false });
    expect(phones()[0]?.info).toMatchObject({
      ...{ displayName: 'Customer', kind: 'phone', phone: { state: 'earlyMedia', direction: 'out' } },
    });
    harness.answer(callId);
    await eventually(() => expect(phones()[0]?.info.phone?.state).toBe('answered'));
    expect(last()).toMatchObject({ state: 'answered', participantId: phones()[0]?.participantId, by: 'ann' });
    ann.room.calls.sendDigits(callId, '42#');
    expect(await harness.lastTold('sendDigits', callId)).toMatchObject({ digits: '42#' });
    ann.room.calls.cancel(ann.participant, callId);
    await eventually(() => expect(last()).toMatchObject({ callId, state: 'ended' }));
    await eventually(() => expect(phones()).toEqual([]));
    expect(ann.room.calls.all).toEqual([]);
    expect(harness.log.over.at(-1)).toMatchObject({ callId, direction: 'out', to: '+4930777777', room });
  });

  it.each([
    [486, 'busy', 'The line is busy. Try again later.'],
    [480, 'noAnswer', 'Nobody answered.'],
    [404, 'failed', 'There is no such number. Check it, and call again.'],
    [503, 'failed', 'The trunk is gone.'],
  ])('that ends with %i is %s, and the host reads why', async (status, state, message) => {
    const { callId } = dial();
    await harness.lastTold('dial', callId);
    const why = 'The trunk is gone.';
    harness.tell(endOf(callId, { by: 'called', status, why, answered: false }));
    await eventually(() => expect(last()).toMatchObject({ callId, state, message }));
    expect(ann.room.calls.all).toEqual([]);
  });

  it('can be cancelled while it rings', async () => {
    const { callId } = dial();
    harness.tell({ type: 'progress', legId: callId, state: 'ringing' });
    await eventually(() => expect(states(callId)).toContain('ringing'));
    ann.room.calls.cancel(ann.participant, callId);
    expect(await harness.lastTold('hangUp', callId)).toMatchObject({ by: 'host', prompt: null });
    await eventually(() => expect(last()).toMatchObject({ callId, state: 'cancelled' }));
    expect(() => ann.room.calls.cancel(ann.participant, callId)).toThrow(error('CALL_NOT_FOUND'));
  });

  it('is called no more when the meeting ends', async () => {
    const { callId } = dial();
    await harness.lastTold('dial', callId);
    await ann.room.run(() => ann.room.end(ann.participant));
    await harness.lastTold('hangUp', callId);
  });

  it('neither waits in the lobby nor stands before a lock, and comes to the breakout room that it was called from', async () => {
    await ann.room.update(null, { lobby: 'everyone', locked: true });
    const [breakoutId = ''] = ann.room.breakouts.create(ann.participant, ['One']);
    ann.room.breakouts.open(ann.participant, {});
    ann.room.breakouts.visit(ann.participant, breakoutId);
    const { callId } = ann.room.calls.dial(ann.participant, { target: '+4930777777', breakoutId });
    await harness.lastTold('dial', callId);
    harness.answer(callId);
    const { place } = await harness.lastTold('place', callId);
    expect(place).toMatchObject({ kind: 'zone', zoneId: `${ann.room.roomId}/${breakoutId}` });
    expect(phones()[0]?.breakoutId).toBe(breakoutId);
  });

  it('is handed over to a number that may be called, and to the other end of another call', async () => {
    const { callId } = dial();
    await harness.lastTold('dial', callId);
    const transfer = (to: { target?: string; toCallId?: string }) =>
      ann.room.calls.transfer(ann.participant, { callId, ...to });
    expect(() => transfer({ target: '+4930888888' })).toThrow(error('WRONG_STATE'));
    harness.answer(callId);
    await harness.lastTold('place', callId);
    expect(() => transfer({ target: '+1900123456' })).toThrow(error('PHONE_NUMBER_REFUSED'));
    expect(() => transfer({})).toThrow(error('INVALID_PARAMS'));
    transfer({ target: '+4930888888' });
    expect(await harness.lastTold('transfer', callId)).toMatchObject({
      ...{ target: '+4930888888', attendedLegId: null },
    });
    harness.tell({ type: 'transferred', legId: callId, status: 603, why: 'It was declined.' });
    await eventually(() => expect(last()?.message).toContain('It was declined.'));
    const { legId } = await harness.callRoom(room, { from: '+4930555555' });
    transfer({ toCallId: legId });
    const attended = await harness.lastTold('transfer', callId, (told) => told.attendedLegId !== null);
    expect(attended).toMatchObject({ target: '+4930555555', attendedLegId: legId });
  });

  it('may not hand its meeting over to others at the cost of the house', async () => {
    const { callId } = dial();
    await harness.lastTold('dial', callId);
    harness.answer(callId);
    harness.tell({ type: 'transferAsked', legId: callId, target: '+4930888888', attended: false });
    expect(await harness.lastTold('decideTransfer', callId)).toMatchObject({ accept: false });
  });
});

describe('a phone that is called by REST', () => {
  it('is the first of a meeting, where nobody is yet', async () => {
    await harness.rooms.createRoom({ name: `${room}-kept` });
    const desk = new CallDesk(harness.rooms);
    const bot = callerOf({ iss: 'key', exp: 0, sub: 'bot', video: { roomAdmin: true } });
    const at = { room: `${room}-kept`, by: bot };
    const { callId } = await desk.dial(at, { target: '+4930666666' });
    expect(await desk.list(at)).toMatchObject([{ callId, state: 'dialing', by: 'bot' }]);
    await expect(desk.sendDigits(at, callId, '1')).rejects.toThrow(error('WRONG_STATE'));
    harness.answer(callId);
    await harness.lastTold('place', callId);
    expect(harness.rooms.room(at.room).roster.size).toBe(1);
    await desk.cancel(at, callId);
    await eventually(() => expect(harness.rooms.room(at.room).roster.size).toBe(0));
  });
});

describe('who may call', () => {
  it('hosts may, unless they are guests; others where their token says so, and see their own calls', async () => {
    const claims = (more: object) => ({ video: { room, roomJoin: true, ...more } });
    const guest = await harness.enter('gus', { role: 'host', guest: true, ...claims({}) });
    const bob = await harness.enter('bob', claims({}));
    const carl = await harness.enter('carl', claims({ canDial: true }));
    const may = [ann, guest, bob, carl].map(({ participant }) => participant.permissions.canDial);
    expect(may).toEqual([true, false, false, true]);
    expect(() => ann.room.calls.assertMayDial(bob.participant)).toThrow(error('PERMISSION_DENIED'));
    const { callId } = dial();
    await eventually(() => expect(carl.ear.last('phone.callChanged')?.call.callId).toBe(callId));
    expect(bob.ear.of('phone.callChanged')).toEqual([]);
    expect(() => ann.room.calls.assertMayControl(bob.participant, callId)).toThrow(
      error('PERMISSION_DENIED'),
    );
    expect(() => dial({ target: '+1900123456' })).toThrow(error('PHONE_NUMBER_REFUSED'));
    harness.book.maxCallsPerPerson = 1;
    expect(() => dial()).toThrow(error('PHONE_LIMIT_REACHED'));
    const another = await harness.enter('cleo', claims({ canDial: true }));
    expect(
      another.room.calls.dial(another.participant, { target: '+49301', breakoutId: null }),
    ).toBeDefined();
    harness.book.maxCallsPerPerson = 10;
  });
});

describe('the process of phones', () => {
  it('that dies ends its calls with a record, and the next one takes calls', async () => {
    const { legId } = await harness.callRoom(room);
    const { lives } = harness;
    expect(phones()).toHaveLength(1);
    harness.die();
    await eventually(() => expect(harness.log.over.at(-1)?.callId).toBe(legId));
    expect(harness.log.over.at(-1)).toMatchObject({ endedBy: 'server', status: 500 });
    await eventually(() => expect(phones()).toEqual([]));
    expect(() => dial()).toThrow(error('PHONES_OFF'));
    await eventually(() => expect(harness.lives).toBe(lives + 1));
    await harness.running();
    const again = await harness.callRoom(room);
    expect(again.place.kind).toBe('zone');
  });

  it('is there only while something is configured', async () => {
    const { lives } = harness;
    expect(ann.room.calls.stateFor(ann.participant)).toEqual([]);
    harness.book.turn(false);
    await eventually(() => expect(harness.told('stop').length).toBeGreaterThan(0));
    expect(harness.phones.state).toBe('off');
    expect(ann.room.calls.stateFor(ann.participant)).toBeNull();
    harness.book.turn(true);
    await eventually(() => expect(harness.lives).toBe(lives + 1));
    await harness.running();
  });
});

describe('a phone that somebody is called at, in place of their computer', () => {
  it('is their microphone and their ear, while their computer falls silent', async () => {
    const bob = await harness.enter('bob', { video: { room, roomJoin: true } });
    const { transportId } = await bob.participant.createTransport({ direction: 'send' });
    await bob.participant.publish(microphone(transportId));
    const { participantId } = bob.participant;
    const { callId } = ann.room.calls.dial(ann.participant, {
      ...{ target: '+4930777777', breakoutId: null, participantId },
    });
    await harness.lastTold('dial', callId);
    harness.tell({ type: 'progress', legId: callId, state: 'earlyMedia' });
    await eventually(() => expect(last()?.state).toBe('earlyMedia'));
    expect(bob.participant.info.phone).toBeUndefined();
    harness.answer(callId);
    const { place } = await harness.lastTold('place', callId);
    expect(place).toMatchObject({ kind: 'zone', participantId, muted: false });
    expect(bob.ear.of('publication.removed')).toHaveLength(1);
    expect(bob.participant.info).toMatchObject({
      ...{ kind: 'web', phone: { callId, state: 'answered' } },
      publications: [{ source: 'microphone', muted: false }],
    });
    expect(phones()).toEqual([]);
    expect(ann.room.roster.all).toHaveLength(2);
    const zoneId = `${ann.room.roomId}/main`;
    const { talkers } = await harness.lastTold(
      'setTalkers',
      undefined,
      (told) => told.zoneId === zoneId && told.talkers.length === 1,
    );
    expect(talkers[0]?.participantId).toBe(participantId);
    await eventually(() => expect(harness.heard.get(talkers[0]?.ssrc ?? 0)?.packets).toBeGreaterThan(0));
    await ann.room.moderation.mute(ann.participant, { participantId, source: 'microphone' });
    await harness.lastTold('setMuted', callId, ({ muted }) => muted);
    harness.tell({ type: 'key', legId: callId, action: 'toggleMute' });
    await eventually(() => expect(bob.participant.info.publications[0]?.muted).toBe(false));
    expect(bob.ear.last('publication.updated')?.publication.muted).toBe(false);
    const before = harness.told('place', callId).length;
    // Their computer has to make its media anew: the phone goes on.
    await bob.participant.createTransport({ direction: 'send' });
    await eventually(() => expect(harness.told('place', callId).length).toBeGreaterThan(before));
    expect(bob.participant.info.publications).toHaveLength(1);
    harness.tell(endOf(callId, { by: 'called' }));
    await eventually(() => expect(bob.participant.info.phone).toBeUndefined());
    expect(bob.participant.info.publications).toEqual([]);
    expect(ann.room.roster.all).toHaveLength(2);
  });

  it('ends when they leave', async () => {
    const bob = await harness.enter('bob', { video: { room, roomJoin: true } });
    const { participantId } = bob.participant;
    const { callId } = ann.room.calls.dial(ann.participant, {
      ...{ target: '+4930777777', breakoutId: null, participantId },
    });
    await harness.lastTold('dial', callId);
    harness.answer(callId);
    await harness.lastTold('place', callId);
    await bob.participant.leave('left');
    expect(await harness.lastTold('hangUp', callId)).toMatchObject({ prompt: 'goodbye' });
  });
});
