import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateWebhookBody, RoomInfo, WebhookEvent } from '@parley/protocol';
import { WebhookEvent as WebhookEventSchema } from '@parley/protocol';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createLogger } from '../observability/logger.ts';
import { Metrics } from '../observability/Metrics.ts';
import { defaultSettings } from '../room/defaultSettings.ts';
import type { RoomFact } from '../room/RoomEvents.ts';
import { SqliteStore } from '../store/SqliteStore.ts';
import { Receiver, silence, status } from './testing/Receiver.ts';
import { Webhooks, type WebhooksOptions } from './Webhooks.ts';

const CONFIG = loadConfig({ PARLEY_DATA_DIR: '/nonexistent' });
const ANN = { identity: 'ann', displayName: 'Ann' };

let dataDir: string;
let stores: SqliteStore;
let webhooks: Webhooks;
let metrics: Metrics;
const receivers: Receiver[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-webhooks-'));
  start();
});
afterEach(async () => {
  await stop();
  for (const receiver of receivers.splice(0)) await receiver.close();
  rmSync(dataDir, { recursive: true });
});

function start({ config, ...options }: Partial<WebhooksOptions> = {}): void {
  stores = SqliteStore.open(dataDir);
  metrics = new Metrics();
  webhooks = new Webhooks({
    ...{ stores, metrics, logger: createLogger('silent'), version: '1', sign: () => 'signed' },
    config: { ...CONFIG.webhooks, allowPrivate: true, ...config },
    retryDelay: () => 0,
    ...options,
  });
}
async function stop(): Promise<void> {
  await webhooks.close();
  stores.close();
}
async function restart(options: Partial<WebhooksOptions> = {}): Promise<void> {
  await stop();
  start(options);
}
async function listen(body: Omit<CreateWebhookBody, 'url'> = {}) {
  const receiver = await Receiver.listen();
  receivers.push(receiver);
  const { webhookId } = await webhooks.createWebhook({ url: receiver.url, ...body });
  return { receiver, webhookId };
}

const roomOf = (name: string): RoomInfo => ({
  ...{ roomId: `RM_${name}`, name, settings: defaultSettings(CONFIG.rooms), hasPassword: false },
  ...{ createdAt: 1_700_000_000_000, numParticipants: 0, meetingStartedAt: null },
});
const happens = (fact: RoomFact, room = 'demo'): void =>
  webhooks.handleFact({ info: roomOf(room), meetingId: null }, fact);
/** An event that says which it is. */
const tell = (which: string, room?: string): void =>
  happens({ type: 'roomUpdated', changed: [which], by: ANN }, room);
const told = (receiver: Receiver) => receiver.events.map(({ changed }) => changed?.[0]);
const deliveries = (webhookId: string) => webhooks.listDeliveries(webhookId, { limit: 100 }).items;
const delivered = async (webhookId: string, count: number) => {
  await soon(() =>
    expect(deliveries(webhookId).filter((one) => one.status === 'delivered')).toHaveLength(count),
  );
  return deliveries(webhookId);
};
/** Waits until nothing is thrown any more. */
const soon = (look: () => void): Promise<void> => vi.waitFor(look, { timeout: 5000, interval: 5 });
const letters = (count: number): string[] => Array.from({ length: count }, (_, index) => `e${index}`);

