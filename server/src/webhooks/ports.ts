/** What webhooks need from outside. Server.ts hands it in. */
import type { Webhook, WebhookDelivery, WebhookDeliveryDetails, WebhookEventName } from '@parley/protocol';

/** Here as in all stores: a call that returns has been written to disk. */
export interface WebhookStore {
  /** Oldest first. */
  load(): Webhook[];
  save(webhook: Webhook): void;
  /** With its deliveries. */
  delete(webhookId: string): void;
}

/** What one attempt to deliver came to. */
export interface Attempt {
  /** When it began, ms since the epoch. */
  at: number;
  /** Milliseconds that it took. */
  duration: number;
  /** HTTP status of the answer; null when there was none. */
  responseStatus: number | null;
  /** Why it failed, in words; null when it did not. */
  error: string | null;
}

export interface NewEvent {
  event: WebhookEventName;
  /** `name` is null where it is about no room: such events have a `roomId` that no room has, and an order of their own. */
  room: { roomId: string; name: string | null };
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** The webhooks that are to be told. */
  webhookIds: readonly string[];
  /** The body, once the event has its number. */
  bodyOf(numbers: { eventId: string; seq: number }): string;
}

/** The deliveries of one room to one webhook: they go out in order, one after the other. */
export interface LaneKey {
  webhookId: string;
  roomId: string;
}

export interface PendingDelivery extends LaneKey {
  deliveryId: string;
  event: WebhookEventName;
  attempts: number;
  createdAt: number;
  nextAttemptAt: number;
  body: string;
}

/** Something that is sent on its own, outside of all order: written down when it is over. */
export interface SingleDelivery {
  webhookId: string;
  eventId: string;
  attempt: Attempt;
  replayOf: string | null;
}

/** Events on their way, and the log of those that went. */
export interface WebhookOutbox {
  /**
   * Gives the event the next number of its room, and lines it up for each webhook. Where too much waits already, the oldest is
   * given up. Gives how many were given up.
   */
  enqueue(event: NewEvent): number;
  /** Rooms that have deliveries waiting for this webhook. */
  pendingRooms(webhookId: string): string[];
  /** The one that is to go next. */
  findNext(lane: LaneKey): PendingDelivery | undefined;
  succeed(delivery: Pick<PendingDelivery, 'deliveryId' | 'webhookId'>, attempt: Attempt): void;
  /** It is tried again at `nextAttemptAt`, or given up with all in its lane that are too old. Gives how many were given up. */
  fail(
    delivery: PendingDelivery,
    attempt: Attempt,
    retry: { nextAttemptAt: number; giveUpBefore: number },
  ): number;
  /** Those that wait for their next attempt need wait no more. */
  hasten(webhookId: string, now: number): void;
  /** Notes an event that is about no room. */
  addTestEvent(event: { eventId: string; createdAt: number; body: string }): void;
  addSingle(delivery: SingleDelivery): WebhookDelivery;
  /** Newest first, those before number `before`. */
  list(
    query: { webhookId: string; status?: WebhookDelivery['status'] },
    page: { before?: number; limit: number },
  ): { deliveries: WebhookDelivery[]; nextBefore: number | null };
  /** Lines up once more what went or was given up, in order; what was repeated already or is a repetition is not. */
  replay(
    query: { webhookId: string; since: number; status?: 'delivered' | 'failed' },
    page: { after?: number; limit: number },
  ): { rooms: string[]; count: number; nextAfter: number | null };
  find(webhookId: string, deliveryId: string): WebhookDeliveryDetails | undefined;
  /**
   * Forgets what is over and older than `before`, or not among the last `keep` deliveries. Gives `limit` when there may be
   * more, less when there is not.
   */
  prune(what: { before: number; keep: number }, limit: number): number;
}
