import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BEING_COPIED, recordingInfoOf } from '../recordings/RecordingRecord.ts';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { EgressHarness, eventually } from './testing/EgressHarness.ts';
import { recordSome, stopRecording } from './testing/recordSome.ts';

let harness: EgressHarness;
let ann: Joined;
beforeEach(async () => {
  harness = await EgressHarness.create({ fault: 'slowCopies', hasBucket: true, maxPrograms: 1 });
  ann = await harness.people.enter('ann', { role: 'host' });
});
afterEach(() => harness.close());

const kept = (recordingId: string) => harness.stores.recordings.find(recordingId);
const untilState = (recordingId: string, state: string): Promise<void> =>
  eventually(() => expect(kept(recordingId)?.state).toBe(state));

/** One whose copy hangs. */
async function beginAndStop(): Promise<string> {
  const recordingId = await recordSome(harness, ann);
  await stopRecording(ann);
  await untilState(recordingId, 'ready');
  expect(kept(recordingId)?.notCopied).toBe(BEING_COPIED);
  return recordingId;
}
/** The bucket takes them from now on. */
const letCopy = (): void => writeFileSync(join(harness.people.dataDir, 'recordings', 'go'), '');
const untilCopied = (recordingId: string): Promise<void> =>
  eventually(() => expect(kept(recordingId)?.notCopied).toBeNull());

describe('while the copy of a recording hangs', () => {
  it('its recorder is gone, and another recording has the room', async () => {
    const recordingId = await beginAndStop();
    await eventually(() => expect(harness.egress.pids.size).toBe(0));
    await eventually(() => expect(ann.ear.last('room.egressUpdated')?.egress.recordings).toEqual([]));
    expect(kept(recordingId)).toMatchObject({ parts: [{ part: 1 }], thumbnail: 'thumbnail.jpg' });
    expect(harness.factsOf('egressEnded')).toMatchObject([{ recording: { state: 'ready', message: '' } }]);
    const next = await recordSome(harness, ann);
    expect(kept(next)?.state).toBe('recording');
    expect(kept(recordingId)?.notCopied).toBe(BEING_COPIED);
  });

  it('another that a killed server has left goes on', async () => {
    const copied = await beginAndStop();
    await eventually(() => expect(harness.egress.pids.size).toBe(0));
    const recordingId = await recordSome(harness, ann);
    await harness.crash();
    ann = await harness.people.enter('ann', { role: 'host' });
    await eventually(() => expect(kept(recordingId)).toMatchObject({ state: 'recording', lastPart: 2 }));
    expect(kept(copied)?.notCopied).toBe(BEING_COPIED);
    expect(kept(recordingId)?.notCopied ?? null).toBeNull();
    await stopRecording(ann);
    await untilState(recordingId, 'recovered');
    letCopy();
    await untilCopied(copied);
    await untilCopied(recordingId);
  });

  it('it stops where the recording is deleted', async () => {
    const recordingId = await beginAndStop();
    const record = kept(recordingId);
    if (!record) throw new Error('it is not there');
    await eventually(() => expect(harness.egress.pids.size).toBe(0));
    // As the library does it, which has nothing left to remove.
    harness.stores.recordings.delete(recordingId);
    harness.egress.handleFact(
      { info: ann.room.info, meetingId: null },
      { type: 'recordingDeleted', recording: recordingInfoOf(record, 0), by: null },
    );
    // What has come there until then is deleted once more.
    await eventually(() => expect(harness.stores.recordings.deleted()).toMatchObject([{ recordingId }]));
    letCopy();
    const next = await recordSome(harness, ann);
    await stopRecording(ann);
    await untilCopied(next);
  });

  it('the server stops, and the next one copies it', async () => {
    const recordingId = await beginAndStop();
    await harness.restart();
    expect(kept(recordingId)).toMatchObject({ state: 'ready', notCopied: BEING_COPIED });
    letCopy();
    await untilCopied(recordingId);
  });
});

it('a recording is copied as soon as it has ended, which is told', async () => {
  letCopy();
  const recordingId = await recordSome(harness, ann);
  await stopRecording(ann);
  await untilState(recordingId, 'ready');
  const endedAt = kept(recordingId)?.endedAt;
  await untilCopied(recordingId);
  expect(kept(recordingId)).toMatchObject({ state: 'ready', endedAt, parts: [{ part: 1 }] });
  const end = harness.facts.findIndex(({ type }) => type === 'egressEnded');
  expect(harness.facts.slice(end)).toMatchObject([
    { type: 'egressEnded', recording: { recordingId, message: '' } },
    { type: 'egressUpdated', recording: { recordingId, state: 'ready', message: '' } },
  ]);
});

it('what a killed server has left, and does not go on, is copied as well', async () => {
  letCopy();
  const recordingId = await recordSome(harness, ann);
  await harness.crash();
  await untilState(recordingId, 'recovered');
  expect(kept(recordingId)?.isResumable).toBe(true);
  harness.egress.control(recordingId, { type: 'stop' });
  expect(kept(recordingId)?.notCopied).toBe(BEING_COPIED);
  await untilCopied(recordingId);
  expect(kept(recordingId)).toMatchObject({ isResumable: false, parts: [{ part: 1 }] });
});
