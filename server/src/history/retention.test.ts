import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { SqliteStore } from '../store/SqliteStore.ts';
import { startRetention } from './retention.ts';

const DAY = 86_400_000;
const NOW = 1000 * DAY;

let folder: string;
let store: SqliteStore;
let seq = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-retention-'));
  store = SqliteStore.open(folder);
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function addMeeting(
  meetingId: string,
  { startedAt, endedAt }: { startedAt: number; endedAt: number | null },
) {
  store.meetings.start({ meetingId, roomId: 'RM_1', roomName: 'demo', startedAt, endedAt });
}

function say(meetingId: string, text: string, sentAt: number): void {
  const person = { identity: 'ann', displayName: 'Ann' };
  store.chat.append({
    ...{ meetingId, text, sentAt, roomId: 'RM_1', messageId: `CM_${++seq}`, from: person, to: null },
    ...{ breakoutId: null, editedAt: null, deletedAt: null, replyTo: null, reactions: [], fileIds: [] },
  });
}

function act(action: string, at: number): void {
  store.audit.append({ roomId: 'RM_1', meetingId: null, at, by: null, action, to: null, details: {} });
}

async function sweep(days: Partial<{ messages: number; meetings: number; audit: number }>): Promise<void> {
  const retention = startRetention({
    store: store.history,
    days: { messages: 0, meetings: 0, audit: 0, ...days },
    logger: createLogger('silent'),
    now: () => NOW,
  });
  await retention.sweep();
  await retention.close();
}

const said = (meetingId: string): string[] =>
  store.history.messages(meetingId, { after: 0, limit: 1000 }).map(({ message }) => message.text);
const meetings = (): string[] =>
  store.history.meetings('demo', { limit: 10 }).map(({ meetingId }) => meetingId);

it('deletes nothing unless it is told to', async () => {
  addMeeting('MT_1', { startedAt: 0, endedAt: DAY });
  say('MT_1', 'old', 1);
  await sweep({});
  expect([meetings(), said('MT_1')]).toEqual([['MT_1'], ['old']]);
});

it('deletes messages that are too old, however many, also of a meeting that goes on', async () => {
  addMeeting('MT_1', { startedAt: 0, endedAt: null });
  for (let n = 0; n < 450; n++) say('MT_1', `old ${n}`, NOW - 7 * DAY - 1);
  say('MT_1', 'new', NOW - 7 * DAY + 1);
  await sweep({ messages: 7 });
  expect(said('MT_1')).toEqual(['new']);
});

it('deletes meetings that ended long ago, with all that belongs to them', async () => {
  addMeeting('MT_1', { startedAt: 0, endedAt: NOW - 31 * DAY });
  addMeeting('MT_2', { startedAt: 0, endedAt: NOW - 29 * DAY });
  addMeeting('MT_3', { startedAt: 0, endedAt: null });
  for (const meetingId of ['MT_1', 'MT_2']) say(meetingId, `said in ${meetingId}`, 1);
  await sweep({ meetings: 30 });
  expect(meetings()).toEqual(['MT_3', 'MT_2']);
  expect([said('MT_1'), said('MT_2')]).toEqual([[], ['said in MT_2']]);
});

it('deletes old entries of the audit log', async () => {
  addMeeting('MT_1', { startedAt: 0, endedAt: 1 });
  act('old', NOW - 8 * DAY);
  act('new', NOW - 6 * DAY);
  await sweep({ audit: 7 });
  const entries = store.history.audit('demo', { before: Number.MAX_SAFE_INTEGER, limit: 9 });
  expect(entries.map(({ action }) => action)).toEqual(['new']);
});

it('leaves nothing of what it deleted in the files', async () => {
  addMeeting('MT_1', { startedAt: 0, endedAt: null });
  say('MT_1', 'a secret that is long gone', 1);
  const isOnDisk = (): boolean =>
    readdirSync(folder, { withFileTypes: true }).some(
      (entry) =>
        entry.isFile() && readFileSync(join(folder, entry.name)).includes('a secret that is long gone'),
    );
  expect(isOnDisk()).toBe(true);
  await sweep({ messages: 1 });
  expect(isOnDisk()).toBe(false);
});

it('deletes what was scheduled when it has been over or cancelled for long, and not what goes on', async () => {
  const save = (scheduleId: string, overAt: number | null, status: 'scheduled' | 'cancelled' = 'scheduled') =>
    store.schedules.save(
      {
        ...{ scheduleId, status, room: 'demo', title: '', description: '', start: '2027-01-01T09:00' },
        ...{ timeZone: 'UTC', durationMinutes: 30, rrule: null, exdates: [], changes: [], lastStart: null },
        ...{ organizer: null, attendees: [], onlyThen: false, earlyEntryMinutes: 0, sequence: 0 },
        ...{ createdBy: { identity: 'ann', displayName: 'Ann' }, createdAt: 0, updatedAt: 0 },
      },
      overAt,
    );
  save('SC_over', NOW - 31 * DAY);
  save('SC_cancelled', NOW - 31 * DAY, 'cancelled');
  save('SC_young', NOW - 29 * DAY, 'cancelled');
  save('SC_endless', null);
  await sweep({ meetings: 30 });
  const { schedules } = store.schedules.list({ now: NOW }, { after: 0, limit: 10 });
  expect(schedules.map(({ scheduleId }) => scheduleId)).toEqual(['SC_young', 'SC_endless']);
});
