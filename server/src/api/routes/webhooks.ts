import {
  CreateWebhookBody,
  PageQuery,
  UpdateWebhookBody,
  Webhook,
  WebhookDelivery,
  WebhookPage,
} from '@parley/protocol';
import { Type } from 'typebox';
import { mayManageServer } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';
import type { WebhookService } from '../WebhookService.ts';
import { AUTH_ERRORS } from './host.ts';

export const WebhookParams = Type.Object({ webhookId: Type.String() });
export const WEBHOOK_ERRORS = [...AUTH_ERRORS, 'WEBHOOK_NOT_FOUND'] as const;
export const MANAGES = 'Needs the grant `roomCreate`, in a token that names no room.';
export const aboutWebhooks = { tags: ['webhooks'], security: withToken, description: MANAGES };
const FIXED = '`WRONG_STATE` for one of the configuration.';

export interface WebhookDependencies {
  webhooks: WebhookService;
  tokens: Pick<TokenService, 'verify'>;
}

export const webhookGuard = (tokens: Pick<TokenService, 'verify'>) =>
  guard(tokens, { allows: mayManageServer, needs: 'the grant roomCreate, and to name no room' });

export function webhookRoutes(app: App, dependencies: WebhookDependencies): void {
  for (const add of [createWebhook, listWebhooks, getWebhook, updateWebhook, deleteWebhook, testWebhook])
    add(app, dependencies);
}

function createWebhook(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.post(
    '/webhooks',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'createWebhook',
        summary: 'Create a webhook',
        description: `From now on it is told what happens. ${MANAGES}`,
        body: annotate(CreateWebhookBody, {
          examples: [
            { url: 'https://example.com/parley', events: ['participant_joined', 'participant_left'] },
          ],
        }),
        response: {
          201: annotate(Webhook, { description: 'The webhook.' }),
          ...errorResponses(...AUTH_ERRORS, 'URL_REFUSED', 'LIMIT_REACHED'),
        },
      },
    },
    async (request, reply) => reply.code(201).send(await webhooks.createWebhook(request.body)),
  );
}

function listWebhooks(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.get(
    '/webhooks',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'listWebhooks',
        summary: 'List webhooks',
        querystring: PageQuery,
        response: {
          200: annotate(WebhookPage, { description: 'A page of webhooks.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => webhooks.listWebhooks(request.query),
  );
}

function getWebhook(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.get(
    '/webhooks/:webhookId',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'getWebhook',
        summary: 'Get a webhook',
        params: WebhookParams,
        response: {
          200: annotate(Webhook, { description: 'The webhook.' }),
          ...errorResponses(...WEBHOOK_ERRORS),
        },
      },
    },
    (request) => webhooks.getWebhook(request.params.webhookId),
  );
}

function updateWebhook(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.patch(
    '/webhooks/:webhookId',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'updateWebhook',
        summary: 'Change a webhook',
        description: `What waits is sent at once, to the new address where it is another. ${FIXED} ${MANAGES}`,
        params: WebhookParams,
        body: annotate(UpdateWebhookBody, { examples: [{ enabled: false }] }),
        response: {
          200: annotate(Webhook, { description: 'The webhook.' }),
          ...errorResponses(...WEBHOOK_ERRORS, 'URL_REFUSED', 'WRONG_STATE'),
        },
      },
    },
    (request) => webhooks.updateWebhook(request.params.webhookId, request.body),
  );
}

function deleteWebhook(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.delete(
    '/webhooks/:webhookId',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'deleteWebhook',
        summary: 'Delete a webhook',
        description: `With all that waits to be sent, and its log. ${FIXED} ${MANAGES}`,
        params: WebhookParams,
        response: {
          204: noContent('The webhook is gone.'),
          ...errorResponses(...WEBHOOK_ERRORS, 'WRONG_STATE'),
        },
      },
    },
    async (request, reply) => {
      webhooks.deleteWebhook(request.params.webhookId);
      return reply.code(204).send(null);
    },
  );
}

function testWebhook(app: App, { webhooks, tokens }: WebhookDependencies): void {
  app.post(
    '/webhooks/:webhookId/test',
    {
      ...webhookGuard(tokens),
      schema: {
        ...aboutWebhooks,
        operationId: 'testWebhook',
        summary: 'Send a test event',
        description: `Posts \`webhook_test\` once, also where the webhook is switched off, and says what came of it. ${MANAGES}`,
        params: WebhookParams,
        response: {
          200: annotate(WebhookDelivery, { description: 'What came of it.' }),
          ...errorResponses(...WEBHOOK_ERRORS),
        },
      },
    },
    (request) => webhooks.testWebhook(request.params.webhookId),
  );
}
