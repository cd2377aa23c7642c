import { RuleBody, RuleInfo, RulePage, RuleParams, PageQuery } from '@parley/protocol';
import type { App } from '../../appType.ts';
import { annotate, errorResponses, noContent } from '../../openApi.ts';
import { aboutPhones, PHONE_ADMINS, phoneGuard, type PhoneDependencies } from './phoneRoutes.ts';
import { AUTH_ERRORS } from '../host.ts';

const about = aboutPhones('dispatch rules');
const FIXED = '`WRONG_STATE` for one of the configuration, which can be changed only there.';
const ERRORS = [...AUTH_ERRORS, 'RULE_NOT_FOUND'] as const;

export function ruleRoutes(app: App, dependencies: PhoneDependencies): void {
  for (const add of [list, get, put, remove]) add(app, dependencies);
}

function list(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/dispatch-rules',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'listRules',
        summary: 'List dispatch rules',
        querystring: PageQuery,
        response: {
          200: annotate(RulePage, { description: 'A page of dispatch rules.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => phones.listRules(request.query),
  );
}

function get(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/dispatch-rules/:ruleId',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'getRule',
        summary: 'Get a dispatch rule',
        params: RuleParams,
        response: {
          200: annotate(RuleInfo, { description: 'The dispatch rule.' }),
          ...errorResponses(...ERRORS),
        },
      },
    },
    (request) => phones.getRule(request.params.ruleId),
  );
}

function put(app: App, { phones, tokens }: PhoneDependencies): void {
  app.put(
    '/dispatch-rules/:ruleId',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'putRule',
        summary: 'Make or replace a dispatch rule',
        description: `What is left away has its default. ${FIXED} ${PHONE_ADMINS}`,
        params: RuleParams,
        body: annotate(RuleBody, {
          examples: [
            { numbers: ['+493012345678'], target: { kind: 'room', room: 'standup' } },
            {
              callers: ['+4930*'],
              priority: 50,
              target: { kind: 'webhook', url: 'https://example.com/calls' },
            },
          ],
        }),
        response: {
          200: annotate(RuleInfo, { description: 'It was replaced.' }),
          201: annotate(RuleInfo, { description: 'It is new.' }),
          ...errorResponses(...AUTH_ERRORS, 'WRONG_STATE', 'LIMIT_REACHED'),
        },
      },
    },
    async (request, reply) => {
      const { rule, created } = phones.putRule(request.params.ruleId, request.body);
      return reply.code(created ? 201 : 200).send(rule);
    },
  );
}

function remove(app: App, { phones, tokens }: PhoneDependencies): void {
  app.delete(
    '/dispatch-rules/:ruleId',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'deleteRule',
        summary: 'Delete a dispatch rule',
        description: `Calls that came by it go on. ${FIXED} ${PHONE_ADMINS}`,
        params: RuleParams,
        response: { 204: noContent('It is gone.'), ...errorResponses(...ERRORS, 'WRONG_STATE') },
      },
    },
    async (request, reply) => {
      phones.deleteRule(request.params.ruleId);
      return reply.code(204).send(null);
    },
  );
}
