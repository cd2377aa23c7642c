import {
  ParleyError,
  type CallRecord,
  type CreateWebhookBody,
  type IncomingAnswer,
  type IncomingQuestion,
  type RefusedCall,
  type ReplayWebhookBody,
  type ReplayWebhookResult,
  type UpdateWebhookBody,
  type Webhook,
  type WebhookDelivery,
  type WebhookDeliveryDetails,
  type WebhookEvent,
} from '@parley/protocol';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import { pageOf, type Page, type PageRequest } from '../room/paging.ts';
import type { RoomFact, RoomNow, RoomObserver } from '../room/RoomEvents.ts';
import { newId } from '../util/ids.ts';
import { delayAfter } from './backoff.ts';
import { Courier } from './Courier.ts';
import { CallAsker } from './CallAsker.ts';
import { eventsOf, roomOf, type Told } from './events.ts';
import { fixedWebhooks } from './fixedWebhooks.ts';
import { LogKeeper } from './LogKeeper.ts';
import type { WebhookOutbox, WebhookStore } from './ports.ts';
import type { Resolve } from './receiver.ts';
import { Sender } from './Sender.ts';
import { createSystemResolver } from './systemResolver.ts';

const MAX_WEBHOOKS = 100;
const TIMEOUT_MS = 5000;
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
/** Deliveries that one request lines up again at most. */
const REPLAY_PAGE = 1000;
/** Where events stand that are about no room. */
const NO_ROOM = { roomId: 'calls', name: null };

export type CallEventName = 'call_started' | 'call_answered' | 'call_ended';

export interface WebhooksOptions {
  stores: { webhooks: WebhookStore; webhookOutbox: WebhookOutbox };
  config: Config['webhooks'];
  /** Gives a token that shows who wrote a body. */
  sign(body: string): string;
  version: string;
  logger: Logger;
  metrics: Metrics;
  resolve?: Resolve;
  /** Milliseconds to wait after this many attempts. */
  retryDelay?: (attempts: number) => number;
  /** Milliseconds after which an event is given up. */
  giveUpAfter?: number;
  /** Milliseconds that a receiver has to answer. */
  timeout?: number;
}

/**
 * Tells others, by HTTP, what happens in rooms. An event is on disk before anything else is done with it, and stays until
 * the receiver has taken it: it arrives at least once, and in order within its room.
 */
export class Webhooks implements RoomObserver {
  readonly #options: WebhooksOptions;
  readonly #sender: Sender;
  readonly #asker: CallAsker;
  readonly #couriers = new Map<string, Courier>();
  readonly #logKeeper: LogKeeper;

