import type {
  CreateWebhookBody,
  ReplayWebhookBody,
  ReplayWebhookResult,
  UpdateWebhookBody,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryDetails,
} from '@parley/protocol';
import type { Page, PageRequest } from './RoomService.ts';

/** What REST asks of those who tell others what happens; `Webhooks` is one. Every method throws ParleyError. */
export interface WebhookService {
  listWebhooks(page: PageRequest): Page<Webhook>;
  /** WEBHOOK_NOT_FOUND, here and below. */
  getWebhook(webhookId: string): Webhook;
  /** URL_REFUSED, LIMIT_REACHED. */
  createWebhook(body: CreateWebhookBody): Promise<Webhook>;
  /** URL_REFUSED, WRONG_STATE. */
  updateWebhook(webhookId: string, body: UpdateWebhookBody): Promise<Webhook>;
  /** WRONG_STATE. */
  deleteWebhook(webhookId: string): void;
  testWebhook(webhookId: string): Promise<WebhookDelivery>;
  listDeliveries(
    webhookId: string,
    query: PageRequest & { status?: WebhookDelivery['status'] },
  ): Page<WebhookDelivery>;
  /** NOT_FOUND. */
  getDelivery(webhookId: string, deliveryId: string): WebhookDeliveryDetails;
  /** NOT_FOUND. */
  replayDelivery(webhookId: string, deliveryId: string): Promise<WebhookDelivery>;
  /** INVALID_PARAMS, WRONG_STATE. */
  replaySince(webhookId: string, body: ReplayWebhookBody): ReplayWebhookResult;
}
