import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { BEAT_MS } from './Heartbeat.ts';
import { RoomsHarness } from './testing/RoomsHarness.ts';

const START = Date.parse('2027-03-01T12:00Z');
const HOUR = 3_600_000;

let harness: RoomsHarness;
beforeAll(async () => {
  harness = await RoomsHarness.create();
});
afterEach(() => vi.useRealTimers());
afterAll(() => harness.close());

const meetings = () => harness.stores.history.meetings('demo', { limit: 9 });
const stays = () => harness.stores.history.stays(meetings()[0]?.meetingId ?? '', 9);

it('says after a crash until when people were in a meeting, and when that ended', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: START });
  harness.crash();
  await harness.rooms.createRoom({ name: 'demo' });
  await harness.enter('ann');
  vi.advanceTimersByTime(2.5 * BEAT_MS);
  await harness.enter('bob');
  // Killed, and found so an hour later.
  vi.setSystemTime(START + HOUR);
  harness.crash();
  expect(stays()).toMatchObject([
    { identity: 'ann', joinedAt: START, leftAt: START + 2 * BEAT_MS },
    { identity: 'bob', joinedAt: START + 2.5 * BEAT_MS, leftAt: START + 2.5 * BEAT_MS },
  ]);
  await harness.rooms.deleteRoom('demo');
  expect(meetings()).toMatchObject([{ endedAt: START + 2 * BEAT_MS }]);
});

it('is of no account where somebody came back to the meeting', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: START + 2 * HOUR });
  harness.crash();
  await harness.rooms.createRoom({ name: 'demo' });
  await harness.enter('ann');
  vi.advanceTimersByTime(BEAT_MS);
  harness.crash();
  await harness.enter('ann');
  vi.setSystemTime(START + 3 * HOUR);
  await harness.rooms.deleteRoom('demo');
  expect(meetings()[0]).toMatchObject({ endedAt: START + 3 * HOUR });
});
