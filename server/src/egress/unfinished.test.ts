import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Joined } from '../room/testing/RoomsHarness.ts';
import { EgressHarness, eventually, type EgressSetting } from './testing/EgressHarness.ts';
import { recordSome, stopRecording } from './testing/recordSome.ts';

let harness: EgressHarness;
afterEach(() => harness.close());

async function begin(
  fault: string,
  setting: Pick<EgressSetting, 'hasBucket'> = {},
): Promise<Joined & { recordingId: string }> {
  harness = await EgressHarness.create({ fault, ...setting });
  const ann = await harness.people.enter('ann', { role: 'host' });
  return { ...ann, recordingId: await recordSome(harness, ann) };
}
const kept = (recordingId: string) => harness.stores.recordings.find(recordingId);
const untilState = (recordingId: string, state: string): Promise<void> =>
  eventually(() => expect(kept(recordingId)?.state).toBe(state));
const besides = (name: string): string => join(harness.people.dataDir, 'recordings', name);
/** From now on nobody dies. */
const letFinish = (): void => writeFileSync(besides('go'), '');

describe('what a crash has left, where who finishes it dies as well', () => {
  it('is finished by another at once', async () => {
    const { recordingId } = await begin('diesFinishingOnce');
    await harness.crash();
    await untilState(recordingId, 'recovered');
    expect(kept(recordingId)?.parts).toMatchObject([{ part: 1 }]);
    expect(existsSync(besides('died'))).toBe(true);
  });

  it('does not keep a server from stopping that has just begun to finish it', async () => {
    const { recordingId } = await begin('none');
    await harness.crash();
    await harness.restart();
    await untilState(recordingId, 'recovered');
  });

  it('is finished after the next start of the server, where no other could', async () => {
    const { recordingId } = await begin('diesFinishing');
    await harness.crash();
    await untilState(recordingId, 'finishing');
    const { answer } = await harness.people.enter('ann', { role: 'host' });
    expect(answer.egress.recordings).toEqual([]);
    expect(harness.factsOf('egressEnded')).toEqual([]);
    letFinish();
    await harness.crash();
    await untilState(recordingId, 'recovered');
    expect(kept(recordingId)).toMatchObject({ isResumable: false, parts: [{ part: 1 }] });
    expect(harness.factsOf('egressEnded')).toHaveLength(1);
  });

  it('of one that was stopped meanwhile does not keep its recorder, and is finished after the next start', async () => {
    const ann = await begin('diesFinishing');
    const { recordingId } = ann;
    process.kill(harness.pid, 'SIGKILL');
    await eventually(() => expect(kept(recordingId)?.lastPart).toBe(2));
    await stopRecording(ann);
    await eventually(() => expect(ann.ear.last('room.egressUpdated')?.egress.recordings).toEqual([]));
    await eventually(() => expect(harness.egress.pids.size).toBe(0));
    expect(kept(recordingId)).toMatchObject({ state: 'finishing', endedAt: null });
    expect(harness.factsOf('egressEnded')).toEqual([]);
    letFinish();
    await harness.crash();
    await untilState(recordingId, 'ready');
    expect(harness.factsOf('egressEnded')).toHaveLength(1);
  });
});

describe('a recording that the bucket did not take', () => {
  it('is ready, and is brought there after the next start', async () => {
    const ann = await begin('refusedCopies', { hasBucket: true });
    const { recordingId } = ann;
    await stopRecording(ann);
    await untilState(recordingId, 'ready');
    await eventually(() => expect(kept(recordingId)?.notCopied).toBe('It refused them.'));
    const before = kept(recordingId);
    expect(before).toMatchObject({ state: 'ready', parts: [{ part: 1 }], thumbnail: 'thumbnail.jpg' });
    expect(harness.factsOf('egressEnded')).toMatchObject([{ recording: { message: '' } }]);
    expect(harness.factsOf('egressUpdated').at(-1)).toMatchObject({
      recording: { state: 'ready', message: 'Not copied to the bucket yet: It refused them.' },
    });
    letFinish();
    await harness.crash();
    await eventually(() => expect(kept(recordingId)?.notCopied).toBeNull());
    expect(kept(recordingId)).toMatchObject({
      state: 'ready',
      endedAt: before?.endedAt,
      parts: [{ part: 1 }],
    });
    expect(harness.stores.recordings.uncopied()).toEqual([]);
  });
});
