import { BanInfo, BanPage, CreateBanBody, Identity, PageQuery, RoomName } from '@parley/protocol';
import { Type } from 'typebox';
import type { TokenService } from '../../auth/TokenService.ts';
import type { HostDesk } from '../../room/HostDesk.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent } from '../openApi.ts';
import { aboutHosts, deskOf, HOST_ERRORS, hostGuard, HOSTS, RoomParams } from './host.ts';

const about = aboutHosts('bans');

interface Dependencies {
  hosts: HostDesk;
  tokens: Pick<TokenService, 'verify'>;
}

export function banRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [listBans, ban, liftBan]) add(app, dependencies);
}

function listBans(app: App, { hosts, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/bans',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'listBans',
        summary: 'List those who are banned from a room',
        params: RoomParams,
        querystring: PageQuery,
        response: {
          200: annotate(BanPage, { description: 'A page of bans.' }),
          ...errorResponses(...HOST_ERRORS),
        },
      },
    },
    (request) => hosts.listBans(deskOf(request), request.query),
  );
}

function ban(app: App, { hosts, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/bans',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'ban',
        summary: 'Ban somebody from a room',
        description: `Whoever is in the room or waits in its lobby is removed. No token lets them in again, and the invitation they came by is revoked. ${HOSTS}`,
        params: RoomParams,
        body: annotate(CreateBanBody, { examples: [{ identity: 'guest-4tY0cVd6vFhV' }] }),
        response: {
          201: annotate(BanInfo, { description: 'They are banned.' }),
          ...errorResponses(...HOST_ERRORS, 'WRONG_STATE'),
        },
      },
    },
    async (request, reply) => reply.code(201).send(await hosts.ban(deskOf(request), request.body.identity)),
  );
}

function liftBan(app: App, { hosts, tokens }: Dependencies): void {
  app.delete(
    '/rooms/:name/bans/:identity',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'liftBan',
        summary: 'Lift a ban',
        params: Type.Object({ name: RoomName, identity: Identity }),
        response: {
          204: noContent('They may come again.'),
          ...errorResponses(...HOST_ERRORS, 'BAN_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await hosts.liftBan(deskOf(request), request.params.identity);
      return reply.code(204).send(null);
    },
  );
}
