import { DenyBody, LobbyList, LobbyMessageBody, RoomName } from '@parley/protocol';
import { Type } from 'typebox';
import type { TokenService } from '../../auth/TokenService.ts';
import type { HostDesk } from '../../room/HostDesk.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent } from '../openApi.ts';
import { aboutHosts, deskOf, emptyBodyIsNone, HOST_ERRORS, hostGuard, HOSTS, RoomParams } from './host.ts';

const about = aboutHosts('lobby');
const KnockParams = Type.Object({ name: RoomName, knockId: Type.String({ maxLength: 64 }) });

interface Dependencies {
  hosts: HostDesk;
  tokens: Pick<TokenService, 'verify'>;
}

export function lobbyRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [listLobby, admit, admitAll, deny, messageLobby]) add(app, dependencies);
}

function listLobby(app: App, { hosts, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/lobby',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'listLobby',
        summary: 'List those who wait in the lobby',
        params: RoomParams,
        response: {
          200: annotate(LobbyList, { description: 'Everybody who waits.' }),
          ...errorResponses(...HOST_ERRORS),
        },
      },
    },
    async (request) => ({ items: await hosts.listLobby(deskOf(request)) }),
  );
}

function admit(app: App, { hosts, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/lobby/:knockId/admit',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'admit',
        summary: 'Let somebody in from the lobby',
        params: KnockParams,
        response: {
          204: noContent('They may come in.'),
          ...errorResponses(...HOST_ERRORS, 'KNOCK_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await hosts.admit(deskOf(request), request.params.knockId);
      return reply.code(204).send(null);
    },
  );
}

function admitAll(app: App, { hosts, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/lobby/admit',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'admitAll',
        summary: 'Let in everybody who waits in the lobby',
        params: RoomParams,
        response: { 204: noContent('They may come in.'), ...errorResponses(...HOST_ERRORS) },
      },
    },
    async (request, reply) => {
      await hosts.admitAll(deskOf(request));
      return reply.code(204).send(null);
    },
  );
}

function deny(app: App, { hosts, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/lobby/:knockId/deny',
    {
      ...hostGuard(tokens),
      preValidation: emptyBodyIsNone,
      schema: {
        ...about,
        operationId: 'deny',
        summary: 'Refuse somebody who waits in the lobby',
        params: KnockParams,
        body: annotate(DenyBody, { examples: [{}, { ban: true }] }),
        response: {
          204: noContent('They no longer wait.'),
          ...errorResponses(...HOST_ERRORS, 'KNOCK_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await hosts.deny(deskOf(request), request.params.knockId, request.body.ban === true);
      return reply.code(204).send(null);
    },
  );
}

function messageLobby(app: App, { hosts, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/lobby/messages',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'messageLobby',
        summary: 'Write to those who wait in the lobby',
        description: `To one of them, or to all. ${HOSTS}`,
        params: RoomParams,
        body: annotate(LobbyMessageBody, { examples: [{ text: 'We begin in five minutes.' }] }),
        response: { 204: noContent('They were told.'), ...errorResponses(...HOST_ERRORS, 'KNOCK_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      await hosts.messageLobby(deskOf(request), request.body);
      return reply.code(204).send(null);
    },
  );
}
