import type { RoomInfo } from '@parley/protocol';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createLogger } from '../observability/logger.ts';
import type { RecordingRecord } from '../recordings/RecordingRecord.ts';
import { recordOf } from '../recordings/testing/recordOf.ts';
import { defaultSettings } from '../room/defaultSettings.ts';
import type { Finished } from './Finisher.ts';
import { LateCopies } from './LateCopies.ts';

const ROOM: RoomInfo = {
  ...{ roomId: 'RM_1', name: 'demo', hasPassword: false, createdAt: 0, numParticipants: 0 },
  settings: defaultSettings(loadConfig({ PARLEY_DATA_DIR: '/nonexistent' }).rooms),
  meetingStartedAt: null,
};
const NOTHING: Finished = { parts: [], thumbnail: null, sidecar: null };

let records: Map<string, RecordingRecord>;
let copies: LateCopies | undefined;
beforeEach(() => {
  records = new Map();
});
afterEach(() => copies?.close());

const keep = (recordingId: string): void =>
  void records.set(recordingId, recordOf(ROOM, { recordingId, notCopied: 'It is away.' }));

/** @param finish what becomes of each; undefined where it was stopped */
function start(finish: (recordingId: string) => Finished | undefined): void {
  copies = new LateCopies({
    store: {
      uncopied: () => [...records.values()],
      find: (recordingId) => {
        const record = records.get(recordingId);
        return record?.isDeleted ? undefined : record;
      },
      save: (record) => void records.set(record.recordingId, record),
    },
    finisher: {
      finish: (recordingId) => Promise.resolve(finish(recordingId)),
      close: () => Promise.resolve(),
    },
    logger: createLogger('silent'),
  });
  copies.start();
}
const notCopied = () => [...records.values()].map((record) => record.notCopied);

it('keeps those for the next time of which nobody says that they are there', async () => {
  const results: Record<string, Finished | undefined> = {
    stopped: undefined,
    dead: { ...NOTHING, problem: 'The recorder died.', isUndone: true },
    failed: { ...NOTHING, problem: 'Its key is another.' },
    refused: { ...NOTHING, notCopied: 'It refused.' },
    copied: { ...NOTHING, notCopied: null },
  };
  for (const recordingId of Object.keys(results)) keep(recordingId);
  const before = records.get('copied');
  start((recordingId) => results[recordingId]);
  const away = 'It is away.';
  await vi.waitFor(() => expect(notCopied()).toEqual([away, away, away, 'It refused.', null]));
  expect(records.get('copied')).toEqual({ ...before, notCopied: null });
});

it('has one deleted anew that was deleted meanwhile', async () => {
  keep('gone');
  start((recordingId) => {
    records.delete(recordingId);
    return { ...NOTHING, notCopied: null };
  });
  await vi.waitFor(() => expect(records.get('gone')?.isDeleted).toBe(true));
});
