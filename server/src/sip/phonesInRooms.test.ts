import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LiveStream } from '@parley/protocol';
import type { LegPlace } from '@parley/protocol/phoneProcess';
import { microphone } from '../media/mediaFixtures.ts';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { PhoneHarness, endOf, eventually } from './testing/PhoneHarness.ts';

let harness: PhoneHarness;
let roomNumber = 0;
let room = '';

beforeAll(async () => {
  harness = await PhoneHarness.create();
  await harness.running();
});
afterAll(() => harness.close());
beforeEach(() => {
  roomNumber += 1;
  room = `room-${roomNumber}`;
});

const STREAM: LiveStream = {
  ...{ liveId: 'LV_1', startedAt: 1, startedBy: null, page: null, viewers: 0, targets: [] },
  layout: { kind: 'grid', focus: null },
};
type ZonePlace = Extract<LegPlace, { kind: 'zone' }>;
const inZone = (place: LegPlace): ZonePlace => {
  if (place.kind !== 'zone') throw new Error(`It is ${place.kind}.`);
  return place;
};
const host = (identity = 'ann') => harness.enter(identity, { role: 'host', video: { room, roomJoin: true } });
const guest = (identity: string) =>
  harness.enter(identity, { video: { room, roomJoin: true, canUpdateOwnMetadata: true } });
const phoneIn = ({ room: { roster } }: Joined) => {
  const phone = roster.all.find(({ grants }) => grants.kind === 'phone');
  if (!phone) throw new Error('There is no phone.');
  return phone;
};
const said = (legId: string) => harness.told('say', legId).flatMap(({ prompts }) => prompts);
async function speak({ participant }: Joined): Promise<void> {
  const { transportId } = await participant.createTransport({ direction: 'send' });
  await participant.publish(microphone(transportId));
}

describe('a phone that calls a room', () => {
  it('is somebody in it, whose number only hosts see', async () => {
    const [ann, bob] = [await host(), await guest('bob')];
    const { legId, place } = await harness.callRoom(room, { from: '+4930123456', fromName: 'Carl Fon' });
    const phone = phoneIn(ann);
    expect(phone.info).toMatchObject({
      ...{ kind: 'phone', displayName: 'Carl Fon', role: 'participant' },
      phone: {
        callId: legId,
        maskedNumber: '+49 30 ••••56',
        direction: 'in',
        state: 'answered',
        onHold: false,
      },
      publications: [{ source: 'microphone', muted: false }],
    });
    expect(inZone(place)).toMatchObject({ participantId: phone.participantId, muted: false });
    const seen = await eventually(() => {
      const state = ann.ear.last('room.stateUpdated')?.roomState;
      expect(state?.calls).toMatchObject([{ callId: legId, number: '+4930123456', state: 'answered' }]);
      return state;
    });
    expect(seen?.calls?.[0]?.participantId).toBe(phone.participantId);
    expect(bob.ear.last('room.stateUpdated')?.roomState.calls).toEqual([]);
    expect(JSON.stringify(bob.ear.heard)).not.toContain('123456');
  });

  it('has its masked number for a name when it sends none, or its number', async () => {
    const ann = await host();
    await harness.callRoom(room, { from: '+4930123457', fromName: '+49 30 123457' });
    expect(phoneIn(ann).displayName).toBe('+49 30 ••••57');
  });

  it('is seen to speak, hears everybody in its zone but is told who is who, until it leaves', async () => {
    const ann = await host();
    await speak(ann);
    const first = await harness.callRoom(room, { from: '+4930111111' });
    const second = await harness.callRoom(room, { from: '+4930222222' });
    const { zoneId } = inZone(first.place);
    expect(inZone(second.place).zoneId).toBe(zoneId);
    const ids = [ann.participant.participantId, inZone(first.place).participantId];
    ids.push(inZone(second.place).participantId);
    const { talkers } = await harness.lastTold('setTalkers', undefined, (told) => told.talkers.length === 3);
    expect(talkers.map(({ participantId }) => participantId).sort()).toEqual(ids.sort());
    // Real RTP of a phone goes up into the SFU, and comes back down as that of one of the talkers.
    await eventually(() => {
      for (const { participantId, ssrc } of talkers)
        if (participantId !== ann.participant.participantId)
          expect(harness.heard.get(ssrc)?.packets).toBeGreaterThan(10);
    });
    await eventually(() => {
      const speakers = ann.ear.last('room.activeSpeakers')?.speakers ?? [];
      expect(speakers.map(({ participantId }) => participantId)).toContain(inZone(first.place).participantId);
    });
    harness.tell(endOf(second.legId, { by: 'caller' }));
    await harness.lastTold('setTalkers', undefined, (told) => told.talkers.length === 2);
    expect(harness.told('closeZone')).toEqual([]);
    harness.tell(endOf(first.legId, { by: 'caller' }));
    await harness.lastTold('closeZone', undefined, (told) => told.zoneId === zoneId);
    await eventually(() => expect(ann.room.roster.all).toHaveLength(1));
    const record = harness.log.over.at(-1);
    expect(record).toMatchObject({
      ...{ callId: first.legId, direction: 'in', room, state: 'ended', endedBy: 'caller', status: 200 },
      ...{ from: '+4930111111', trunkId: 'trunk' },
    });
    expect(record?.meetingId).toBe(ann.room.meetingId);
    expect(record?.answeredAt).not.toBeNull();
  });

  it('is two people when two call from one number', async () => {
    const ann = await host();
    await harness.callRoom(room, { from: '+4930333333' });
    await harness.callRoom(room, { from: '+4930333333' });
    expect(ann.room.roster.all).toHaveLength(3);
  });
});

