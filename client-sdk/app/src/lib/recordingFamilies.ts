/** Recordings of breakout rooms belong to that of their meeting. */
import type { RecordingInfo } from '@parley/client-sdk';

type Related = Pick<RecordingInfo, 'recordingId' | 'parentRecordingId' | 'startedAt'>;

export interface RecordingFamily<T> {
  recording: T;
  /** Those of its breakout rooms, first ones first. */
  breakouts: T[];
}

/** In the order of the list. What belongs to none of it stands by itself. */
export function familiesOf<T extends Related>(recordings: readonly T[]): RecordingFamily<T>[] {
  const known = new Set(recordings.map(({ recordingId }) => recordingId));
  const isChild = ({ parentRecordingId: parent }: T): boolean => parent !== null && known.has(parent);
  return recordings
    .filter((recording) => !isChild(recording))
    .map((recording) => ({
      recording,
      breakouts: recordings
        .filter(({ parentRecordingId }) => parentRecordingId === recording.recordingId)
        .sort((a, b) => a.startedAt - b.startedAt),
    }));
}
