import { availableParallelism } from 'node:os';
import { errors } from 'mediasoup';
import { ParleyError } from '@parley/protocol';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { MediaRoom } from './MediaRoom.ts';
import type { MediaWorker } from './MediaWorker.ts';
import { chooseWorker } from './placement.ts';
import { routeWorkerLog, type WorkerLog } from './workerLog.ts';
import { WorkerSlot } from './WorkerSlot.ts';

export interface WorkerPoolOptions {
  config: Config['media'];
  logger: Logger;
  metrics: Metrics;
}

const MAX_PORT = 65_535;
/** A worker may die while it is asked for a room; then the next is asked. */
const PLACEMENT_ATTEMPTS = 3;

/** All media workers of this node. */
export class WorkerPool {
  readonly #slots: readonly WorkerSlot[];
  readonly #log: WorkerLog;
  #closed = false;

  /** Throws an Error for the operator, which names the setting, when a worker or its port is not to be had. */
  static async create({ config, logger, metrics }: WorkerPoolOptions): Promise<WorkerPool> {
    const log = routeWorkerLog(logger);
    const count = config.workers === 0 ? availableParallelism() : config.workers;
    if (config.port !== 0 && config.port + count - 1 > MAX_PORT)
      throw new Error(
        `${count} media workers do not fit above media.port ${config.port} (PARLEY_MEDIA_PORT). Set a lower one.`,
      );
    const results = await Promise.allSettled(
      Array.from({ length: count }, (_, index) =>
        WorkerSlot.create({ config, logger, metrics, port: config.port === 0 ? 0 : config.port + index }),
      ),
    );
    const slots = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) {
      await Promise.all(slots.map((slot) => slot.close()));
      throw failure.reason;
    }
    return new WorkerPool(slots, log);
  }

  private constructor(slots: readonly WorkerSlot[], log: WorkerLog) {
    this.#slots = slots;
    this.#log = log;
  }

  /** Whether any worker lives and answers. */
  get healthy(): boolean {
    return !this.#closed && this.#workers.some(({ load }) => load.responsive);
  }

  get workerPids(): number[] {
    return this.#workers.map(({ pid }) => pid);
  }

  /** A media room on the least loaded worker; waits for one that is just starting. Throws MEDIA_UNAVAILABLE. */
  async createMediaRoom(): Promise<MediaRoom> {
    for (let attempt = 1; ; attempt++) {
      await Promise.all(this.#slots.flatMap(({ starting }) => starting ?? []));
      const worker = this.#closed ? undefined : chooseWorker(this.#workers);
      if (!worker) throw new ParleyError('MEDIA_UNAVAILABLE');
      try {
        return await worker.createRoom();
      } catch (cause) {
        const tryAnother = cause instanceof errors.WorkerClosedError && attempt < PLACEMENT_ATTEMPTS;
        if (!tryAnother) throw new ParleyError('MEDIA_UNAVAILABLE', { cause });
      }
    }
  }

  /** Workers that end from now on, and what they leave unsaid, are no fault: the server ends. */
  expectEnd(): void {
    this.#log.expectEnd();
    for (const slot of this.#slots) slot.expectEnd();
  }

  /** Closes all rooms and ends all workers. Resolves when their processes are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    this.expectEnd();
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }

  get #workers(): MediaWorker[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }
}
