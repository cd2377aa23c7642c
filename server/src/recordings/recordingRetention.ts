import type { Logger } from '../observability/logger.ts';
import { DAY_MS, HourlySweep } from '../util/HourlySweep.ts';
import type { Library } from './Library.ts';
import type { RecordingStore } from './ports.ts';
import type { RecordingRecord } from './RecordingRecord.ts';

/** Deleted at a time. */
const BATCH = 50;

interface RecordingRetentionOptions {
  library: Pick<Library, 'remove' | 'tidy'>;
  store: Pick<RecordingStore, 'endedBefore' | 'deleted'>;
  /** 0 keeps all. */
  days: number;
  logger: Logger;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Deletes recordings that are older than the configuration lets them become: at start, and each hour. */
export const startRecordingRetention = (options: RecordingRetentionOptions): HourlySweep =>
  new HourlySweep(
    (signal) => sweep(options, signal),
    (err) =>
      options.logger.error(
        { err },
        'recordings that are too old could not be deleted; this is tried again in an hour',
      ),
  );

async function sweep(
  { library, store, days, now = Date.now }: RecordingRetentionOptions,
  signal: AbortSignal,
): Promise<void> {
  // One that cannot be removed keeps no other: it is tried again with the next sweep.
  const errors: unknown[] = [];
  const note = (error: unknown): void => void errors.push(error);
  const tried = new Set<string>();
  const removeAll = async (records: readonly RecordingRecord[]): Promise<void> => {
    for (const record of records) {
      tried.add(record.recordingId);
      await library.remove(record, null).catch(note);
    }
  };
  // The process ended, or the disk failed, while they were being deleted.
  await removeAll(store.deleted());
  while (days > 0 && !signal.aborted) {
    const old = store.endedBefore(now() - days * DAY_MS, BATCH);
    const untried = old.filter(({ recordingId }) => !tried.has(recordingId));
    await removeAll(untried);
    // What could not even be marked as deleted is found again.
    if (old.length < BATCH || untried.length === 0) break;
  }
  await library.tidy().catch(note);
  if (errors.length > 0) throw new AggregateError(errors, 'Recordings could not be deleted.');
}
