import { SerialQueue } from './SerialQueue.ts';

/** Runs tasks of one key one after the other, and those of different keys side by side. */
export class KeyedQueue {
  readonly #queues = new Map<string, { queue: SerialQueue; waiting: number }>();

  /** Keys that have tasks. */
  get size(): number {
    return this.#queues.size;
  }

  /** Resolves or rejects as the task does. */
  async run<T>(key: string, task: () => T | Promise<T>): Promise<T> {
    const entry = this.#queues.get(key) ?? { queue: new SerialQueue(), waiting: 0 };
    this.#queues.set(key, entry);
    entry.waiting += 1;
    try {
      return await entry.queue.run(task);
    } finally {
      entry.waiting -= 1;
      if (entry.waiting === 0) this.#queues.delete(key);
    }
  }
}
