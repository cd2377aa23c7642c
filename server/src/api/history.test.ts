import type { AuditEntryInfo, HistoryMessage, MeetingDetails, MeetingInfo } from '@parley/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JOIN, RealHarness } from './testing/RealHarness.ts';

let harness: RealHarness;
beforeAll(async () => {
  harness = await RealHarness.create();
});
beforeEach(() => harness.clear());
afterAll(() => harness.close());

const MEETINGS = '/rooms/demo/meetings';
const get = async <T>(url: string): Promise<T> => (await harness.ask(['GET', url])).body as T;
interface Listed<T> {
  items: T[];
  nextCursor: string | null;
}

/** Everybody who was in it leaves, and it ends. */
async function endMeeting(): Promise<void> {
  expect((await harness.ask(['POST', '/rooms/demo/end'])).status).toBe(204);
}

describe('the history of a room', () => {
  it('tells who was in a meeting, when, how, and what was said to all', async () => {
    const ann = await harness.people.enter('ann', { name: 'Ann' });
    const bob = await harness.people.enter('bob', { name: 'Bob' });
    const { chat } = ann.room;
    const text = (said: string, to?: string) => ({ text: said, ...(to !== undefined && { to }) });
    chat.send(ann.participant, text('Hello all'));
    chat.send(ann.participant, text('For you', bob.participant.participantId));
    const gone = chat.send(bob.participant, text('Oh'));
    chat.delete(bob.participant, gone.messageId);
    await bob.participant.leave('left');

    const { items } = await get<Listed<MeetingInfo>>(MEETINGS);
    expect(items).toMatchObject([{ room: 'demo', endedAt: null, numPeople: 2, numMessages: 1 }]);
    const url = `${MEETINGS}/${items[0]?.meetingId}`;
    await endMeeting();
    const meeting = await get<MeetingDetails>(url);
    expect(meeting).toMatchObject({
      endedAt: expect.any(Number),
      quality: null,
      files: [],
      stays: [
        { identity: 'ann', displayName: 'Ann', kind: 'web', leftAt: expect.any(Number), sentQuality: null },
        { identity: 'bob', displayName: 'Bob', role: 'participant' },
      ],
    });
    const said = await get<Listed<HistoryMessage>>(`${url}/messages`);
    expect(said).toMatchObject({
      items: [{ text: 'Hello all', from: { identity: 'ann' } }],
      nextCursor: null,
    });
  });

  it('comes in pages, newest meeting first, and stays when the room is gone', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      const { room } = await harness.people.enter('ann');
      ids.push(room.meetingId ?? '');
      await endMeeting();
    }
    const first = await get<Listed<MeetingInfo>>(`${MEETINGS}?limit=2`);
    const second = await get<Listed<MeetingInfo>>(`${MEETINGS}?limit=2&cursor=${first.nextCursor}`);
    const listed = [...first.items, ...second.items].slice(0, 3);
    expect(listed.map(({ meetingId }) => meetingId).toSorted()).toEqual(ids.toSorted());
    expect(listed).toEqual(listed.toSorted((a, b) => b.startedAt - a.startedAt));
    expect((await harness.ask(['GET', `${MEETINGS}?cursor=bm9uZQ`])).body).toMatchObject({
      error: { code: 'INVALID_PARAMS' },
    });
    expect((await harness.ask(['GET', `${MEETINGS}/MT_none`])).body).toMatchObject({
      error: { code: 'MEETING_NOT_FOUND' },
    });
    // Another room's meeting is not found by this room's hosts.
    expect((await harness.ask(['GET', `/rooms/other/meetings/${ids[0]}`])).status).toBe(404);
  });

  it('of a room that is gone is not for hosts of another that has its name now', async () => {
    const { room } = await harness.people.enter('ann');
    const { meetingId } = room;
    await endMeeting();
    expect((await harness.ask(['GET', `${MEETINGS}/${meetingId}`])).status).toBe(200);
    await harness.people.enter('eve', { role: 'host' });
    const asEve = { sub: 'eve', video: JOIN, role: 'host' as const };
    for (const url of [`${MEETINGS}/${meetingId}`, `${MEETINGS}/${meetingId}/messages`])
      expect((await harness.ask(['GET', url], undefined, asEve)).status).toBe(404);
    const { body } = await harness.ask(['GET', MEETINGS], undefined, asEve);
    expect((body as Listed<MeetingInfo>).items.map((meeting) => meeting.meetingId)).not.toContain(meetingId);
    const audit = (await harness.ask(['GET', '/rooms/demo/audit'], undefined, asEve)).body;
    expect((audit as Listed<AuditEntryInfo>).items.filter((entry) => entry.meetingId === meetingId)).toEqual(
      [],
    );
  });

  it('is not for somebody whom the room made no host, or has banned', async () => {
    const bob = await harness.people.enter('bob', { role: 'host' });
    const asBob = { sub: 'bob', video: JOIN, role: 'host' as const };
    expect((await harness.ask(['GET', MEETINGS], undefined, asBob)).status).toBe(200);
    bob.room.moderation.setRole(
      { identity: 'root', displayName: 'Root', role: 'owner' },
      { participantId: bob.participant.participantId, role: 'participant' },
    );
    expect((await harness.ask(['GET', MEETINGS], undefined, asBob)).status).toBe(403);
  });

  it('has what hosts did, newest first', async () => {
    const bob = await harness.people.enter('bob', { name: 'Bob' });
    await harness.ask(['POST', '/rooms/demo/participants/bob/mute'], {}, { sub: 'bot', name: 'Bot' });
    await harness.ask(['DELETE', '/rooms/demo/participants/bob'], undefined, { sub: 'bot', name: 'Bot' });
    expect(bob.ear.ended).toBeDefined();
    const { items, nextCursor } = await get<Listed<AuditEntryInfo>>('/rooms/demo/audit?limit=1');
    expect(items).toMatchObject([
      {
        action: 'participant.remove',
        by: { identity: 'bot', displayName: 'Bot' },
        to: { identity: 'bob', displayName: 'Bob' },
      },
    ]);
    const next = await get<Listed<AuditEntryInfo>>(`/rooms/demo/audit?limit=1&cursor=${nextCursor}`);
    expect(next.items).toMatchObject([{ action: 'participant.mute' }]);
  });
});
