import type { Logger } from '../observability/logger.ts';
import type { RecordingStore } from '../recordings/ports.ts';
import { BEING_COPIED, type RecordingRecord } from '../recordings/RecordingRecord.ts';
import { HOUR_MS, HourlySweep } from '../util/HourlySweep.ts';
import type { Finished, Finisher } from './Finisher.ts';
import { together } from './RecordingJob.ts';

/** What the bucket did not take is not tried again before this, ms, however many others come meanwhile. */
const PAUSE_MS = HOUR_MS / 2;

interface LateCopiesOptions {
  store: Pick<RecordingStore, 'uncopied' | 'find' | 'save'>;
  /** For these alone, and the only one that knows the bucket: nothing else waits until that answers. */
  finisher: Pick<Finisher, 'finish' | 'drop' | 'close'>;
  /** It is there, or there is another reason why not. */
  changed(record: RecordingRecord): void;
  logger: Logger;
}

/** Brings recordings that are over to the bucket: at once, and what it did not take at start and each hour. */
export class LateCopies {
  readonly #options: LateCopiesOptions;
  /** When each was tried last, by recordingId. */
  readonly #tried = new Map<string, number>();
  #sweep: HourlySweep | undefined;

  constructor(options: LateCopiesOptions) {
    this.#options = options;
  }

  start(): void {
    this.#sweep = new HourlySweep(
      (signal) => this.#copyAll(signal),
      (err) =>
        this.#options.logger.error({ err }, 'recordings could not be copied; it is tried again in an hour'),
    );
  }

  /** One is over. Does nothing before the start, which looks itself. */
  soon(): void {
    this.#sweep?.again();
  }

  /** It was deleted: what comes there now would stay until the next sweep. */
  drop(recordingId: string): void {
    this.#options.finisher.drop(recordingId);
  }

  /** What is not there by now is brought there after the next start. */
  async close(): Promise<void> {
    await Promise.all([this.#sweep?.close(), this.#options.finisher.close()]);
  }

  async #copyAll(signal: AbortSignal): Promise<void> {
    const before = performance.now() - PAUSE_MS;
    for (const [recordingId, at] of this.#tried) if (at < before) this.#tried.delete(recordingId);
    for (let due = this.#next(); due && !signal.aborted; due = this.#next()) {
      this.#tried.set(due.recordingId, performance.now());
      await this.#copy(due);
    }
  }

  /** The last one first: it waits for none that the bucket does not take. */
  #next(): RecordingRecord | undefined {
    return this.#options.store.uncopied().findLast(({ recordingId }) => !this.#tried.has(recordingId));
  }

  /** To finish it again changes nothing of it, and brings there what is missing. */
  async #copy(due: RecordingRecord): Promise<void> {
    const { store, finisher, changed, logger } = this.#options;
    const { recordingId } = due;
    const finished = await finisher.finish(recordingId);
    const record = store.find(recordingId);
    // Somebody has deleted it: what has come there meanwhile is deleted with the next sweep.
    if (!record) return store.save({ ...due, isDeleted: true });
    if (!finished) return;
    const tried = resultOf(record, finished);
    store.save(tried);
    logger.info({ recordingId, notCopied: tried.notCopied }, 'a recording was brought to the bucket');
    if (tried.notCopied !== record.notCopied) changed(tried);
  }
}

function resultOf(record: RecordingRecord, finished: Finished): RecordingRecord {
  const { problem } = finished;
  // Who should have copied it could not: nothing new is known but that.
  if (finished.notCopied === undefined)
    return record.notCopied === BEING_COPIED && problem !== undefined
      ? { ...record, notCopied: problem }
      : record;
  const { parts, thumbnail, sidecar, notCopied = null } = together(record, finished);
  return { ...record, parts, thumbnail, sidecar, notCopied };
}