describe('a PIN', () => {
  const pinCall = () => {
    harness.book.routes = () => ({ kind: 'pin', length: 6 });
    return harness.ring();
  };

  it('is asked for again and again, and leads into its room as whom it belongs to', async () => {
    const ann = await host();
    const legId = pinCall();
    const first = await harness.lastTold('decide', legId);
    expect(first.decision).toEqual({ kind: 'askPin', prompt: 'enter-pin', length: 6 });
    harness.answer(legId);
    harness.book.pins = ({ digits }) =>
      digits === '246810'
        ? { kind: 'accepted', room, identity: 'dora', displayName: 'Dora', role: 'participant' }
        : { kind: 'wrong', triesLeft: 2 };
    harness.tell({ type: 'pinEntered', legId, digits: '111111' });
    await harness.lastTold(
      'decide',
      legId,
      ({ decision }) => decision.kind === 'askPin' && decision.prompt === 'wrong-pin',
    );
    harness.tell({ type: 'pinEntered', legId, digits: '246810' });
    await harness.lastTold('place', legId);
    expect(phoneIn(ann).info).toMatchObject({ identity: 'dora', displayName: 'Dora' });
  });

  it('of somebody who is there by computer makes the phone theirs', async () => {
    const dora = await guest('dora');
    await speak(dora);
    const { publicationId = '' } = dora.participant.info.publications[0] ?? {};
    await dora.participant.setMuted({ publicationId, muted: true });
    const legId = pinCall();
    await harness.lastTold('decide', legId);
    harness.answer(legId);
    const { displayName } = dora.participant;
    harness.book.pins = () => ({
      kind: 'accepted',
      room,
      identity: 'dora',
      displayName,
      role: 'participant',
    });
    harness.tell({ type: 'pinEntered', legId, digits: '246810' });
    const { place } = await harness.lastTold('place', legId);
    expect(inZone(place)).toMatchObject({ participantId: dora.participant.participantId, muted: true });
    expect(dora.room.roster.all).toHaveLength(1);
    expect(dora.participant.info).toMatchObject({ kind: 'web', phone: { callId: legId } });
  });

  it.each([{ kind: 'locked' } as const, { kind: 'wrong', triesLeft: 0 } as const])(
    'ends the call when it is $kind for good',
    async (outcome) => {
      const legId = pinCall();
      await harness.lastTold('decide', legId);
      harness.answer(legId);
      harness.book.pins = () => outcome;
      harness.tell({ type: 'pinEntered', legId, digits: '111111' });
      expect(await harness.lastTold('hangUp', legId)).toMatchObject({ prompt: 'too-many-tries' });
      await eventually(() => expect(harness.log.over.at(-1)?.callId).toBe(legId));
      expect(harness.book.forgotten).toContain(legId);
    },
  );
});