  /** Goes on with what a former process could not deliver. Throws ConfigError when a URL of the configuration cannot be used. */
  constructor(options: WebhooksOptions) {
    this.#options = options;
    const { stores, config, version } = options;
    const common = {
      allowPrivate: config.allowPrivate,
      resolve: options.resolve ?? createSystemResolver(),
      sign: options.sign,
      userAgent: `Parley/${version}`,
    };
    this.#sender = new Sender({ ...common, timeout: options.timeout ?? TIMEOUT_MS });
    this.#asker = new CallAsker(common);
    for (const webhook of fixedWebhooks(stores.webhooks, config)) this.#open(webhook);
    this.#logKeeper = new LogKeeper(stores.webhookOutbox, { days: config.keepDays, logger: options.logger });
    for (const courier of this.#couriers.values()) courier.resume();
  }

  handleFact(room: RoomNow, fact: RoomFact): void {
    for (const told of eventsOf(fact)) this.#tell(room, told);
  }

  /** `room`: the one it is in, where there is that room. */
  tellOfCall(event: CallEventName, call: CallRecord, room: RoomNow | undefined): void {
    this.#tell(room, [event, { call }]);
  }

  tellOfRefusal(refusedCall: RefusedCall): void {
    this.#tell(undefined, ['call_refused', { refusedCall }]);
  }

  /** What becomes of a call. Never rejects: `why`, for people, where no answer can be used. */
  askAboutCall(
    url: string,
    question: IncomingQuestion,
  ): Promise<{ answer: IncomingAnswer } | { why: string }> {
    return this.#asker.ask(url, question);
  }

  listWebhooks(request: PageRequest): Page<Webhook> {
    const all = [...this.#couriers.values()].map(({ webhook }) => webhook);
    return pageOf(all, ({ webhookId }) => webhookId, request);
  }

  getWebhook(webhookId: string): Webhook {
    return this.#get(webhookId).webhook;
  }

  /** Throws URL_REFUSED, LIMIT_REACHED. */
  async createWebhook({ url, events, room, enabled }: CreateWebhookBody): Promise<Webhook> {
    const href = await this.#sender.check(url);
    if (this.#couriers.size >= MAX_WEBHOOKS)
      throw new ParleyError('LIMIT_REACHED', { details: { limit: 'webhooks', max: MAX_WEBHOOKS } });
    const webhook: Webhook = {
      webhookId: newId('WH'),
      url: href,
      events: events ?? null,
      room: room ?? null,
      enabled: enabled ?? true,
      fixed: false,
      createdAt: Date.now(),
    };
    this.#options.stores.webhooks.save(webhook);
    this.#open(webhook);
    this.#options.logger.info({ webhookId: webhook.webhookId }, 'webhook created');
    return webhook;
  }

  /** What waits is sent at once, to the new address where it is another. Throws WEBHOOK_NOT_FOUND, URL_REFUSED, WRONG_STATE. */
  async updateWebhook(webhookId: string, { url, ...change }: UpdateWebhookBody): Promise<Webhook> {
    this.#getOwn(webhookId);
    const href = url === undefined ? undefined : await this.#sender.check(url);
    const courier = this.#getOwn(webhookId);
    const webhook = { ...courier.webhook, ...change, ...(href !== undefined && { url: href }) };
    this.#options.stores.webhooks.save(webhook);
    courier.update(webhook);
    return webhook;
  }

  /** With all that waits, and its log. Throws WEBHOOK_NOT_FOUND, WRONG_STATE. */
  deleteWebhook(webhookId: string): void {
    const courier = this.#getOwn(webhookId);
    this.#options.stores.webhooks.delete(webhookId);
    this.#couriers.delete(webhookId);
    void courier.close();
    this.#options.logger.info({ webhookId }, 'webhook deleted');
  }

  /** Posts `webhook_test` once, also where the webhook is switched off. Throws WEBHOOK_NOT_FOUND. */
  async testWebhook(webhookId: string): Promise<WebhookDelivery> {
    const courier = this.#get(webhookId);
    const eventId = newId('EV');
    const createdAt = Date.now();
    const body = bodyOf({ event: 'webhook_test', id: eventId, createdAt, seq: 0 });
    const attempt = await courier.post(body);
    this.#get(webhookId);
    const { webhookOutbox } = this.#options.stores;
    webhookOutbox.addTestEvent({ eventId, createdAt, body });
    return webhookOutbox.addSingle({ webhookId, eventId, attempt, replayOf: null });
  }

  /** Newest first. Throws WEBHOOK_NOT_FOUND, INVALID_PARAMS. */
  listDeliveries(
    webhookId: string,
    { limit = 50, cursor, status }: PageRequest & { status?: WebhookDelivery['status'] },
  ): Page<WebhookDelivery> {
    this.#get(webhookId);
    const { deliveries, nextBefore } = this.#options.stores.webhookOutbox.list(
      { webhookId, ...(status !== undefined && { status }) },
      { limit, ...(cursor !== undefined && { before: numberOf(cursor) }) },
    );
    return { items: deliveries, nextCursor: nextBefore === null ? null : String(nextBefore) };
  }

  /** Throws WEBHOOK_NOT_FOUND, NOT_FOUND. */
  getDelivery(webhookId: string, deliveryId: string): WebhookDeliveryDetails {
    this.#get(webhookId);
    const delivery = this.#options.stores.webhookOutbox.find(webhookId, deliveryId);
    if (!delivery) throw new ParleyError('NOT_FOUND', { message: 'There is no such delivery.' });
    return delivery;
  }

  /**
   * Posts the same event once more, as a delivery of its own. One that is still being tried keeps its turn, and need not wait.
   * Throws WEBHOOK_NOT_FOUND, NOT_FOUND.
   */
  async replayDelivery(webhookId: string, deliveryId: string): Promise<WebhookDelivery> {
    const courier = this.#get(webhookId);
    const { body, ...delivery } = this.getDelivery(webhookId, deliveryId);
    if (delivery.status === 'pending') {
      courier.resume();
      return delivery;
    }
    const attempt = await courier.post(body);
    // It may have been deleted, and the log been cleared, in the meantime.
    const { eventId } = this.getDelivery(webhookId, deliveryId);
    return this.#options.stores.webhookOutbox.addSingle({
      webhookId,
      eventId,
      attempt,
      replayOf: deliveryId,
    });
  }

