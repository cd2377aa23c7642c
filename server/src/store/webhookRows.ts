/** Rows of the table `webhook_deliveries`, joined with their events. */
import type { SQLOutputValue } from 'node:sqlite';
import type { WebhookDelivery, WebhookEventName } from '@parley/protocol';

export type Row = Record<string, SQLOutputValue>;
export type Status = WebhookDelivery['status'];

const numberOrNull = (value: SQLOutputValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
const textOrNull = (value: SQLOutputValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

export function deliveryOf(row: Row): WebhookDelivery {
  return {
    deliveryId: String(row['delivery_id']),
    webhookId: String(row['webhook_id']),
    eventId: String(row['event_id']),
    event: String(row['event']) as WebhookEventName,
    room: textOrNull(row['room']),
    seq: Number(row['seq']),
    status: String(row['status']) as Status,
    attempts: Number(row['attempts']),
    createdAt: Number(row['created_at']),
    lastAttemptAt: numberOrNull(row['last_attempt_at']),
    nextAttemptAt: numberOrNull(row['next_attempt_at']),
    responseStatus: numberOrNull(row['response_status']),
    duration: numberOrNull(row['duration']),
    error: textOrNull(row['error']),
    replayOf: textOrNull(row['replay_of']),
  };
}
