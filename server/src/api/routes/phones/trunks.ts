import { TrunkBody, TrunkInfo, TrunkPage, TrunkParams, PageQuery } from '@parley/protocol';
import type { App } from '../../appType.ts';
import { annotate, errorResponses, noContent } from '../../openApi.ts';
import { aboutPhones, PHONE_ADMINS, phoneGuard, type PhoneDependencies } from './phoneRoutes.ts';
import { AUTH_ERRORS } from '../host.ts';

const about = aboutPhones('trunks');
const FIXED = '`WRONG_STATE` for one of the configuration, which can be changed only there.';
const ERRORS = [...AUTH_ERRORS, 'TRUNK_NOT_FOUND'] as const;

export function trunkRoutes(app: App, dependencies: PhoneDependencies): void {
  for (const add of [list, get, put, remove]) add(app, dependencies);
}

function list(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/trunks',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'listTrunks',
        summary: 'List trunks',
        querystring: PageQuery,
        response: {
          200: annotate(TrunkPage, { description: 'A page of trunks.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => phones.listTrunks(request.query),
  );
}

function get(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/trunks/:trunkId',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'getTrunk',
        summary: 'Get a trunk',
        params: TrunkParams,
        response: {
          200: annotate(TrunkInfo, { description: 'The trunk.' }),
          ...errorResponses(...ERRORS),
        },
      },
    },
    (request) => phones.getTrunk(request.params.trunkId),
  );
}

function put(app: App, { phones, tokens }: PhoneDependencies): void {
  app.put(
    '/trunks/:trunkId',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'putTrunk',
        summary: 'Make or replace a trunk',
        description: `What is left away has its default; a password stays as it is where the user name does. Passwords are never sent back. It is in force at once; calls go on. ${FIXED} ${PHONE_ADMINS}`,
        params: TrunkParams,
        body: annotate(TrunkBody, {
          examples: [
            {
              name: 'Carrier',
              country: 'DE',
              inbound: { numbers: ['+493012345678'], allowedAddresses: ['203.0.113.0/28'] },
              outbound: {
                address: 'sip.example.org',
                transport: 'tls',
                auth: { username: 'parley', password: '…' },
                prefixes: ['+49'],
              },
            },
          ],
        }),
        response: {
          200: annotate(TrunkInfo, { description: 'It was replaced.' }),
          201: annotate(TrunkInfo, { description: 'It is new.' }),
          ...errorResponses(...AUTH_ERRORS, 'WRONG_STATE', 'LIMIT_REACHED'),
        },
      },
    },
    async (request, reply) => {
      const { trunk, created } = phones.putTrunk(request.params.trunkId, request.body);
      return reply.code(created ? 201 : 200).send(trunk);
    },
  );
}

function remove(app: App, { phones, tokens }: PhoneDependencies): void {
  app.delete(
    '/trunks/:trunkId',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'deleteTrunk',
        summary: 'Delete a trunk',
        description: `Its calls end. ${FIXED} ${PHONE_ADMINS}`,
        params: TrunkParams,
        response: { 204: noContent('It is gone.'), ...errorResponses(...ERRORS, 'WRONG_STATE') },
      },
    },
    async (request, reply) => {
      phones.deleteTrunk(request.params.trunkId);
      return reply.code(204).send(null);
    },
  );
}
