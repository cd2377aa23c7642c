import { expect, it } from 'vitest';
import { familiesOf } from './recordingFamilies.ts';

const one = (recordingId: string, startedAt: number, parentRecordingId: string | null = null) => ({
  recordingId,
  startedAt,
  parentRecordingId,
});
const named = (list: ReturnType<typeof familiesOf>) =>
  list.map(({ recording, breakouts }) => [
    recording.recordingId,
    ...breakouts.map(({ recordingId }) => recordingId),
  ]);

it('puts breakout rooms below their meeting, whatever the order', () => {
  const list = [one('late', 9), one('b2', 4, 'main'), one('b1', 3, 'main'), one('main', 1)];
  expect(named(familiesOf(list))).toEqual([['late'], ['main', 'b1', 'b2']]);
});

it('lets stand by itself what belongs to a recording that is not there', () => {
  expect(named(familiesOf([one('b', 2, 'gone')]))).toEqual([['b']]);
});
