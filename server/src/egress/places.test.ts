/** Who and what of a room is recorded: consent, breakout rooms, and what the settings start by themselves. */
import type { RoomSettingsPatch } from '@parley/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { EgressHarness, eventually } from './testing/EgressHarness.ts';

let harness: EgressHarness;
afterEach(() => harness.close());

async function open(settings: RoomSettingsPatch = {}): Promise<Joined> {
  harness = await EgressHarness.create({ maxPrograms: 5 });
  await harness.people.rooms.createRoom({ name: 'demo', settings });
  return harness.people.enter('ann', { role: 'host' });
}

async function start({ room, participant }: Joined, params: object = {}): Promise<string> {
  const { breakoutId } = participant;
  const begun = await room.perform(participant, 'recording.start', () =>
    room.recording.begin(participant, { ...params, breakoutId }),
  );
  await begun.started;
  return begun.recordingId;
}

const running = ({ room }: Joined) => harness.egress.current(room.roomId);
const consentOf = ({ participant }: Joined) => participant.info.recordingConsent;

describe('consent', () => {
  it('is asked of all but who starts, can be taken back, and is seen by others', async () => {
    const ann = await open({ recordingConsent: 'ask' });
    const bob = await harness.people.enter('bob');
    expect([consentOf(ann), consentOf(bob)]).toEqual(['asked', 'asked']);
    await start(ann);
    expect([consentOf(ann), consentOf(bob)]).toEqual(['agreed', 'asked']);
    expect([ann.participant.isRecordable, bob.participant.isRecordable]).toEqual([true, false]);
    bob.room.recording.consent(bob.participant, true);
    expect(ann.ear.last('participant.updated')?.participant).toMatchObject({
      identity: 'bob',
      recordingConsent: 'agreed',
    });
    bob.room.recording.consent(bob.participant, false);
    expect(bob.participant.isRecordable).toBe(false);
  });

  it('is not asked where the room only says that it is recorded', async () => {
    const ann = await open();
    expect([consentOf(ann), ann.participant.isRecordable]).toEqual([undefined, true]);
    await ann.room.update(null, { recordingConsent: 'ask' });
    expect([consentOf(ann), ann.participant.isRecordable]).toEqual(['asked', false]);
  });
});

