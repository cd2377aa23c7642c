import { statfs } from 'node:fs/promises';
import { ParleyError } from '@parley/protocol';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';

const INTERVAL_MS = 2000;
/** So much more than the reserve has to be free again until recordings may begin. */
const ENOUGH = 1.05;

interface DiskWatchOptions {
  folder: string;
  /** Bytes that are left free. */
  reserve: number;
  logger: Logger;
  metrics: Metrics;
  /** The reserve is reached: what writes has to stop. Comes again only after there was enough. */
  full(free: number): void;
  /** Bytes that are free; given in tests. */
  measure?: (folder: string) => Promise<number>;
  interval?: number;
}

/** Looks after the space that recordings leave to everything else. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #free = Number.POSITIVE_INFINITY;
  #isFull = false;
  #looking: Promise<void> | undefined;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.look(), options.interval ?? INTERVAL_MS).unref();
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** Throws RECORDING_DISK_FULL. */
  assertRoom(): void {
    if (!this.#isFull) return;
    const { reserve } = this.#options;
    throw new ParleyError('RECORDING_DISK_FULL', {
      message:
        `The disk for recordings is nearly full: ${inMiB(this.#free)} are free, and ${inMiB(reserve)} are kept for the ` +
        'rest of the server. Delete old recordings, or have the operator make space or set recorder.reserve.',
      details: { freeBytes: this.#free, reserveBytes: reserve },
    });
  }

  /** Measures now. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { folder, reserve, logger, metrics, full, measure = measureFree } = this.#options;
    try {
      this.#free = await measure(folder);
    } catch (err) {
      logger.error({ err, folder }, 'it cannot be seen how much space is left for recordings');
      return;
    }
    metrics.diskFree.set(this.#free);
    if (!this.#isFull && this.#free < reserve) {
      this.#isFull = true;
      logger.error(
        { folder, free: this.#free, reserve },
        'the reserve of the disk is reached: recordings end',
      );
      full(this.#free);
    } else if (this.#isFull && this.#free >= reserve * ENOUGH) {
      this.#isFull = false;
      logger.info({ folder, free: this.#free }, 'there is space for recordings again');
    }
    metrics.diskReserveReached.set(Number(this.#isFull));
  }
}

async function measureFree(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const inMiB = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