describe('at the door', () => {
  it('a phone waits in the lobby with music, hears that it is let in, and can be sent back and refused', async () => {
    const ann = await host();
    await ann.room.update(null, { lobby: 'notHosts' });
    const { legId, place } = await harness.callRoom(room);
    expect(place).toEqual({ kind: 'waiting', prompt: 'waiting-for-host' });
    const [knocker] = ann.room.lobby.people;
    expect(knocker).toMatchObject({ kind: 'phone', displayName: '+49 30 ••••56' });
    await ann.room.run(() => ann.room.lobby.admit(ann.participant, knocker?.knockId ?? ''));
    const placed = await harness.lastTold('place', legId, ({ place: now }) => now.kind === 'zone');
    expect(inZone(placed.place).prompt).toBe('admitted');
    const { participantId } = phoneIn(ann);
    await ann.room.run(() => ann.room.moderation.sendToLobby(ann.participant, participantId));
    await harness.lastTold('place', legId, ({ place: now }) => now.kind === 'waiting');
    const { zoneId } = inZone(placed.place);
    await harness.lastTold('closeZone', undefined, (told) => told.zoneId === zoneId);
    const [again] = ann.room.lobby.people;
    await ann.room.run(() => ann.room.lobby.deny(ann.participant, again?.knockId ?? '', false));
    expect(await harness.lastTold('hangUp', legId)).toMatchObject({ by: 'host', prompt: 'not-allowed' });
  });

  it.each([
    [{ locked: true }, 'meeting-locked'],
    [{ maxParticipants: 1 }, 'try-later'],
    [{ opensAt: Date.now() + 3_600_000 }, 'try-later'],
  ] as const)('%o holds for phones, too', async (settings, prompt) => {
    const ann = await host();
    await ann.room.update(null, settings);
    harness.book.routes = () => ({
      kind: 'room',
      room,
      identity: null,
      displayName: null,
      role: 'participant',
    });
    const legId = harness.ring();
    await harness.lastTold('decide', legId);
    harness.answer(legId);
    expect(await harness.lastTold('hangUp', legId)).toMatchObject({ by: 'server', prompt });
    expect(ann.room.roster.all).toHaveLength(1);
  });

  it('the password is not asked for, and who is banned stays out with their number', async () => {
    const ann = await host();
    await ann.room.update(null, { password: 'secret' });
    const { legId } = await harness.callRoom(room, { from: '+4930444444' });
    const { participantId } = phoneIn(ann);
    await ann.room.run(() => ann.room.moderation.remove(ann.participant, { participantId, ban: true }));
    expect(await harness.lastTold('hangUp', legId)).toMatchObject({ by: 'host', prompt: 'removed' });
    const again = harness.ring({ from: '+4930444444' });
    await harness.lastTold('decide', again);
    harness.answer(again);
    expect(await harness.lastTold('hangUp', again)).toMatchObject({ prompt: 'not-allowed' });
  });
});

