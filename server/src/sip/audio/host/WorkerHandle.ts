import { Worker } from 'node:worker_threads';
import type {
  FromWorker,
  LegEvent,
  Order,
  QuestionName,
  Questions,
  ToWorker,
  WorkerSettings,
} from '../worker/contract.ts';

type Settle = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** One worker thread, as the engine sees it. */
export class WorkerHandle {
  /** How many legs it has, or is about to have. */
  legs = 0;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Settle>();
  readonly #listeners = new Map<string, (event: LegEvent) => void>();
  readonly #onLost = new Set<(reason: string) => void>();
  #lastId = 0;
  #isGone = false;

  /** Rejects where the thread does not come up. */
  static async start(file: URL, settings: WorkerSettings): Promise<WorkerHandle> {
    const worker = new Worker(file, { workerData: settings, name: 'phone-sound' });
    const handle = new WorkerHandle(worker);
    await handle.#ready;
    return handle;
  }

  readonly #ready: Promise<void>;

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#ready = new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'ready') resolve();
        else this.#take(message);
      });
      worker.on('error', (error) => {
        const reason = error instanceof Error ? error.message : String(error);
        reject(new Error(reason));
        this.#lose(reason);
      });
      worker.on('exit', (code) => {
        reject(new Error(`The thread ended with ${code}.`));
        this.#lose(`it ended with ${code}`);
      });
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** It died by itself. Whoever listens is held until the answer is called. */
  onLost(listener: (reason: string) => void): () => void {
    this.#onLost.add(listener);
    return () => this.#onLost.delete(listener);
  }

  /** What a leg tells, until undefined is given. */
  listen(legId: string, listener: ((event: LegEvent) => void) | undefined): void {
    if (listener) this.#listeners.set(legId, listener);
    else this.#listeners.delete(legId);
  }

  tell(order: Order): void {
    this.#post(order);
  }

  /** Rejects where the worker cannot, or is gone. */
  async ask<K extends QuestionName>(kind: K, asked: Questions[K]['asked']): Promise<Questions[K]['answer']> {
    if (this.#isGone) throw new Error('The worker is gone.');
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<unknown>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#post({ ...asked, kind, id } as ToWorker);
    return (await answer) as Questions[K]['answer'];
  }

  async close(): Promise<void> {
    if (this.#isGone) return;
    await this.ask('close', {}).catch(() => undefined);
    this.#isGone = true;
    await this.#worker.terminate();
  }

  #post(message: ToWorker): void {
    if (!this.#isGone) this.#worker.postMessage(message);
  }

  #take(message: Exclude<FromWorker, { kind: 'ready' }>): void {
    if (message.kind === 'leg') {
      this.#listeners.get(message.legId)?.(message.event);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'answer') pending?.resolve(message.value);
    else pending?.reject(new Error(message.reason));
  }

  #lose(reason: string): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const { reject } of this.#pending.values()) reject(new Error(`The worker is gone: ${reason}`));
    this.#pending.clear();
    const listeners = [...this.#onLost];
    this.#onLost.clear();
    for (const listener of listeners) listener(reason);
  }
}
