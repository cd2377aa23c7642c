import type { RoomInfo } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createLogger } from '../observability/logger.ts';
import { BEING_COPIED, type RecordingRecord } from '../recordings/RecordingRecord.ts';
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
let told: RecordingRecord[];
let copies: LateCopies | undefined;
beforeEach(() => {
  records = new Map();
  told = [];
});
afterEach(() => copies?.close());

const keep = (recordingId: string, notCopied = 'It is away.'): void =>
  void records.set(recordingId, recordOf(ROOM, { recordingId, notCopied }));

type Outcome = Finished | undefined;

/** @param finish what becomes of each; undefined where it was stopped */
function start(finish: (recordingId: string) => Outcome | Promise<Outcome>): void {
  copies = new LateCopies({
    store: {
      uncopied: () => [...records.values()].filter((one) => !one.isDeleted && one.notCopied),
      find: (recordingId) => {
        const record = records.get(recordingId);
        return record?.isDeleted ? undefined : record;
      },
      save: (record) => void records.set(record.recordingId, record),
    },
    finisher: {
      finish: async (recordingId) => finish(recordingId),
      ...{ drop: () => undefined, close: () => Promise.resolve() },
    },
    changed: (record) => told.push(record),
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
  expect(told.map(({ recordingId }) => recordingId).toSorted()).toEqual(['copied', 'refused']);
});

it('does not say of one for longer that it is being copied than it is', async () => {
  keep('dead', BEING_COPIED);
  start(() => ({ ...NOTHING, problem: 'The recorder died.', isUndone: true }));
  await vi.waitFor(() => expect(notCopied()).toEqual(['The recorder died.']));
  expect(told).toHaveLength(1);
});

describe('what has ended while another is copied', () => {
  let asked: string[];
  let waiting: PromiseWithResolvers<Outcome>[];
  beforeEach(() => {
    [asked, waiting] = [[], []];
  });
  const startSlowly = (): void =>
    start((recordingId) => {
      asked.push(recordingId);
      const outcome = Promise.withResolvers<Outcome>();
      waiting.push(outcome);
      return outcome.promise;
    });
  const untilAsked = (...ids: string[]): Promise<void> => vi.waitFor(() => expect(asked).toEqual(ids));

  it('is next, and nobody is tried again for it', async () => {
    keep('refused');
    keep('waits');
    startSlowly();
    await untilAsked('waits');
    keep('new', BEING_COPIED);
    copies?.soon();
    waiting[0]?.resolve({ ...NOTHING, notCopied: 'It refused.' });
    await untilAsked('waits', 'new');
    waiting[1]?.resolve({ ...NOTHING, notCopied: null });
    await untilAsked('waits', 'new', 'refused');
    waiting[2]?.resolve({ ...NOTHING, notCopied: 'It refused.' });
    await vi.waitFor(() => expect(notCopied()).toEqual(['It refused.', 'It refused.', null]));
    keep('last', BEING_COPIED);
    copies?.soon();
    await untilAsked('waits', 'new', 'refused', 'last');
    waiting[3]?.resolve(undefined);
  });
});

it('has one deleted anew that was deleted meanwhile', async () => {
  keep('gone');
  start((recordingId) => {
    records.delete(recordingId);
    return { ...NOTHING, notCopied: null };
  });
  await vi.waitFor(() => expect(records.get('gone')?.isDeleted).toBe(true));
});
