import { BEING_COPIED, type RecordingRecord } from '../recordings/RecordingRecord.ts';

/**
 * Says of one that is over that it is still to be brought to the bucket. It stands with the end on disk: a server that is killed
 * right after it knows of the copy.
 * @param hasBucket whether there is one
 */
export function toBeCopied(record: RecordingRecord, hasBucket: boolean): RecordingRecord {
  const isDue = hasBucket && !record.isResumable && record.parts.length > 0;
  return isDue ? { ...record, notCopied: BEING_COPIED } : record;
}
