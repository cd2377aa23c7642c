import { MediaWorker, type MediaWorkerOptions } from './MediaWorker.ts';
import { DEATH_WINDOW_MS, respawnDelay } from './placement.ts';

/** Keeps one worker alive on one port: when it dies, another takes its place. */
export class WorkerSlot {
  readonly #options: MediaWorkerOptions;
  readonly #deaths: number[] = [];
  #worker: MediaWorker | undefined;
  #starting: Promise<void> | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /** Throws an Error for the operator when the first worker cannot start. */
  static async create(options: MediaWorkerOptions): Promise<WorkerSlot> {
    const worker = await MediaWorker.create(options);
    // A replacement takes the same port, whichever it was.
    return new WorkerSlot({ ...options, port: worker.port }, worker);
  }

  private constructor(options: MediaWorkerOptions, worker: MediaWorker) {
    this.#options = options;
    this.#adopt(worker);
  }

  /** Undefined while there is no living worker. */
  get worker(): MediaWorker | undefined {
    return this.#worker?.alive ? this.#worker : undefined;
  }

  /** Set while a worker is being started: it resolves, in some tens of ms, whether or not that worked. */
  get starting(): Promise<void> | undefined {
    return this.#starting;
  }

  /** A worker that ends from now on is not replaced. */
  expectEnd(): void {
    this.#closed = true;
    this.#worker?.expectEnd();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    await this.#starting;
    await this.#worker?.close();
    this.#forget();
  }

  #adopt(worker: MediaWorker): void {
    this.#worker = worker;
    this.#options.metrics.workers.inc();
    worker.on('died', (cause) => {
      this.#options.metrics.workerDeaths.inc({ cause });
      this.#forget();
      this.#replace();
    });
  }

  #forget(): void {
    if (!this.#worker) return;
    this.#worker = undefined;
    this.#options.metrics.workers.dec();
  }

  #replace(): void {
    if (this.#closed) return;
    const now = performance.now();
    this.#deaths.push(now);
    while ((this.#deaths[0] ?? now) < now - DEATH_WINDOW_MS) this.#deaths.shift();
    const delay = respawnDelay(this.#deaths.length);
    if (delay === 0) return this.#start();
    this.#options.logger.error({ delay, deaths: this.#deaths.length }, 'media workers keep dying, waiting');
    this.#retryTimer = setTimeout(() => this.#start(), delay).unref();
  }

  #start(): void {
    this.#starting = MediaWorker.create(this.#options)
      .then(
        async (worker) => {
          if (this.#closed) await worker.close();
          else this.#adopt(worker);
        },
        (error: unknown) => {
          this.#options.logger.error({ err: error }, 'media worker not replaced');
          this.#options.metrics.workerDeaths.inc({ cause: 'startFailed' });
          this.#replace();
        },
      )
      .finally(() => {
        this.#starting = undefined;
      });
  }
}
