import type { Storage } from '@parley/protocol/recorder';
import type { RecordingRecord } from '../recordings/RecordingRecord.ts';
import type { RecordedRoom, RecordingWish } from '../room/ports.ts';
import { newLongId } from '../util/ids.ts';

/** A recording that has just been asked for. */
export function newRecord(room: RecordedRoom, wish: RecordingWish, { key }: Storage): RecordingRecord {
  const { breakoutId, breakoutName, kind, format, layout, breakouts, by, parentRecordingId } = wish;
  return {
    recordingId: newLongId('RC'),
    ...{ room: room.info, meetingId: room.meetingId, breakoutId, breakoutName, parentRecordingId },
    ...{ kind, format, layout, breakouts, state: 'starting', message: '', startedBy: by },
    ...{ startedAt: Date.now(), pausedAt: null, endedAt: null, lastPart: 0, markers: [], parts: [] },
    ...{ thumbnail: null, sidecar: null, isEncrypted: key !== null },
    ...{ wasCut: false, isResumable: false, isDeleted: false },
  };
}
