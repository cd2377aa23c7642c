import type { SidecarEvent } from '../files/index.ts';

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What happens in the programme; when, is said beside it. */
export type ProgramHappening = DistributiveOmit<SidecarEvent, 'atMs'>;

/** Why a recording ended by itself: a code, and a sentence for people. */
export interface RecordingTrouble {
  readonly code: string;
  readonly message: string;
}

/** Something that writes files of a recording. All times are milliseconds since the epoch. */
export interface RecordingWriter {
  /** Nothing of what happens after `at` is kept, until `resume`. */
  pause(at: number): void;
  resume(at: number): void;
  note(event: ProgramHappening, at: number): void;
  /** Waits for what happened until `at`, then closes. */
  endAt(at: number): Promise<void>;
  /** All that came before is on the disk then. Idempotent. */
  close(): Promise<void>;
}
