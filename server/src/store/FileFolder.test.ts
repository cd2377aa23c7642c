import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../util/ids.ts';
import { Database } from './Database.ts';
import { FileFolder } from './FileFolder.ts';
import { SqliteStore } from './SqliteStore.ts';

let dataDir: string;
let store: SqliteStore;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-files-'));
  store = SqliteStore.open(dataDir);
});
afterEach(() => {
  store.close();
  rmSync(dataDir, { recursive: true });
});

const folder = () => join(dataDir, 'files');
const onDisk = (): string[] => readdirSync(folder());
async function* chunks(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await Promise.resolve();
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}
const enter = (fileId: string, createdAt = Date.now()): void =>
  store.files.add({
    ...{ fileId, roomId: 'RM_1', meetingId: 'MT_1', uploader: 'ann', name: 'a.txt', type: 'text/plain' },
    ...{ size: 3, isImage: false, width: null, height: null, createdAt },
  });

test('what is written can be read, by nobody but this user', async () => {
  const fileId = newId('FI');
  await store.contents.write(fileId, chunks('a', 'bc'));
  expect((await buffer(await store.contents.read(fileId))).toString()).toBe('abc');
  if (process.platform !== 'win32') expect(statSync(join(folder(), fileId)).mode & 0o777).toBe(0o600);
});

test('what fails half-way leaves nothing', async () => {
  await expect(store.contents.write(newId('FI'), chunks('a', new Error('cut')))).rejects.toThrow('cut');
  expect(onDisk()).toEqual([]);
});

test('what is not there is not found, and no other name becomes a path', async () => {
  await expect(store.contents.read(newId('FI'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  await store.contents.delete(newId('FI'));
  for (const name of ['../parley.db', 'FI_short', `${newId('FI')}/x`, ''])
    await expect(store.contents.read(name)).rejects.toThrow(/no fileId/);
});

test('what a killed process left is gone after the next start; what is entered, or was put there by others, stays', () => {
  const [kept, orphan, unfinished] = [newId('FI'), newId('FI'), newId('FI')];
  enter(kept);
  enter(unfinished);
  for (const name of [kept, orphan, `${unfinished}.part`, 'lost+found.txt'])
    writeFileSync(join(folder(), name), 'abc');
  FileFolder.open(dataDir, (fileId) => store.files.find(fileId) !== undefined);
  expect(onDisk().sort()).toEqual([kept, 'lost+found.txt'].sort());
});

test('an upload that no message has is removed after its time, and is known to be, until its content is deleted', () => {
  const [old, young] = [newId('FI'), newId('FI')];
  enter(old, 1000);
  enter(young, 3000);
  store.files.removeUnsent(2000);
  expect([store.files.find(old), store.files.find(young)?.fileId]).toEqual([undefined, young]);
  expect(store.files.removed()).toEqual([old]);
  store.files.forget(old);
  expect(store.files.removed()).toEqual([]);
  expect(store.files.usedBytes('RM_1')).toBe(3);
});

test('files go with the meeting that is deleted', () => {
  const fileId = newId('FI');
  const meeting = { meetingId: 'MT_1', roomId: 'RM_1', roomName: 'demo', startedAt: 1, endedAt: 2 };
  store.meetings.start(meeting);
  enter(fileId);
  const from = { identity: 'ann', displayName: 'Ann' };
  store.chat.append({
    ...{ messageId: 'MS_1', roomId: 'RM_1', meetingId: 'MT_1', from, to: null, breakoutId: null, text: '' },
    ...{ sentAt: 1, editedAt: null, deletedAt: null, replyTo: null, reactions: [], fileIds: [fileId] },
  });
  expect(store.files.find(fileId)?.messageId).toBe('MS_1');
  deleteMeeting('MT_1');
  expect(store.files.find(fileId)).toBeUndefined();
  expect(store.files.removed()).toEqual([fileId]);
});

/** As retention does it. */
function deleteMeeting(meetingId: string): void {
  store.close();
  const database = Database.open(dataDir);
  database.prepare('DELETE FROM meetings WHERE meeting_id = ?').run(meetingId);
  database.close();
  store = SqliteStore.open(dataDir);
}