describe('breakout rooms', () => {
  it('are recorded as children of the meeting, while they are open and somebody is in them', async () => {
    const ann = await open({ recordBreakouts: true });
    const bob = await harness.people.enter('bob');
    const recordingId = await start(ann);
    const { breakouts } = ann.room;
    const [red = '', blue = ''] = breakouts.create(ann.participant, ['Red', 'Blue']);
    breakouts.assign(ann.participant, [{ identity: 'bob', breakoutId: red }]);
    breakouts.open(ann.participant, {});
    await eventually(() => expect(running(ann)).toHaveLength(2));
    const child = running(ann).find(({ breakoutId }) => breakoutId === red);
    expect(child?.parentRecordingId).toBe(recordingId);
    expect(running(ann).some(({ breakoutId }) => breakoutId === blue)).toBe(false);
    await eventually(() =>
      expect(bob.ear.last('room.egressUpdated')?.egress.recordings).toMatchObject([
        { recordingId: child?.recordingId, state: 'recording' },
      ]),
    );
    breakouts.close(ann.participant);
    await eventually(() => expect(running(ann).map((one) => one.recordingId)).toEqual([recordingId]));
    expect(bob.ear.last('room.egressUpdated')?.egress.recordings).toMatchObject([{ recordingId }]);
    expect(harness.stores.recordings.find(child?.recordingId ?? '')).toMatchObject({ breakoutName: 'Red' });
  });

  it('that are still open are recorded with the next recording of the meeting as well', async () => {
    const ann = await open({ recordBreakouts: true });
    await harness.people.enter('bob');
    const first = await start(ann);
    const { breakouts } = ann.room;
    const [red = ''] = breakouts.create(ann.participant, ['Red']);
    breakouts.assign(ann.participant, [{ identity: 'bob', breakoutId: red }]);
    breakouts.open(ann.participant, {});
    await eventually(() => expect(running(ann)).toHaveLength(2));
    const child = running(ann).find(({ breakoutId }) => breakoutId === red)?.recordingId ?? '';
    await eventually(() => expect(harness.stores.recordings.find(child)?.state).toBe('recording'));
    ann.room.recording.control(ann.participant, { breakoutId: null }, { type: 'stop' });
    for (const recordingId of [first, child])
      await eventually(() => expect(harness.stores.recordings.find(recordingId)?.state).toBe('ready'));
    const second = await start(ann);
    // As when its recorder comes in.
    ann.room.stateChanged();
    await eventually(() =>
      expect(running(ann)).toMatchObject([
        { recordingId: second },
        { breakoutId: red, parentRecordingId: second },
      ]),
    );
  });

  it('are not recorded while the recording of the meeting is paused', async () => {
    const ann = await open({ recordBreakouts: true });
    const bob = await harness.people.enter('bob');
    const recordingId = await start(ann);
    const control = (type: 'pause' | 'resume') =>
      ann.room.perform(ann.participant, `recording.${type}`, () =>
        ann.room.recording.control(ann.participant, { breakoutId: null }, { type }),
      );
    await control('pause');
    const { breakouts } = ann.room;
    const [red = ''] = breakouts.create(ann.participant, ['Red']);
    breakouts.assign(ann.participant, [{ identity: 'bob', breakoutId: red }]);
    breakouts.open(ann.participant, {});
    await eventually(() => expect(bob.ear.last('room.egressUpdated')?.egress.recordings).toEqual([]));
    await ann.room.run(() => undefined);
    expect(running(ann).map((one) => one.recordingId)).toEqual([recordingId]);
    await control('resume');
    expect(running(ann)).toMatchObject([{ recordingId }, { parentRecordingId: recordingId }]);
    await eventually(() =>
      expect(bob.ear.last('room.egressUpdated')?.egress.recordings[0]?.state).toBe('recording'),
    );
  });

  it('are not recorded where nobody wants it', async () => {
    const ann = await open();
    await start(ann);
    const { breakouts } = ann.room;
    const [red = ''] = breakouts.create(ann.participant, ['Red']);
    breakouts.assign(ann.participant, [{ identity: 'ann', breakoutId: red }]);
    breakouts.open(ann.participant, {});
    await eventually(() => expect(ann.ear.last('room.egressUpdated')?.egress.recordings).toEqual([]));
    expect(running(ann)).toHaveLength(1);
  });
});

describe('by the settings of the room', () => {
  it('recording begins when somebody comes, and does not begin again when a host has stopped it', async () => {
    const ann = await open({ autoRecord: 'audio' });
    await eventually(() => expect(running(ann)).toMatchObject([{ kind: 'audio' }]));
    const recordingId = running(ann)[0]?.recordingId ?? '';
    expect(harness.stores.recordings.find(recordingId)?.startedBy).toBeNull();
    await eventually(() =>
      expect(ann.ear.last('room.egressUpdated')?.egress.recordings[0]?.state).toBe('recording'),
    );
    ann.room.recording.control(ann.participant, { breakoutId: null }, { type: 'stop' });
    await harness.people.enter('bob');
    await eventually(() => expect(harness.stores.recordings.find(recordingId)?.state).toBe('ready'));
    expect(running(ann)).toEqual([]);
  });
});

describe('a recorder', () => {
  it('comes in past the lobby, takes no place, and ends its recording when a host removes it', async () => {
    const ann = await open({ lobby: 'everyone', maxParticipants: 1 }).catch(() => undefined);
    if (ann) throw new Error('nobody but an owner gets past that lobby');
    const owner = await harness.people.enter('owner', { role: 'owner' });
    const recordingId = await start(owner);
    const [programId = ''] = harness.egress.pids.keys();
    const recorder = await harness.people.enter(`recorder-${programId}`, {
      role: 'viewer',
      video: { room: 'demo', roomJoin: true, recorder: true },
    });
    expect(recorder.room.info.numParticipants).toBe(1);
    expect(owner.ear.last('participant.joined')?.participant.kind).toBe('recorder');
    owner.room.moderation.remove(owner.participant, { participantId: recorder.participant.participantId });
    await eventually(() =>
      expect(['ready', 'failed']).toContain(harness.stores.recordings.find(recordingId)?.state),
    );
    expect(running(owner)).toEqual([]);
  });
});
