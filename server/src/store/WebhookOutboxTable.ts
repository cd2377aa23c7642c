import type { StatementSync } from 'node:sqlite';
import type { WebhookDelivery, WebhookDeliveryDetails, WebhookEventName } from '@parley/protocol';
import { newId } from '../util/ids.ts';
import type { Database } from './Database.ts';
import { deliveryOf, type Status } from './webhookRows.ts';

interface Attempt {
  at: number;
  duration: number;
  responseStatus: number | null;
  error: string | null;
}
interface Lane {
  webhookId: string;
  roomId: string;
}

const LOG = `SELECT d.*, e.event, e.room, e.seq FROM webhook_deliveries d JOIN webhook_events e USING (event_id)`;
const IN_LANE = `status = 'pending' AND webhook_id = ? AND room_id = ?`;
const TOO_OLD = 'It was given up: those before it could not be delivered, and it had become too old.';
const TOO_MANY = 'It was given up: too many events were waiting.';
/** Where too much waits, this part of it is given up at once, so that it is not looked for each time. */
const GIVEN_UP_SHARE = 0.1;

/** Events on their way to webhooks, and the log of those that went. An event and its deliveries are written together. */
export class WebhookOutboxTable {
  readonly #database: Database;
  readonly #statements = new Map<string, StatementSync>();
  /** How many deliveries wait for each webhook. */
  readonly #pending: Map<string, number>;
  readonly #maxPending: number;

