import { setImmediate } from 'node:timers/promises';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import { DAY_MS, HourlySweep } from '../util/HourlySweep.ts';
import type { RetentionStore } from './ports.ts';

/** Deleted at a time; meetings go on between two of them. */
const BATCH = 200;

interface RetentionOptions {
  store: RetentionStore;
  days: Config['retention'];
  logger: Logger;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Deletes what the configuration says is old: at start, and each hour. */
export const startRetention = (options: RetentionOptions): HourlySweep =>
  new HourlySweep(
    (signal) => sweep(options, signal),
    (err) =>
      options.logger.error({ err }, 'what is too old could not be deleted; this is tried again in an hour'),
  );

async function sweep(
  { store, days, logger, now = Date.now }: RetentionOptions,
  signal: AbortSignal,
): Promise<void> {
  const deleteAll = async (
    age: number,
    deleteSome: (before: number, limit: number) => number,
  ): Promise<number> => {
    if (age === 0) return 0;
    const before = now() - age * DAY_MS;
    let total = 0;
    while (!signal.aborted) {
      const count = deleteSome(before, BATCH);
      total += count;
      if (count < BATCH) break;
      await setImmediate();
    }
    return total;
  };
  const deleted = {
    messages: await deleteAll(days.messages, (...args) => store.deleteMessages(...args)),
    meetings: await deleteAll(days.meetings, (...args) => store.deleteMeetings(...args)),
    calls: await deleteAll(days.meetings, (...args) => store.deleteCalls(...args)),
    schedules: await deleteAll(days.meetings, (...args) => store.deleteSchedules(...args)),
    audit: await deleteAll(days.audit, (...args) => store.deleteAudit(...args)),
  };
  if (!Object.values(deleted).some((count) => count > 0)) return;
  store.compact();
  logger.info({ deleted }, 'deleted what is older than the configuration lets it become');
}