describe('in the meeting', () => {
  it('hosts mute it, ask it to unmute, rename it and take it to a breakout room, and it hears so', async () => {
    const ann = await host();
    const { legId, place } = await harness.callRoom(room);
    const phone = phoneIn(ann);
    const { participantId } = phone;
    await ann.room.moderation.mute(ann.participant, { participantId, source: 'microphone' });
    await harness.lastTold('setMuted', legId, ({ muted }) => muted);
    expect(said(legId)).toContain('muted');
    ann.room.moderation.askToUnmute(ann.participant, participantId);
    await eventually(() => expect(said(legId)).toContain('ask-unmute'));
    ann.room.moderation.rename(ann.participant, { participantId, displayName: 'Carl' });
    await eventually(() => expect(ann.ear.last('phone.callChanged')?.call.displayName).toBe('Carl'));
    const [breakoutId = ''] = ann.room.breakouts.create(ann.participant, ['One']);
    ann.room.breakouts.assign(ann.participant, [{ identity: phone.identity, breakoutId }]);
    ann.room.breakouts.open(ann.participant, {});
    const moved = await harness.lastTold(
      'place',
      legId,
      ({ place: now }) => now.kind === 'zone' && now.zoneId !== inZone(place).zoneId,
    );
    expect(inZone(moved.place)).toMatchObject({ prompt: 'moved-to-breakout', muted: true, participantId });
    expect(inZone(moved.place).uplink?.port).not.toBe(inZone(place).uplink?.port);
    await harness.lastTold('closeZone', undefined, (told) => told.zoneId === inZone(place).zoneId);
    harness.tell({ type: 'key', legId, action: 'leaveBreakout' });
    await harness.lastTold('place', legId, ({ place: now }) => inZone(now).prompt === 'back-in-main');
    expect(phone.breakoutId).toBeNull();
    harness.tell({ type: 'key', legId, action: 'leaveBreakout' });
    await eventually(() => expect(said(legId)).toContain('not-allowed'));
  });

  it('is asked whether it may be recorded, and answers by a key', async () => {
    const ann = await host();
    const { legId } = await harness.callRoom(room);
    const phone = phoneIn(ann);
    const goesOn = (live: LiveStream | null) =>
      phone.notify({ method: 'room.egressUpdated', params: { egress: { recordings: [], live } } });
    const press = () => harness.tell({ type: 'key', legId, action: 'toggleConsent' });
    goesOn(STREAM);
    await eventually(() => expect(said(legId).at(-1)).toBe('recording-on'));
    press();
    await eventually(() => expect(said(legId).at(-1)).toBe('not-allowed'));
    goesOn(null);
    await ann.room.update(null, { recordingConsent: 'ask' });
    goesOn(STREAM);
    await eventually(() => expect(said(legId).at(-1)).toBe('recording-asked'));
    expect(phone.isRecordable).toBe(false);
    press();
    await eventually(() => expect(said(legId).at(-1)).toBe('recording-agreed'));
    expect([phone.isRecordable, phone.info.recordingConsent]).toEqual([true, 'agreed']);
    press();
    await eventually(() => expect(said(legId).at(-1)).toBe('recording-refused'));
    expect(phone.isRecordable).toBe(false);
  });

  it('keys mute it, raise its hand and help, as far as the room allows', async () => {
    const ann = await host();
    const { legId } = await harness.callRoom(room);
    const phone = phoneIn(ann);
    const isMuted = () => phone.info.publications[0]?.muted;
    const press = (action: 'toggleMute' | 'toggleHand' | 'help') =>
      harness.tell({ type: 'key', legId, action });
    press('toggleMute');
    await eventually(() => expect([isMuted(), said(legId).at(-1)]).toEqual([true, 'muted']));
    press('toggleMute');
    await eventually(() => expect([isMuted(), said(legId).at(-1)]).toEqual([false, 'unmuted']));
    press('toggleHand');
    await eventually(() => expect(said(legId).at(-1)).toBe('hand-raised'));
    expect(phone.raisedHandAt).not.toBeNull();
    await ann.room.run(() => ann.room.floor.lowerHand(ann.participant, { all: true }));
    await eventually(() => expect(said(legId).at(-1)).toBe('hand-lowered'));
    press('help');
    await eventually(() => expect(said(legId).at(-1)).toBe('help'));
    await ann.room.moderation.mute(ann.participant, {
      ...{ participantId: phone.participantId, source: 'microphone', hard: true },
    });
    press('toggleMute');
    await eventually(() => expect(said(legId).at(-1)).toBe('not-allowed'));
    expect([isMuted(), phone.info.unmuting]).toEqual([true, 'requested']);
    const { participantId } = phone;
    await ann.room.run(() =>
      ann.room.moderation.answerUnmute(ann.participant, { participantId, allowed: true }),
    );
    await eventually(() => expect(said(legId).at(-1)).toBe('ask-unmute'));
    press('toggleMute');
    await eventually(() => expect(isMuted()).toBe(false));
  });

  it('that may speak only later does so when it wants to', async () => {
    const ann = await host();
    await ann.room.update(null, { publishing: 'hosts' });
    const { legId, place } = await harness.callRoom(room);
    expect(inZone(place)).toMatchObject({ uplink: null, muted: true });
    await ann.room.update(null, { publishing: 'everyone' });
    const later = await harness.lastTold('place', legId, ({ place: now }) => inZone(now).uplink !== null);
    expect(inZone(later.place).muted).toBe(true);
  });

  it('shows that it is on hold, and hears that the meeting has ended', async () => {
    const ann = await host();
    const { legId } = await harness.callRoom(room);
    harness.tell({ type: 'held', legId, held: true });
    await eventually(() => expect(phoneIn(ann).info.phone?.onHold).toBe(true));
    expect(ann.room.calls.all).toMatchObject([{ state: 'onHold' }]);
    await ann.room.run(() => ann.room.end(ann.participant));
    expect(await harness.lastTold('hangUp', legId)).toMatchObject({ prompt: 'meeting-ended' });
  });

  it('has sound again when the media of the room starts anew, and when its mixer has died', async () => {
    const ann = await host();
    const { legId, place } = await harness.callRoom(room);
    const { zoneId, uplink } = inZone(place);
    harness.tell({ type: 'zoneLost', zoneId });
    const anew = await harness.lastTold(
      'place',
      legId,
      ({ place: now }) => inZone(now).uplink?.port !== uplink?.port,
    );
    expect(harness.told('openZone').filter((told) => told.zoneId === zoneId)).toHaveLength(2);
    const count = harness.told('place', legId).length;
    harness.heard.clear();
    harness.killWorker();
    await eventually(() => expect(harness.told('place', legId).length).toBeGreaterThan(count));
    const last = inZone((await harness.lastTold('place', legId)).place);
    expect(last.uplink?.port).not.toBe(inZone(anew.place).uplink?.port);
    // Its own sound comes back from the new worker.
    const talkers = await eventually(() => {
      const now = harness.told('setTalkers').findLast((told) => told.zoneId === zoneId)?.talkers ?? [];
      expect(now).toHaveLength(1);
      expect(harness.heard.get(now[0]?.ssrc ?? 0)?.packets).toBeGreaterThan(0);
      return now;
    });
    expect(talkers[0]?.participantId).toBe(phoneIn(ann).participantId);
  });
});