  /**
   * Lines up what was told since a moment once more, in order, a page at a time. Throws WEBHOOK_NOT_FOUND, INVALID_PARAMS, and
   * WRONG_STATE when the webhook is switched off.
   */
  replaySince(webhookId: string, { since, status, cursor }: ReplayWebhookBody): ReplayWebhookResult {
    const courier = this.#get(webhookId);
    if (!courier.webhook.enabled)
      throw new ParleyError('WRONG_STATE', { message: 'This webhook is switched off.' });
    const { rooms, count, nextAfter } = this.#options.stores.webhookOutbox.replay(
      { webhookId, since, ...(status !== undefined && { status }) },
      { limit: REPLAY_PAGE, ...(cursor !== undefined && { after: numberOf(cursor) }) },
    );
    for (const roomId of rooms) courier.wake(roomId);
    return { count, nextCursor: nextAfter === null ? null : String(nextAfter) };
  }

  /** Begins nothing more; resolves when what is under way has ended. What waits goes out when the server is back. */
  async close(): Promise<void> {
    this.#logKeeper.close();
    await Promise.all([...this.#couriers.values()].map((courier) => courier.close()));
  }

  #tell(room: RoomNow | undefined, [event, about]: Told): void {
    const { roomId, name } = room?.info ?? NO_ROOM;
    const takers = [...this.#couriers.values()].filter(({ webhook }) => takes(webhook, event, name));
    if (takers.length === 0) return;
    const createdAt = Date.now();
    const givenUp = this.#options.stores.webhookOutbox.enqueue({
      ...{ event, room: { roomId, name }, createdAt },
      webhookIds: takers.map(({ webhook }) => webhook.webhookId),
      bodyOf: ({ eventId, seq }) =>
        bodyOf({ event, id: eventId, createdAt, seq, ...(room && { room: roomOf(room) }), ...about }),
    });
    this.#options.metrics.webhooksGivenUp.inc(givenUp);
    for (const courier of takers) courier.wake(roomId);
  }

  #open(webhook: Webhook): void {
    const {
      stores,
      logger,
      metrics,
      retryDelay = delayAfter,
      giveUpAfter = GIVE_UP_AFTER_MS,
    } = this.#options;
    const outbox = stores.webhookOutbox;
    const sender = this.#sender;
    this.#couriers.set(
      webhook.webhookId,
      new Courier(webhook, { outbox, sender, logger, metrics, retryDelay, giveUpAfter }),
    );
  }

  #get(webhookId: string): Courier {
    const courier = this.#couriers.get(webhookId);
    if (!courier) throw new ParleyError('WEBHOOK_NOT_FOUND');
    return courier;
  }

  /** Throws WRONG_STATE for one of the configuration. */
  #getOwn(webhookId: string): Courier {
    const courier = this.#get(webhookId);
    if (courier.webhook.fixed)
      throw new ParleyError('WRONG_STATE', {
        message: 'This webhook stands in the configuration (webhooks.urls). Change it there.',
      });
    return courier;
  }
}

function numberOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new ParleyError('INVALID_PARAMS', {
    details: { path: 'cursor', reason: 'not a cursor of this list' },
  });
}

const takes = (
  { enabled, events, room }: Webhook,
  event: WebhookEvent['event'],
  name: string | null,
): boolean => enabled && (events === null || events.includes(event)) && (room === null || room === name);

/** `createdAt` is in ms here. */
const bodyOf = (event: WebhookEvent): string =>
  JSON.stringify({ ...event, createdAt: Math.floor(event.createdAt / 1000) });
