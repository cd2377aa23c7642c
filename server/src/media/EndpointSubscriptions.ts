import type { Publication } from './Publication.ts';
import {
  Subscription,
  getSubscriptionOf,
  type Receiver,
  type Wish,
  type WishChange,
} from './Subscription.ts';

/** As the wire has it, and what only the server may ask for. */
export interface SubscriptionChanges {
  changes: readonly (WishChange & { publicationId: string })[];
}

/** What is wanted of a publication of which nothing has been said. */
export type FirstWish = (publication: Publication) => Wish;

/** What one participant receives of others, and what they wish to receive. Every error is a ParleyError. */
export class EndpointSubscriptions {
  readonly #receiver: Receiver;
  readonly #firstWish: FirstWish;
  readonly #subscriptions = new Map<string, Subscription>();
  #isDeaf = false;
  /** Wishes for publications that went away and may come back, with their owners. */
  readonly #wishes = new Map<string, { wish: Wish; participantId: string }>();

  constructor(receiver: Receiver, firstWish: FirstWish) {
    this.#receiver = receiver;
    this.#firstWish = firstWish;
  }

  /** Consumers that there are. */
  get consumers(): number {
    return [...this.#subscriptions.values()].filter(({ consumerId }) => consumerId).length;
  }

  offer(publication: Publication): void {
    const { publicationId } = publication;
    const wish = this.#wishes.get(publicationId)?.wish ?? this.#firstWish(publication);
    this.#wishes.delete(publicationId);
    const subscription = new Subscription(publication, this.#receiver, wish);
    subscription.setDeaf(this.#isDeaf);
    this.#subscriptions.set(publicationId, subscription);
    // Later, so that the room can tell of the publication before its consumer is told of.
    setImmediate(() => void subscription.reconcile());
  }

  /** What one wished stays known unless the publication ended for good. */
  withdraw({ publicationId, participantId }: Publication, ended: boolean): void {
    const subscription = this.#subscriptions.get(publicationId);
    if (!subscription) return;
    this.#subscriptions.delete(publicationId);
    subscription.close();
    if (!ended) this.#wishes.set(publicationId, { wish: subscription.wish, participantId });
  }

  /** What is not there (any more) is passed over. */
  async change({ changes }: SubscriptionChanges): Promise<void> {
    await Promise.all(
      changes.map(async ({ publicationId, ...change }) => {
        const absent = this.#wishes.get(publicationId);
        if (absent) absent.wish = { ...absent.wish, ...change };
        await this.#subscriptions.get(publicationId)?.change(change);
      }),
    );
  }

  /** No sound is sent. */
  setDeaf(isDeaf: boolean): void {
    this.#isDeaf = isDeaf;
    for (const subscription of this.#subscriptions.values()) subscription.setDeaf(isDeaf);
    this.reconcileAll();
  }

  /** Throws CONSUMER_NOT_FOUND. */
  getByConsumer(consumerId: string): Subscription {
    return getSubscriptionOf(this.#subscriptions.values(), consumerId);
  }

  /** The way to the receiver is another, or open now. */
  reconcileAll(): void {
    for (const subscription of this.#subscriptions.values()) void subscription.reconcile();
  }

  /** Somebody is gone, and with them what they might have published again. */
  forgetParticipant(participantId: string): void {
    for (const [publicationId, absent] of this.#wishes)
      if (absent.participantId === participantId) this.#wishes.delete(publicationId);
  }

  /** Nothing is received any more, nor wished for. */
  clear(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    this.#wishes.clear();
  }
}
