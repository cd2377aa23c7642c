import type { RoomNotice, RoomSettingsPatch } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_EGRESS } from './noEgress.ts';
import type { CurrentRecording } from './ports.ts';
import { grantsFor, RoomsHarness, type Claims } from './testing/RoomsHarness.ts';

const NOTHING: RoomNotice = { recorded: 'no', asksConsent: false, streamed: false };
const RECORDED: RoomNotice = { recorded: 'now', asksConsent: false, streamed: true };
const STREAM = {
  ...{ liveId: 'LV_1', startedAt: 1, startedBy: null, page: null, viewers: 0, targets: [] },
  layout: { kind: 'grid', focus: null } as const,
};
const RECORDING: CurrentRecording = {
  ...{ recordingId: 'RC_1', breakoutId: null, kind: 'composite', breakouts: false, parentRecordingId: null },
  isPaused: false,
};

let harness: RoomsHarness;
/** Whether all rooms are recorded and streamed. */
let goesOn = true;
let isOnlyStreamed = false;
beforeAll(async () => {
  harness = await RoomsHarness.create({ PARLEY_ROOMS_AUTO_CREATE: 'false' }, undefined, () => ({
    ...NO_EGRESS,
    current: () => (goesOn && !isOnlyStreamed ? [RECORDING] : []),
    live: { ...NO_EGRESS.live, stateOf: () => (goesOn ? STREAM : null) },
  }));
});
beforeEach(async () => {
  goesOn = true;
  isOnlyStreamed = false;
  await harness.reset();
});
afterAll(() => harness.close());

interface Asking {
  claims?: Claims;
  isHost?: boolean;
  network?: string;
}
const ask = ({ claims, isHost = false, network = '192.0.2.1' }: Asking = {}, room = 'demo'): RoomNotice =>
  harness.rooms.noticeFor(room, { grants: claims && grantsFor('bob', claims), isHost, network });
const set = (settings: RoomSettingsPatch) => harness.rooms.updateRoom('demo', settings);

describe('what people know before they come in', () => {
  it('says that they are recorded and streamed, and whether they will be asked', async () => {
    await harness.rooms.createRoom({ name: 'demo' });
    expect(ask()).toEqual(RECORDED);
    await set({ recordingConsent: 'ask' });
    expect(ask()).toEqual({ ...RECORDED, asksConsent: true });
    isOnlyStreamed = true;
    expect(ask()).toEqual({ recorded: 'no', asksConsent: true, streamed: true });
    goesOn = false;
    expect(ask()).toEqual(NOTHING);
  });

  it('says that they will be recorded where the settings say so, until a host has ended that', async () => {
    goesOn = false;
    await harness.rooms.createRoom({ name: 'demo', settings: { autoRecord: 'composite' } });
    expect(ask()).toEqual({ ...NOTHING, recorded: 'automatic' });
    // It is tried with the first, and is not there: as when a host has stopped it.
    const { room } = await harness.enter('ann');
    await room.run(() => undefined);
    await expect.poll(() => ask()).toEqual(NOTHING);
  });

  it('is told those who will have to knock', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { lobby: 'everyone' } });
    expect(ask()).toEqual(RECORDED);
  });

  const CLOSED: [string, RoomSettingsPatch][] = [
    ['is locked', { locked: true }],
    ['has a password', { password: 'tulip' }],
    ['admits no guests', { guestsAllowed: false }],
    ['opens later', { opensAt: Date.now() + 3_600_000 }],
  ];
  it.each(CLOSED)('is nothing of a room that %s, as of one that is not there', async (_what, settings) => {
    await harness.rooms.createRoom({ name: 'demo', settings });
    expect(ask()).toEqual(NOTHING);
    expect(ask({}, 'unknown')).toEqual(NOTHING);
    expect(ask({ isHost: true })).toEqual(RECORDED);
    expect(ask({ claims: { role: 'host' } })).toEqual(RECORDED);
  });

  it('is told whoever has shown the password, was in already or has a token where guests have none', async () => {
    await harness.rooms.createRoom({ name: 'demo', settings: { password: 'tulip' } });
    const guest = { identity: 'bob', create: false, network: '192.0.2.1', password: 'tulip' };
    const { passwordShown: pass = '' } = await harness.rooms.admitGuest('demo', guest);
    expect(ask({ claims: { guest: true, pass } })).toEqual(RECORDED);
    await set({ password: 'rose' });
    expect(ask({ claims: { guest: true, pass } })).toEqual(NOTHING);
    await set({ password: null, guestsAllowed: false });
    expect(ask({ claims: {} })).toEqual(RECORDED);
    await harness.enter('bob');
    await set({ duplicateIdentity: 'replace', locked: true });
    expect(ask({ claims: {} })).toEqual(RECORDED);
  });

  it('is nothing for those who are banned, and asking leaves no trace', async () => {
    await harness.rooms.createRoom({ name: 'demo' });
    const hanna = await harness.enter('hanna', { role: 'host' });
    const { bans } = hanna.room;
    ask({ claims: { guest: true }, network: '198.51.100.7' });
    expect(bans.networkOf('bob')).toBeUndefined();
    const eve = await harness.ask('eve', { guest: true }, { network: '203.0.113.5' });
    expect(eve.outcome.state).toBe('joined');
    bans.add({ identity: 'eve', displayName: 'Eve', isGuest: true }, { identity: 'hanna' });
    expect(ask({ network: '203.0.113.5' })).toEqual(NOTHING);
    expect(ask()).toEqual(RECORDED);
  });
});
