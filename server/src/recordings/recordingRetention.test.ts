import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoomInfo } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createLogger } from '../observability/logger.ts';
import { defaultSettings } from '../room/defaultSettings.ts';
import type { RoomFact } from '../room/RoomEvents.ts';
import { SqliteStore } from '../store/SqliteStore.ts';
import { newLongId } from '../util/ids.ts';
import { Library } from './Library.ts';
import { startRecordingRetention } from './recordingRetention.ts';
import { RecordingVault } from './RecordingVault.ts';
import { recordOf } from './testing/recordOf.ts';

const DAY = 86_400_000;
const NOW = 1000 * DAY;
const logger = createLogger('silent');
const ROOM: RoomInfo = {
  ...{ roomId: 'RM_1', name: 'demo', hasPassword: false, createdAt: 0, numParticipants: 0 },
  settings: defaultSettings(loadConfig({ PARLEY_DATA_DIR: '/nonexistent' }).rooms),
  meetingStartedAt: null,
};

let folder: string;
let store: SqliteStore;
let facts: RoomFact[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-library-'));
  store = SqliteStore.open(folder);
  facts = [];
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function keep(endedAt: number | null, change: { isDeleted?: boolean } = {}): string {
  const recordingId = newLongId('RC');
  mkdirSync(join(folder, recordingId));
  writeFileSync(join(folder, recordingId, 'part-1.mp4'), 'bytes');
  const state = endedAt === null ? 'recording' : 'ready';
  store.recordings.save(recordOf(ROOM, { recordingId, endedAt, state, ...change }));
  return recordingId;
}

async function sweep(days: number): Promise<void> {
  const { recordings } = store;
  const library = new Library({
    rooms: { find: () => undefined, listRooms: () => ({ items: [], nextCursor: null }) },
    ...{ store: recordings, folder: new RecordingVault({ folder, key: null }), retention: days, logger },
    observer: { handleFact: (_room, fact) => void facts.push(fact) },
  });
  const retention = startRecordingRetention({ library, store: recordings, days, logger, now: () => NOW });
  await retention.sweep();
  await retention.close();
}

const isThere = (recordingId: string): boolean[] => [
  store.recordings.find(recordingId) !== undefined,
  existsSync(join(folder, recordingId)),
];

it('deletes what ended longer ago than it may be kept, with its files, and tells of it', async () => {
  const old = keep(NOW - 31 * DAY);
  const young = keep(NOW - 29 * DAY);
  const running = keep(null);
  await sweep(30);
  expect([isThere(old), isThere(young), isThere(running)]).toEqual([
    [false, false],
    [true, true],
    [true, true],
  ]);
  expect(facts).toMatchObject([{ type: 'recordingDeleted', by: null, recording: { recordingId: old } }]);
});

it('keeps everything when it is not told to delete', async () => {
  const old = keep(0);
  await sweep(0);
  expect(isThere(old)).toEqual([true, true]);
});

it('finishes what a process was deleting when it was killed, and tells nobody again', async () => {
  const half = keep(NOW - DAY, { isDeleted: true });
  expect(isThere(half)).toEqual([false, true]);
  await sweep(0);
  expect(isThere(half)).toEqual([false, false]);
  expect(facts).toEqual([]);
});

describe('where some cannot be removed', () => {
  const logged: { err?: unknown }[] = [];
  /** Removes those that `isStuck` does not keep. @returns whom it was asked to remove, and how often to tidy */
  async function sweepWith(
    isStuck: (recordingId: string) => boolean,
  ): Promise<{ asked: string[]; tidied: number }> {
    const asked: string[] = [];
    let tidied = 0;
    const retention = startRecordingRetention({
      library: {
        remove: async ({ recordingId }) => {
          asked.push(recordingId);
          if (isStuck(recordingId)) throw new Error(`no access to ${recordingId}`);
          store.recordings.delete(recordingId);
        },
        tidy: async () => {
          tidied += 1;
        },
      },
      store: store.recordings,
      ...{ days: 30, now: () => NOW },
      logger: { ...logger, error: (what: { err?: unknown }) => void logged.push(what) } as never,
    });
    await retention.sweep();
    await retention.close();
    return { asked, tidied };
  }
  const errorOf = () => logged.splice(0).map(({ err }) => (err as AggregateError).errors.map(String));

  it('removes the others, tidies, and says why', async () => {
    const left = [keep(NOW - DAY, { isDeleted: true }), keep(NOW - DAY, { isDeleted: true })];
    const old = [keep(NOW - 32 * DAY), keep(NOW - 31 * DAY)];
    const stuck = [left[0], old[0]];
    expect(await sweepWith((recordingId) => stuck.includes(recordingId))).toEqual({
      asked: [...left, ...old],
      tidied: 1,
    });
    expect(errorOf()).toEqual([stuck.map((recordingId) => `Error: no access to ${recordingId}`)]);
  });

  it('comes to an end where they are found again and again', async () => {
    const old = Array.from({ length: 50 }, (_, day) => keep(NOW - (100 - day) * DAY));
    expect(await sweepWith(() => true)).toEqual({ asked: old, tidied: 1 });
    expect(errorOf()).toMatchObject([{ length: 50 }]);
  });
});
