import { Readable } from 'node:stream';
import {
  CallExportQuery,
  CallPage,
  CallQuery,
  CallRecord,
  PageQuery,
  RefusedCallPage,
} from '@parley/protocol';
import { Type } from 'typebox';
import type { App } from '../../appType.ts';
import { annotate, errorResponses } from '../../openApi.ts';
import { AUTH_ERRORS } from '../host.ts';
import { aboutPhones, PHONE_ADMINS, phoneGuard, type PhoneDependencies } from './phoneRoutes.ts';

const about = aboutPhones('calls');
const CSV = 'text/csv';

/** Calls as they were and as they go on. Hosts find those of their meeting with the meeting. */
export function callRoutes(app: App, dependencies: PhoneDependencies): void {
  for (const add of [listCalls, exportCalls, listRefusedCalls, getCall]) add(app, dependencies);
}

function listCalls(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/calls',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'listCalls',
        summary: 'List calls of phones',
        description: `Newest first; those that go on, and those that ended as long as meetings of their age are kept. ${PHONE_ADMINS}`,
        querystring: CallQuery,
        response: {
          200: annotate(CallPage, { description: 'A page of calls.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => phones.listCalls(request.query),
  );
}

function exportCalls(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/calls.csv',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'exportCalls',
        summary: 'Calls of phones as a table',
        description: `CSV (RFC 4180) in UTF-8, newest first, all that fit. What a spreadsheet would take for a formula has an apostrophe before it; numbers, which begin with +, among them. ${PHONE_ADMINS}`,
        querystring: CallExportQuery,
        response: {
          200: {
            description: 'The table; its first line names the columns.',
            content: { [CSV]: { schema: Type.Unsafe<Readable>(Type.String()) } },
          },
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    async (request, reply) =>
      reply
        .type(`${CSV}; charset=utf-8`)
        .header('content-disposition', 'attachment; filename="calls.csv"')
        .send(Readable.from(phones.exportCalls(request.query))),
  );
}

function listRefusedCalls(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/calls/refused',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'listRefusedCalls',
        summary: 'List calls that were refused, and why',
        description: `Newest first, the last 10,000 at most. Who comes from no trunk is not among them. ${PHONE_ADMINS}`,
        querystring: PageQuery,
        response: {
          200: annotate(RefusedCallPage, { description: 'A page of refused calls.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => phones.listRefusedCalls(request.query),
  );
}

function getCall(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/calls/:callId',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'getCall',
        summary: 'Get a call',
        params: Type.Object({ callId: Type.String({ maxLength: 64 }) }),
        response: {
          200: annotate(CallRecord, { description: 'The call.' }),
          ...errorResponses(...AUTH_ERRORS, 'CALL_NOT_FOUND'),
        },
      },
    },
    (request) => phones.getCall(request.params.callId),
  );
}