describe('an event', () => {
  it('has the shape that is promised, a number within its room, and an id of its own', async () => {
    const { receiver } = await listen();
    happens({ type: 'meetingStarted' });
    tell('title');
    tell('title', 'other');
    await receiver.until(3);
    for (const event of receiver.events) expect(Value.Errors(WebhookEventSchema, event)).toEqual([]);
    const numbers = (room: string) =>
      receiver.events.filter((event) => event.room?.name === room).map(({ seq }) => seq);
    expect([numbers('demo'), numbers('other')]).toEqual([[1, 2], [1]]);
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(3);
    expect(receiver.events.find(({ event }) => event === 'room_started')).toMatchObject({
      room: { sid: 'RM_demo', name: 'demo', creationTime: 1_700_000_000, meetingId: null },
    });
  });

  it('goes to those who asked for it, of that room, while they are switched on', async () => {
    const all = await listen();
    const started = await listen({ events: ['room_started'] });
    const other = await listen({ room: 'other' });
    const off = await listen({ enabled: false });
    tell('x');
    happens({ type: 'meetingStarted' }, 'other');
    await all.receiver.until(2);
    await started.receiver.until(1);
    await other.receiver.until(1);
    expect(started.receiver.names).toEqual(['room_started']);
    expect(other.receiver.names).toEqual(['room_started']);
    // What happened while it was off was not noted for it.
    await webhooks.updateWebhook(off.webhookId, { enabled: true });
    tell('y');
    await off.receiver.until(1);
    expect(told(off.receiver)).toEqual(['y']);
  });
});