  /** At most `maxPending` deliveries wait for one webhook. */
  constructor(database: Database, maxPending = 10_000) {
    this.#database = database;
    this.#maxPending = maxPending;
    const counts = this.#sql(
      `SELECT webhook_id, count(*) AS count FROM webhook_deliveries WHERE status = 'pending' GROUP BY webhook_id`,
    ).all();
    this.#pending = new Map(counts.map((row) => [String(row['webhook_id']), Number(row['count'])]));
  }

  enqueue(event: {
    event: WebhookEventName;
    room: { roomId: string; name: string | null };
    createdAt: number;
    webhookIds: readonly string[];
    bodyOf(numbers: { eventId: string; seq: number }): string;
  }): number {
    const { roomId, name } = event.room;
    const eventId = newId('EV');
    return this.#database.transaction(() => {
      const row = this.#sql(
        `INSERT INTO webhook_numbers VALUES (?, 1) ON CONFLICT (room_id) DO UPDATE SET seq = seq + 1 RETURNING seq`,
      ).get(roomId);
      const seq = Number(row?.['seq']);
      const body = event.bodyOf({ eventId, seq });
      this.#addEvent(eventId, event.event, { roomId, name, seq, createdAt: event.createdAt, body });
      let givenUp = 0;
      for (const webhookId of event.webhookIds) {
        givenUp += this.#makeRoom(webhookId);
        this.#lineUp({ webhookId, eventId, roomId, now: event.createdAt, replayOf: null });
      }
      return givenUp;
    });
  }

  pendingRooms(webhookId: string): string[] {
    return this.#sql(
      `SELECT DISTINCT room_id FROM webhook_deliveries WHERE status = 'pending' AND webhook_id = ?`,
    )
      .all(webhookId)
      .map((row) => String(row['room_id']));
  }

  findNext({ webhookId, roomId }: Lane) {
    const row = this.#sql(
      `SELECT d.*, e.event, e.body FROM webhook_deliveries d JOIN webhook_events e USING (event_id)
       WHERE d.status = 'pending' AND d.webhook_id = ? AND d.room_id = ? ORDER BY delivery_no LIMIT 1`,
    ).get(webhookId, roomId);
    if (!row) return undefined;
    return {
      webhookId,
      roomId,
      deliveryId: String(row['delivery_id']),
      event: String(row['event']) as WebhookEventName,
      attempts: Number(row['attempts']),
      createdAt: Number(row['created_at']),
      nextAttemptAt: Number(row['next_attempt_at']),
      body: String(row['body']),
    };
  }

  succeed({ deliveryId, webhookId }: { deliveryId: string; webhookId: string }, attempt: Attempt): void {
    const wasPending = this.#sql(
      `UPDATE webhook_deliveries SET next_attempt_at = NULL WHERE delivery_id = ? AND status = 'pending'`,
    ).run(deliveryId).changes;
    this.#count(webhookId, -Number(wasPending));
    this.#note(deliveryId, attempt, { status: 'delivered', nextAttemptAt: null });
  }

  fail(
    { deliveryId, webhookId, roomId }: Lane & { deliveryId: string },
    attempt: Attempt,
    { nextAttemptAt, giveUpBefore }: { nextAttemptAt: number; giveUpBefore: number },
  ): number {
    return this.#database.transaction(() => {
      // It may have been given up while it was under way.
      this.#note(deliveryId, attempt, { status: null, nextAttemptAt });
      const { changes } = this.#sql(
        `UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, error = coalesce(error, ?)
         WHERE ${IN_LANE} AND created_at <= ?`,
      ).run(TOO_OLD, webhookId, roomId, giveUpBefore);
      // The receiver is no better because something was given up: the next one waits, too.
      if (Number(changes) > 0)
        this.#sql(
          `UPDATE webhook_deliveries SET next_attempt_at = ? WHERE delivery_no =
             (SELECT min(delivery_no) FROM webhook_deliveries WHERE ${IN_LANE})`,
        ).run(nextAttemptAt, webhookId, roomId);
      this.#count(webhookId, -Number(changes));
      return Number(changes);
    });
  }

  hasten(webhookId: string, now: number): void {
    this.#sql(
      `UPDATE webhook_deliveries SET next_attempt_at = ?
       WHERE status = 'pending' AND webhook_id = ? AND next_attempt_at > ?`,
    ).run(now, webhookId, now);
  }

  addTestEvent({ eventId, createdAt, body }: { eventId: string; createdAt: number; body: string }): void {
    this.#addEvent(eventId, 'webhook_test', { roomId: null, name: null, seq: 0, createdAt, body });
  }

  addSingle({
    webhookId,
    eventId,
    attempt,
    replayOf,
  }: {
    webhookId: string;
    eventId: string;
    attempt: Attempt;
    replayOf: string | null;
  }): WebhookDelivery {
    const deliveryId = newId('WD');
    const { at, duration, responseStatus, error } = attempt;
    const status: Status = error === null ? 'delivered' : 'failed';
    this.#sql(
      `INSERT INTO webhook_deliveries (delivery_id, webhook_id, event_id, status, attempts, created_at, last_attempt_at,
         response_status, duration, error, replay_of) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)`,
    ).run(deliveryId, webhookId, eventId, status, at, at, responseStatus, duration, error, replayOf);
    const row = this.#sql(`${LOG} WHERE d.delivery_id = ?`).get(deliveryId);
    if (!row) throw new Error('A row that was just written is not there.');
    return deliveryOf(row);
  }

  list(
    { webhookId, status }: { webhookId: string; status?: Status },
    { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number; limit: number },
  ): { deliveries: WebhookDelivery[]; nextBefore: number | null } {
    const rows = this.#sql(
      `${LOG} WHERE d.webhook_id = ? AND d.delivery_no < ? AND (? IS NULL OR d.status = ?)
       ORDER BY d.delivery_no DESC LIMIT ?`,
    ).all(webhookId, before, status ?? null, status ?? null, limit + 1);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      deliveries: shown.map(deliveryOf),
      nextBefore: last === undefined ? null : Number(last['delivery_no']),
    };
  }

  find(webhookId: string, deliveryId: string): WebhookDeliveryDetails | undefined {
    const row = this.#sql(
      `SELECT d.*, e.event, e.room, e.seq, e.body FROM webhook_deliveries d JOIN webhook_events e USING (event_id)
       WHERE d.webhook_id = ? AND d.delivery_id = ?`,
    ).get(webhookId, deliveryId);
    return row && { ...deliveryOf(row), body: String(row['body']) };
  }

  replay(
    { webhookId, since, status }: { webhookId: string; since: number; status?: 'delivered' | 'failed' },
    { after = 0, limit }: { after?: number; limit: number },
  ): { rooms: string[]; count: number; nextAfter: number | null } {
    return this.#database.transaction(() => {
      const found = this.#sql(
        `SELECT * FROM webhook_deliveries d WHERE webhook_id = ? AND delivery_no > ? AND created_at >= ?
           AND room_id IS NOT NULL AND replay_of IS NULL AND status <> 'pending' AND (? IS NULL OR status = ?)
           AND NOT EXISTS (SELECT 1 FROM webhook_deliveries r WHERE r.replay_of = d.delivery_id
             AND (r.status = 'pending' OR (r.status = 'delivered' AND ? = 'failed')))
         ORDER BY delivery_no LIMIT ?`,
      ).all(webhookId, after, since, status ?? null, status ?? null, status ?? null, limit + 1);
      const free = Math.max(0, this.#maxPending - this.#waiting(webhookId));
      const taken = found.slice(0, Math.min(limit, free));
      const now = Date.now();
      for (const row of taken)
        this.#lineUp({
          ...{ webhookId, now },
          eventId: String(row['event_id']),
          roomId: String(row['room_id']),
          replayOf: String(row['delivery_id']),
        });
      const last = Number(taken.at(-1)?.['delivery_no'] ?? after);
      const rooms = [...new Set(taken.map((row) => String(row['room_id'])))];
      return { rooms, count: taken.length, nextAfter: found.length > taken.length ? last : null };
    });
  }

  prune({ before, keep }: { before: number; keep: number }, limit: number): number {
    return this.#database.transaction(() => {
      const deliveries = this.#sql(
        `DELETE FROM webhook_deliveries WHERE delivery_no IN (SELECT delivery_no FROM webhook_deliveries
           WHERE status <> 'pending' AND created_at < ? LIMIT ?)`,
      ).run(before, limit);
      const surplus = this.#sql(
        `DELETE FROM webhook_deliveries WHERE delivery_no IN (SELECT delivery_no FROM webhook_deliveries
           WHERE status <> 'pending' AND delivery_no <= (SELECT max(delivery_no) FROM webhook_deliveries) - ?
           ORDER BY delivery_no LIMIT ?)`,
      ).run(keep, limit);
      const events = this.#sql(
        `DELETE FROM webhook_events WHERE event_id IN (SELECT event_id FROM webhook_events e
           WHERE created_at < max(?, coalesce((SELECT created_at FROM webhook_deliveries ORDER BY delivery_no LIMIT 1), 0))
           AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.event_id = e.event_id) LIMIT ?)`,
      ).run(before, limit);
      this.#sql(
        `DELETE FROM webhook_numbers WHERE room_id NOT IN (SELECT room_id FROM rooms)
           AND NOT EXISTS (SELECT 1 FROM webhook_events e WHERE e.room_id = webhook_numbers.room_id)`,
      ).run();
      return Math.max(...[deliveries, surplus, events].map(({ changes }) => Number(changes)));
    });
  }

  #addEvent(
    eventId: string,
    event: WebhookEventName,
    about: { roomId: string | null; name: string | null; seq: number; createdAt: number; body: string },
  ): void {
    const { roomId, name, seq, createdAt, body } = about;
    this.#sql(
      `INSERT INTO webhook_events (event_id, event, room_id, room, seq, created_at, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ).run(eventId, event, roomId, name, seq, createdAt, body);
  }

  #note(
    deliveryId: string,
    { at, duration, responseStatus, error }: Attempt,
    { status, nextAttemptAt }: { status: Status | null; nextAttemptAt: number | null },
  ): void {
    this.#sql(
      `UPDATE webhook_deliveries SET status = coalesce(?, status), attempts = attempts + 1, last_attempt_at = ?,
         next_attempt_at = iif(status = 'pending', ?, NULL),
         response_status = ?, duration = ?, error = ? WHERE delivery_id = ?`,
    ).run(status, at, nextAttemptAt, responseStatus, duration, error, deliveryId);
  }

  #lineUp(delivery: {
    webhookId: string;
    eventId: string;
    roomId: string;
    now: number;
    replayOf: string | null;
  }): void {
    const { webhookId, eventId, roomId, now, replayOf } = delivery;
    this.#sql(
      `INSERT INTO webhook_deliveries (delivery_id, webhook_id, event_id, room_id, status, attempts, created_at,
         next_attempt_at, replay_of) VALUES (?, ?, ?, ?, 'pending', 0, ?, ?, ?)`,
    ).run(newId('WD'), webhookId, eventId, roomId, now, now, replayOf);
    this.#count(webhookId, 1);
  }

  /** Gives up the oldest where too much waits. Gives how many. */
  #makeRoom(webhookId: string): number {
    if (this.#waiting(webhookId) < this.#maxPending) return 0;
    // What was written may have been undone with the transaction around it.
    const row = this.#sql(
      `SELECT count(*) AS count FROM webhook_deliveries WHERE status = 'pending' AND webhook_id = ?`,
    ).get(webhookId);
    this.#pending.set(webhookId, Number(row?.['count']));
    if (this.#waiting(webhookId) < this.#maxPending) return 0;
    const { changes } = this.#sql(
      `UPDATE webhook_deliveries SET status = 'failed', next_attempt_at = NULL, error = coalesce(error, ?)
       WHERE delivery_no IN (SELECT delivery_no FROM webhook_deliveries WHERE status = 'pending' AND webhook_id = ?
         ORDER BY delivery_no LIMIT ?)`,
    ).run(TOO_MANY, webhookId, Math.ceil(this.#maxPending * GIVEN_UP_SHARE));
    this.#count(webhookId, -Number(changes));
    return Number(changes);
  }

  #waiting(webhookId: string): number {
    return this.#pending.get(webhookId) ?? 0;
  }

  #count(webhookId: string, change: number): void {
    this.#pending.set(webhookId, this.#waiting(webhookId) + change);
  }

  /** Statements are prepared when they are first used, and once. */
  #sql(text: string): StatementSync {
    const statement = this.#statements.get(text) ?? this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }
}
