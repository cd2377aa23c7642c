import type { GuestJoinResult } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { NO_EGRESS } from '../room/noEgress.ts';
import type { CurrentRecording } from '../room/ports.ts';
import { startHarness } from './testing/harness.ts';
import { JOIN, RealHarness, type Claims } from './testing/RealHarness.ts';

const NOTHING = { recorded: 'no', asksConsent: false, streamed: false };
const RECORDED = { recorded: 'now', asksConsent: true, streamed: false };
const RECORDING: CurrentRecording = {
  ...{ recordingId: 'RC_1', breakoutId: null, kind: 'composite', breakouts: false, parentRecordingId: null },
  isPaused: false,
};

let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create({}, {}, () => ({ ...NO_EGRESS, current: () => [RECORDING] }));
});
afterAll(() => harness.close());
beforeEach(() => harness.clear());

const create = (settings = {}) =>
  harness.people.rooms.createRoom({ name: 'demo', settings: { recordingConsent: 'ask', ...settings } });
const ask = async (who: Claims & { video?: typeof JOIN | null } = { video: null }, room = 'demo') => {
  const { status, body } = await harness.ask(['GET', `/rooms/${room}/notice`], undefined, who);
  return status === 200 ? body : status;
};

test('anybody may ask what goes on in an open room, and learns nothing of others', async () => {
  await create();
  expect(await ask()).toEqual(RECORDED);
  expect(await ask({ video: null }, 'unknown')).toEqual(NOTHING);
  await create().then(() => harness.people.rooms.updateRoom('demo', { locked: true }));
  expect(await ask()).toEqual(NOTHING);
  expect(await ask({ video: JOIN })).toEqual(NOTHING);
  expect(await ask({ video: JOIN, role: 'host' })).toEqual(RECORDED);
  expect(await ask({ video: { ...JOIN, room: 'other' }, role: 'host' })).toEqual(NOTHING);
  const bad = { method: 'GET', url: '/api/v1/rooms/demo/notice', headers: { authorization: 'Bearer a.b.c' } };
  expect((await harness.app.inject({ ...bad, method: 'GET' })).statusCode).toBe(401);
});

test('guests who showed the password find it beside their token', async () => {
  await create({ password: 'tulip' });
  expect(await ask()).toEqual(NOTHING);
  const answer = await harness.ask(['POST', '/rooms/demo/join'], { displayName: 'Ann', password: 'tulip' });
  expect((answer.body as GuestJoinResult).notice).toEqual(RECORDED);
});

test('one address cannot ask without end', async () => {
  const { app } = await startHarness({ notices: { burst: 1, perSecond: 0.1 } });
  const get = async () => (await app.inject('/api/v1/rooms/demo/notice')).statusCode;
  expect([await get(), await get()]).toEqual([200, 429]);
  await app.close();
});
