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

  /** Whether the publication is to be received, as far as was said. */
  wants(publicationId: string): boolean {
    return this.#wishes.get(publicationId)?.subscribed !== false;
  }

  /** Says a wish anew: the server forgets it together with the media that it was for. */
  repeat(publicationId: string): void {
    if (!this.#wishes.has(publicationId)) return;
    this.#due.add(publicationId);
    this.#schedule();
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
