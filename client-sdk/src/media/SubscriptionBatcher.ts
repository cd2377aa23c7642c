import type { SubscriptionChange } from '@parley/protocol';

/** How long the first picture waits for the size of its tile, ms: pages lay out within a frame or two. */
const SIZE_WAIT_MS = 50;
/** Within this time, wishes of many tiles go out as one message, ms. */
const BATCH_MS = 60;
const MAX_CHANGES = 256;

/** Collects what tiles want and tells the server once for all. The latest wish for each publication counts. */
export class SubscriptionBatcher {
  readonly #send: (changes: SubscriptionChange[]) => void;
  readonly #wishes = new Map<string, SubscriptionChange>();
  readonly #due = new Set<string>();
  readonly #unsaid = new Set<string>();
  /** Who waits to hear the size of a publication. */
  readonly #awaited = new Map<string, () => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (changes: SubscriptionChange[]) => void) {
    this.#send = send;
  }

  change(change: SubscriptionChange): void {
    this.#wishes.set(change.publicationId, { ...this.#wishes.get(change.publicationId), ...change });
    this.#due.add(change.publicationId);
    this.#schedule();
    if (change.height !== undefined) this.#awaited.get(change.publicationId)?.();
  }

  /** Resolves when the server was told how large a publication is shown, or when that is not known soon. */
  async sizeKnown(publicationId: string): Promise<void> {
    if (this.#wishes.get(publicationId)?.height === undefined) {
      await new Promise<void>((resolve) => {
        this.#awaited.set(publicationId, resolve);
        setTimeout(resolve, SIZE_WAIT_MS);
      });
      this.#awaited.delete(publicationId);
    }
    if (this.#due.has(publicationId)) this.#flush();
  }

  forget(publicationId: string): void {
    this.#wishes.delete(publicationId);
    this.#due.delete(publicationId);
    this.#unsaid.delete(publicationId);
  }

  /** Whether the publication is to be received, as far as was said. */
  wants(publicationId: string): boolean {
    return this.#wishes.get(publicationId)?.subscribed !== false;
  }

  /** The media that the wishes were said for is gone, and with it what the server knew of them. */
  mediaGone(): void {
    for (const publicationId of this.#wishes.keys()) this.#unsaid.add(publicationId);
  }

  /** A publication is received on new media: the server has to hear anew how it is wanted. */
  received(publicationId: string): void {
    if (!this.#unsaid.delete(publicationId) || !this.#wishes.has(publicationId)) return;
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const changes = [...this.#due].flatMap((publicationId) => this.#wishes.get(publicationId) ?? []);
    this.#due.clear();
    for (let start = 0; start < changes.length; start += MAX_CHANGES)
      this.#send(changes.slice(start, start + MAX_CHANGES));
  }
}
