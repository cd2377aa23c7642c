import type { Logger } from '../observability/logger.ts';
import type { RecordingStore } from '../recordings/ports.ts';
import type { RecordingRecord } from '../recordings/RecordingRecord.ts';
import { HourlySweep } from '../util/HourlySweep.ts';
import type { Finisher } from './Finisher.ts';
import { together } from './RecordingJob.ts';

interface LateCopiesOptions {
  store: Pick<RecordingStore, 'uncopied' | 'find' | 'save'>;
  /** For these alone: what a crash has left does not wait until a bucket answers. */
  finisher: Pick<Finisher, 'finish' | 'close'>;
  logger: Logger;
}

/** Recordings that are over, and that the bucket did not take: they are brought there at start, and each hour. */
export class LateCopies {
  readonly #options: LateCopiesOptions;
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

  async close(): Promise<void> {
    await this.#options.finisher.close();
    await this.#sweep?.close();
  }

  async #copyAll(signal: AbortSignal): Promise<void> {
    for (const record of this.#options.store.uncopied()) {
      if (signal.aborted) return;
      await this.#copy(record);
    }
  }

  /** To finish it again changes nothing of it, and brings there what is missing. */
  async #copy(due: RecordingRecord): Promise<void> {
    const { store, finisher, logger } = this.#options;
    const { recordingId } = due;
    const finished = await finisher.finish(recordingId);
    const record = store.find(recordingId);
    // Somebody has deleted it: what has come there meanwhile is deleted with the next sweep.
    if (!record) return store.save({ ...due, isDeleted: true });
    if (finished?.notCopied === undefined) return;
    const { parts, thumbnail, sidecar, notCopied = null } = together(record, finished);
    store.save({ ...record, parts, thumbnail, sidecar, notCopied });
    logger.info({ recordingId, notCopied }, 'a recording was brought to the bucket again');
  }
}
