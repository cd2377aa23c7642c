import type { SubscriptionChange } from '@parley/protocol';

/** Within this time, wishes of many tiles go out as one message, ms. */
const BATCH_MS = 60;
const MAX_CHANGES = 256;

/** Collects what tiles want and tells the server once for all. The latest wish for each publication counts. */
export class SubscriptionBatcher {
  readonly #send: (changes: SubscriptionChange[]) => void;
  readonly #wishes = new Map<string, SubscriptionChange>();
  readonly #due = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (changes: SubscriptionChange[]) => void) {
    this.#send = send;
  }

  change(change: SubscriptionChange): void {
    this.#wishes.set(change.publicationId, { ...this.#wishes.get(change.publicationId), ...change });
    this.#due.add(change.publicationId);
    this.#schedule();
  }

  forget(publicationId: string): void {
    this.#wishes.delete(publicationId);
    this.#due.delete(publicationId);
  }

  /** Says all wishes anew, after the server has forgotten them. */
  repeat(): void {
    for (const publicationId of this.#wishes.keys()) this.#due.add(publicationId);
    if (this.#due.size > 0) this.#schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    this.#timer = undefined;
    const changes = [...this.#due].flatMap((publicationId) => this.#wishes.get(publicationId) ?? []);
    this.#due.clear();
    for (let start = 0; start < changes.length; start += MAX_CHANGES)
      this.#send(changes.slice(start, start + MAX_CHANGES));
  }
}
