import { ExtensionBody, ExtensionInfo, ExtensionPage, ExtensionParams, PageQuery } from '@parley/protocol';
import type { App } from '../../appType.ts';
import { annotate, errorResponses, noContent } from '../../openApi.ts';
import { aboutPhones, PHONE_ADMINS, phoneGuard, type PhoneDependencies } from './phoneRoutes.ts';
import { AUTH_ERRORS } from '../host.ts';

const about = aboutPhones('extensions');
const FIXED = '`WRONG_STATE` for one of the configuration, which can be changed only there.';
const ERRORS = [...AUTH_ERRORS, 'EXTENSION_NOT_FOUND'] as const;

export function extensionRoutes(app: App, dependencies: PhoneDependencies): void {
  for (const add of [list, get, put, remove]) add(app, dependencies);
}

function list(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/extensions',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'listExtensions',
        summary: 'List extensions',
        querystring: PageQuery,
        response: {
          200: annotate(ExtensionPage, { description: 'A page of extensions.' }),
          ...errorResponses(...AUTH_ERRORS),
        },
      },
    },
    (request) => phones.listExtensions(request.query),
  );
}

function get(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/extensions/:extension',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'getExtension',
        summary: 'Get an extension',
        params: ExtensionParams,
        response: {
          200: annotate(ExtensionInfo, { description: 'The extension.' }),
          ...errorResponses(...ERRORS),
        },
      },
    },
    (request) => phones.getExtension(request.params.extension),
  );
}

function put(app: App, { phones, tokens }: PhoneDependencies): void {
  app.put(
    '/extensions/:extension',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'putExtension',
        summary: 'Make or replace an extension',
        description: `What is left away has its default; the password may be left away where the extension is there already. ${FIXED} ${PHONE_ADMINS}`,
        params: ExtensionParams,
        body: annotate(ExtensionBody, {
          examples: [{ displayName: 'Reception', password: '…', identity: null }],
        }),
        response: {
          200: annotate(ExtensionInfo, { description: 'It was replaced.' }),
          201: annotate(ExtensionInfo, { description: 'It is new.' }),
          ...errorResponses(...AUTH_ERRORS, 'WRONG_STATE', 'LIMIT_REACHED'),
        },
      },
    },
    async (request, reply) => {
      const { extension, created } = phones.putExtension(request.params.extension, request.body);
      return reply.code(created ? 201 : 200).send(extension);
    },
  );
}

function remove(app: App, { phones, tokens }: PhoneDependencies): void {
  app.delete(
    '/extensions/:extension',
    {
      ...phoneGuard(tokens),
      schema: {
        ...about,
        operationId: 'deleteExtension',
        summary: 'Delete an extension',
        description: `Its phones cannot register any more. ${FIXED} ${PHONE_ADMINS}`,
        params: ExtensionParams,
        response: { 204: noContent('It is gone.'), ...errorResponses(...ERRORS, 'WRONG_STATE') },
      },
    },
    async (request, reply) => {
      phones.deleteExtension(request.params.extension);
      return reply.code(204).send(null);
    },
  );
}
