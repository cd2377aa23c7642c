import type { RunningRecording } from '@parley/protocol';
import { durationOf, type RecordingRecord } from '../recordings/RecordingRecord.ts';

/** What people in a room see of a recording that the end of the server's process had cut, until it goes on. */
export function waitingInfoOf(record: RecordingRecord): RunningRecording {
  const { recordingId, kind, format, startedAt, startedBy, pausedAt, layout, parts } = record;
  return {
    ...{ recordingId, kind, format, startedAt, layout, pausedAt, progress: null },
    state: pausedAt === null ? 'starting' : 'paused',
    startedBy: startedBy?.identity ?? null,
    message: 'The server was started again. The recording goes on when its files are in order.',
    recordedMs: durationOf(parts),
    at: Date.now(),
  };
}
