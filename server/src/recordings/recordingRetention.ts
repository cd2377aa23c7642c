import type { Logger } from '../observability/logger.ts';
import { DAY_MS, HourlySweep } from '../util/HourlySweep.ts';
import type { Library } from './Library.ts';
import type { RecordingStore } from './ports.ts';

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
  // The process ended, or the disk failed, while they were being deleted.
  for (const record of store.deleted()) await library.remove(record, null);
  while (days > 0 && !signal.aborted) {
    const old = store.endedBefore(now() - days * DAY_MS, BATCH);
    for (const record of old) await library.remove(record, null);
    if (old.length < BATCH) break;
  }
  await library.tidy();
}