describe('a receiver that fails', () => {
  it('is asked again until it takes the event, each time with the same id', async () => {
    const { receiver, webhookId } = await listen();
    receiver.script.push(status(500), status(503));
    tell('a');
    await delivered(webhookId, 1);
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.events.map(({ id }) => id)).size).toBe(1);
    expect(deliveries(webhookId)).toMatchObject([{ attempts: 3, responseStatus: 200, error: null }]);
  });

  it('is given longer and longer between attempts', async () => {
    const asked: number[] = [];
    await restart({ retryDelay: (attempts) => asked.push(attempts) * 40 });
    const { receiver } = await listen();
    receiver.script.push(status(500), status(500), status(500));
    tell('a');
    await receiver.until(4);
    const gaps = receiver.received.slice(1).map(({ at }, index) => at - (receiver.received[index]?.at ?? 0));
    expect(asked).toEqual([1, 2, 3]);
    for (const [index, gap] of gaps.entries()) expect(gap).toBeGreaterThan(40 * (index + 1) - 5);
  });

  it('gets all in order once it is back, and nothing twice', async () => {
    const { receiver, webhookId } = await listen();
    receiver.script.push(status(500), (response) => response.destroy(), status(302));
    for (const letter of letters(10)) tell(letter);
    await delivered(webhookId, 10);
    expect(told(receiver)).toEqual(['e0', 'e0', 'e0', ...letters(10)]);
    expect(receiver.events.slice(3).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('holds up neither other receivers, nor other rooms', async () => {
    const [slow, quick] = [await listen(), await listen()];
    slow.receiver.otherwise = (response, { body }) => {
      const { room } = JSON.parse(body.toString()) as WebhookEvent;
      if (room?.name !== 'demo') response.end();
    };
    for (const letter of letters(20)) tell(letter);
    for (const letter of letters(3)) tell(letter, 'other');
    await quick.receiver.until(23);
    await slow.receiver.until(4);
    expect(told(slow.receiver).sort()).toEqual(['e0', 'e0', 'e1', 'e2']);
  });

  it('is given up after its time, with all that became too old meanwhile', async () => {
    await restart({ giveUpAfter: 0 });
    const { receiver, webhookId } = await listen();
    receiver.otherwise = status(500);
    tell('a');
    await soon(() => expect(deliveries(webhookId)).toMatchObject([{ status: 'failed' }]));
    expect((await metrics.webhooksGivenUp.get()).values[0]?.value).toBe(1);
    receiver.otherwise = status(200);
    tell('b');
    await delivered(webhookId, 1);
    expect(told(receiver)).toEqual(['a', 'b']);
  });

  it('is not asked while it is switched off, and at once when it has another address', async () => {
    await restart({ retryDelay: () => 60_000 });
    const { receiver, webhookId } = await listen();
    receiver.otherwise = status(500);
    tell('a');
    await soon(() => expect(deliveries(webhookId)).toMatchObject([{ attempts: 1 }]));
    const better = await Receiver.listen();
    receivers.push(better);
    await webhooks.updateWebhook(webhookId, { enabled: false });
    await webhooks.updateWebhook(webhookId, { url: better.url });
    await webhooks.updateWebhook(webhookId, { enabled: true });
    await better.until(1);
    expect([receiver.received.length, told(better)]).toEqual([1, ['a']]);
  });
});

describe('a server that starts anew', () => {
  it('goes on where it ended: same events, same ids, same order, and its numbers', async () => {
    await restart({ retryDelay: () => 60_000 });
    const { receiver, webhookId } = await listen();
    receiver.otherwise = status(500);
    for (const letter of letters(3)) tell(letter);
    await soon(() => expect(deliveries(webhookId).at(-1)).toMatchObject({ attempts: 1 }));
    const [first] = receiver.events;
    receiver.otherwise = status(200);
    await restart();
    tell('e3');
    await delivered(webhookId, 4);
    expect(told(receiver).slice(1)).toEqual(letters(4));
    expect(receiver.events[1]).toEqual(first);
    expect(receiver.events.map(({ seq }) => seq)).toEqual([1, 1, 2, 3, 4]);
  });

  it('does not wait for a silent receiver longer than an attempt may take', async () => {
    await restart({ timeout: 50 });
    const { receiver } = await listen();
    receiver.otherwise = silence;
    tell('a');
    await receiver.until(1);
    await restart({ timeout: 50 });
    receiver.otherwise = status(200);
    await receiver.until(2);
    expect(told(receiver)[0]).toBe('a');
  });

  it('has the webhooks of its configuration, which only that changes', async () => {
    const receiver = await Receiver.listen();
    receivers.push(receiver);
    const fixed = { ...CONFIG.webhooks, allowPrivate: true, urls: [receiver.url] };
    await restart({ config: fixed });
    const [webhook] = webhooks.listWebhooks({}).items;
    expect(webhook).toMatchObject({ url: receiver.url, fixed: true, events: null });
    const webhookId = webhook?.webhookId ?? '';
    expect(() => webhooks.deleteWebhook(webhookId)).toThrow(/configuration/);
    await expect(webhooks.updateWebhook(webhookId, { enabled: false })).rejects.toThrow(/configuration/);
    tell('a');
    await receiver.until(1);
    await restart({ config: fixed });
    expect(webhooks.listWebhooks({}).items).toEqual([webhook]);
    await restart();
    expect(webhooks.listWebhooks({}).items).toEqual([]);
    const refused = { ...CONFIG.webhooks, allowPrivate: false, urls: [receiver.url] };
    const other = { stores, metrics, logger: createLogger('silent'), version: '1', sign: () => '' };
    expect(() => new Webhooks({ ...other, config: refused })).toThrow(/webhooks\.urls .* private/);
  });
});

describe('the log', () => {
  it('tells of each delivery, and gives what was sent', async () => {
    const { receiver, webhookId } = await listen();
    for (const letter of letters(3)) tell(letter);
    await delivered(webhookId, 3);
    const first = webhooks.listDeliveries(webhookId, { limit: 2 });
    const rest = webhooks.listDeliveries(webhookId, { limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...rest.items].map(({ seq }) => seq)).toEqual([3, 2, 1]);
    expect(rest.nextCursor).toBeNull();
    const [last] = rest.items;
    const details = webhooks.getDelivery(webhookId, last?.deliveryId ?? '');
    expect(details.body).toBe(receiver.received[0]?.body.toString());
    expect(() => webhooks.listDeliveries(webhookId, { cursor: 'x' })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMS' }) as Error,
    );
  });

  it('forgets what is old, and its events, but nothing that waits', async () => {
    await restart({ retryDelay: () => 60_000 });
    const [good, dead] = [await listen(), await listen()];
    dead.receiver.otherwise = status(500);
    for (const letter of letters(3)) tell(letter);
    await delivered(good.webhookId, 3);
    const outbox = stores.webhookOutbox;
    expect(outbox.prune({ before: Date.now() - 60_000, keep: 1000 }, 100)).toBe(0);
    expect(outbox.prune({ before: Date.now() + 1, keep: 1000 }, 2)).toBe(2);
    expect(outbox.prune({ before: Date.now() + 1, keep: 1000 }, 100)).toBe(1);
    expect(deliveries(good.webhookId)).toEqual([]);
    expect(deliveries(dead.webhookId)).toHaveLength(3);
    webhooks.deleteWebhook(dead.webhookId);
    // Their events are left over, and go.
    expect(outbox.prune({ before: Date.now() + 1, keep: 1000 }, 100)).toBe(3);
  });

  it('keeps only so many, and looks when it starts', async () => {
    const { webhookId } = await listen();
    for (const letter of letters(5)) tell(letter);
    await delivered(webhookId, 5);
    expect(stores.webhookOutbox.prune({ before: 0, keep: 2 }, 100)).toBe(3);
    expect(deliveries(webhookId).map(({ seq }) => seq)).toEqual([5, 4]);
    vi.useFakeTimers({ now: Date.now() + 8 * 86_400_000, toFake: ['Date'] });
    try {
      await restart();
    } finally {
      vi.useRealTimers();
    }
    expect(deliveries(webhookId)).toEqual([]);
  });
});

describe('a replay', () => {
  it('sends one event once more, and is a delivery of its own', async () => {
    const { receiver, webhookId } = await listen();
    tell('a');
    const [first] = await delivered(webhookId, 1);
    const again = await webhooks.replayDelivery(webhookId, first?.deliveryId ?? '');
    expect(again).toMatchObject({
      status: 'delivered',
      replayOf: first?.deliveryId,
      eventId: first?.eventId,
    });
    expect(receiver.received[1]?.body).toEqual(receiver.received[0]?.body);
    await expect(webhooks.replayDelivery(webhookId, 'WD_x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of what waits lets it wait no longer', async () => {
    await restart({ retryDelay: () => 60_000 });
    const { receiver, webhookId } = await listen();
    receiver.script.push(status(500));
    tell('a');
    await soon(() => expect(deliveries(webhookId)).toMatchObject([{ attempts: 1 }]));
    await webhooks.replayDelivery(webhookId, deliveries(webhookId)[0]?.deliveryId ?? '');
    await delivered(webhookId, 1);
    expect(receiver.received).toHaveLength(2);
  });

  it('of all since a moment keeps their order; what failed is sent until it arrived', async () => {
    await restart({ giveUpAfter: 0 });
    const { receiver, webhookId } = await listen();
    receiver.script.push(status(500), status(500));
    tell('a');
    await soon(() => expect(deliveries(webhookId)).toMatchObject([{ status: 'failed' }]));
    tell('b');
    await soon(() => expect(deliveries(webhookId)[0]).toMatchObject({ status: 'failed' }));
    tell('c');
    await delivered(webhookId, 1);
    const failed = () => webhooks.replaySince(webhookId, { since: 0, status: 'failed' });
    expect(failed()).toEqual({ count: 2, nextCursor: null });
    await delivered(webhookId, 3);
    expect(failed()).toEqual({ count: 0, nextCursor: null });
    expect(webhooks.replaySince(webhookId, { since: 0 })).toMatchObject({ count: 3 });
    await delivered(webhookId, 6);
    expect(told(receiver)).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'b', 'c']);
    expect(webhooks.replaySince(webhookId, { since: Date.now() + 60_000 })).toMatchObject({ count: 0 });
  });

  it('goes on from its cursor', async () => {
    const { webhookId } = await listen();
    for (const letter of letters(3)) tell(letter);
    await delivered(webhookId, 3);
    const first = stores.webhookOutbox.replay({ webhookId, since: 0 }, { limit: 2 });
    expect(first.count).toBe(2);
    const cursor = String(first.nextAfter);
    expect(webhooks.replaySince(webhookId, { since: 0, cursor })).toEqual({ count: 1, nextCursor: null });
  });
});
