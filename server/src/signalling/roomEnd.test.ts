import { CLOSE_CODES } from '@parley/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RoomsHarness } from '../room/testing/RoomsHarness.ts';
import { startSignalling, type Harness } from './testing/harness.ts';
import { RawClient } from './testing/RawClient.ts';

let people: RoomsHarness;
let harness: Harness;
beforeAll(async () => {
  people = await RoomsHarness.create();
  harness = await startSignalling({}, { rooms: people.rooms });
});
afterAll(async () => {
  await harness.close();
  await people.close();
});

async function joined(sub: string): Promise<RawClient> {
  const client = await RawClient.open(harness.url);
  await client.request('session.hello', harness.hello({ sub, role: 'host' }));
  expect((await client.request('room.join')).result).toMatchObject({ state: 'joined' });
  return client;
}

it('who ends the meeting is answered, then ended with the others', async () => {
  await people.rooms.createRoom({ name: 'demo' });
  const [ann, bob] = [await joined('ann'), await joined('bob')];
  const answer = await ann.request('room.end');
  expect(answer.result).toEqual({});
  expect(await ann.closed()).toBe(CLOSE_CODES.sessionEnded);
  expect(ann.frames.indexOf(answer)).toBe(ann.frames.length - 2);
  const ended = { method: 'session.ended', params: { reason: 'roomClosed' } };
  expect(ann.frames.at(-1)).toMatchObject(ended);
  expect(await bob.closed()).toBe(CLOSE_CODES.sessionEnded);
  expect(bob.frames.at(-1)).toMatchObject(ended);
  expect(people.rooms.getRoom('demo')).toMatchObject({ numParticipants: 0, meetingStartedAt: null });
});
