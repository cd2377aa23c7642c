import {
  PageQuery,
  ReplayWebhookBody,
  ReplayWebhookResult,
  WEBHOOK_DELIVERY_STATES,
  WebhookDelivery,
  WebhookDeliveryDetails,
  WebhookDeliveryPage,
} from '@parley/protocol';
import { Type } from 'typebox';
import type { App } from '../appType.ts';
import { annotate, errorResponses } from '../openApi.ts';
import {
  aboutWebhooks,
  MANAGES,
  WEBHOOK_ERRORS,
  webhookGuard,
  WebhookParams,
  type WebhookDependencies,
} from './webhooks.ts';

const DeliveryParams = Type.Object({ ...WebhookParams.properties, deliveryId: Type.String() });
const ListQuery = Type.Object(
  { ...PageQuery.properties, status: Type.Optional(Type.Enum(WEBHOOK_DELIVERY_STATES)) },
  { additionalProperties: false },
);

export function webhookDeliveryRoutes(app: App, dependencies: WebhookDependencies): void {
  for (const add of [listDeliveries, getDelivery, replayDelivery, replaySince]) add(app, dependencies);
}

function listDeliveries(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.get(
    '/webhooks/:webhookId/deliveries',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'listWebhookDeliveries',
        summary: 'List what was told, newest first',
        description: `What waits to be sent is among it. ${MANAGES}`,
        params: WebhookParams,
        querystring: ListQuery,
        response: {
          200: annotate(WebhookDeliveryPage, { description: 'A page of deliveries.' }),
          ...errorResponses(...WEBHOOK_ERRORS),
        },
      },
    },
    (request) => webhooks.listDeliveries(request.params.webhookId, request.query),
  );
}

function getDelivery(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.get(
    '/webhooks/:webhookId/deliveries/:deliveryId',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'getWebhookDelivery',
        summary: 'Get a delivery, with what is sent',
        params: DeliveryParams,
        response: {
          200: annotate(WebhookDeliveryDetails, { description: 'The delivery.' }),
          ...errorResponses(...WEBHOOK_ERRORS, 'NOT_FOUND'),
        },
      },
    },
    ({ params }) => webhooks.getDelivery(params.webhookId, params.deliveryId),
  );
}

function replayDelivery(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.post(
    '/webhooks/:webhookId/deliveries/:deliveryId/replay',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'replayWebhookDelivery',
        summary: 'Send one event once more',
        description: `At once, as a delivery of its own, and says what came of it. One that is still being tried keeps its turn, and need not wait for it. ${MANAGES}`,
        params: DeliveryParams,
        response: {
          200: annotate(WebhookDelivery, { description: 'What came of it.' }),
          ...errorResponses(...WEBHOOK_ERRORS, 'NOT_FOUND'),
        },
      },
    },
    ({ params }) => webhooks.replayDelivery(params.webhookId, params.deliveryId),
  );
}

function replaySince(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.post(
    '/webhooks/:webhookId/replay',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'replayWebhook',
        summary: 'Send all events since a moment once more',
        description: `They line up behind what waits, in order within each room. ${MANAGES}`,
        params: WebhookParams,
        body: annotate(ReplayWebhookBody, { examples: [{ since: 1767225600000, status: 'failed' }] }),
        response: {
          200: annotate(ReplayWebhookResult, { description: 'How many were lined up.' }),
          ...errorResponses(...WEBHOOK_ERRORS, 'WRONG_STATE'),
        },
      },
    },
    (request) => webhooks.replaySince(request.params.webhookId, request.body),
  );
}
