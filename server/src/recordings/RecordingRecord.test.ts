import type { RoomInfo } from '@parley/protocol';
import { expect, it } from 'vitest';
import { recordingInfoOf } from './RecordingRecord.ts';
import { recordOf } from './testing/recordOf.ts';

const ROOM = { roomId: 'RM_1', name: 'demo', settings: { title: '' } } as RoomInfo;

it('says of a recording, beside all else, that a part of it is damaged', () => {
  const { parts } = recordOf(ROOM);
  const record = recordOf(ROOM, { message: 'It was cut.', notCopied: 'No answer.' });
  expect(recordingInfoOf(record, 0).message).toBe('It was cut. Not copied to the bucket yet: No answer.');
  const damaged = { ...record, parts: parts.map((part) => ({ ...part, isDamaged: true })) };
  expect(recordingInfoOf(damaged, 0).message).toBe(
    'It was cut. A part is damaged, and ends where the damage begins. What lies behind the damage was kept beside it. ' +
      'Not copied to the bucket yet: No answer.',
  );
  expect(recordingInfoOf({ ...damaged, message: '', notCopied: null }, 0).message).toMatch(
    /^A part is damaged/,
  );
});
