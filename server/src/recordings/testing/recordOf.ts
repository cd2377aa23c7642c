import type { RoomInfo } from '@parley/protocol';
import type { RecordingRecord } from '../RecordingRecord.ts';

/** A recording that has ended a moment ago, with one file. */
export function recordOf(room: RoomInfo, change: Partial<RecordingRecord> = {}): RecordingRecord {
  const startedAt = Date.now() - 5000;
  const part = { part: 1, name: 'composite', file: 'part-1.mp4', mimeType: 'video/mp4', bytes: 1000 };
  return {
    ...{
      recordingId: 'RC_0123456789012345678901',
      room,
      meetingId: 'MT_1',
      breakoutId: null,
      breakoutName: '',
    },
    ...{ parentRecordingId: null, kind: 'composite', format: 'mp4', layout: { kind: 'grid', focus: null } },
    ...{ breakouts: false, state: 'ready', message: '', startedAt, startedBy: null, pausedAt: null },
    ...{ endedAt: startedAt + 4000, lastPart: 1, markers: [], isEncrypted: false },
    parts: [{ ...part, durationMs: 4000, startedAt, width: 1280, height: 720 }],
    ...{ thumbnail: 'thumbnail.jpg', sidecar: null, wasCut: false, isResumable: false, isDeleted: false },
    ...change,
  };
}
