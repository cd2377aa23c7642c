/** What the library of recordings needs from outside. Server.ts hands it in. */
import type { RecordingRecord } from './RecordingRecord.ts';

export interface RecordingFilter {
  /** Name of the room. */
  room?: string;
  /** Of these rooms only. */
  roomIds?: readonly string[];
  meetingId?: string;
  /** Only those that began since, ms since the epoch. */
  since?: number;
}

/** Here as in all stores: a call that returns has been written to disk. Those that are being deleted are not found. */
export interface RecordingStore {
  save(record: RecordingRecord): void;
  find(recordingId: string): RecordingRecord | undefined;
  delete(recordingId: string): void;
  /** Newest first. */
  list(
    filter: RecordingFilter,
    page: { before?: number; limit: number },
  ): { records: RecordingRecord[]; nextBefore: number | null };
  /** Those that have not ended, or go on when people are back. */
  open(): RecordingRecord[];
  /** Those that are over, and whose files are not all in the bucket. */
  uncopied(): RecordingRecord[];
  /** Those whose files are still to be deleted. */
  deleted(): RecordingRecord[];
  /** Those that ended before this moment, ms since the epoch. */
  endedBefore(moment: number, limit: number): RecordingRecord[];
}

/** A finished file, whose bytes are read as if it were not encrypted. */
export interface RecordingFileReader {
  readonly size: number;
  /** Bytes from `start` until just before `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

export interface RecordingFolder {
  /** Throws RECORDING_NOT_FOUND, RECORDING_FAILED when it is damaged or its key is not there. */
  open(recordingId: string, file: string): Promise<RecordingFileReader>;
  /** From the disk. Deleting what is not there does nothing. */
  delete(recordingId: string): Promise<void>;
  /** Where recordings are copied to; absent where they are not. */
  readonly copies?: RecordingCopies;
}

/** What lies of recordings elsewhere. */
export interface RecordingCopies {
  /** Rejects when something is left; trying again is right then. */
  delete(recordingId: string, signal: AbortSignal): Promise<void>;
  /** Recordings that lie on the disk, and need not any more where their copies are whole; none where they are to stay. */
  freeable(): Promise<string[]>;
  /** Removes those of these files from the disk whose copies are whole. */
  free(recordingId: string, files: readonly string[]): Promise<void>;
}
