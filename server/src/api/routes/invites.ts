import { CreateInviteBody, CreatedInvite, InvitePage, PageQuery, RoomName } from '@parley/protocol';
import { Type } from 'typebox';
import type { TokenService } from '../../auth/TokenService.ts';
import type { HostDesk } from '../../room/HostDesk.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent } from '../openApi.ts';
import type { PhoneAdmin } from '../PhoneAdmin.ts';
import { publicUrlFor, type Whereabouts } from '../publicUrl.ts';
import { aboutHosts, deskOf, emptyBodyIsNone, HOST_ERRORS, hostGuard, HOSTS, RoomParams } from './host.ts';

const about = aboutHosts('invitations');

interface Dependencies {
  hosts: HostDesk;
  tokens: Pick<TokenService, 'verify'>;
  whereabouts: Whereabouts;
  phones: Pick<PhoneAdmin, 'dialInOf'>;
}

export function inviteRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [createInvite, listInvites, revokeInvite]) add(app, dependencies);
}

function createInvite(app: App, { hosts, tokens, whereabouts, phones }: Dependencies): void {
  app.post(
    '/rooms/:name/invites',
    {
      ...hostGuard(tokens),
      preValidation: emptyBodyIsNone,
      schema: {
        ...about,
        operationId: 'createInvite',
        summary: 'Invite to a room',
        description: `Makes a link that gives whoever opens it a role (\`participant\`, when none is named), past password and lock of the room, and into rooms that admit no guests. The lobby holds as it is set. The room stays when its meeting has ended, unless it is a guest who invites: they are a host of this meeting only. Owners are invited by the grant \`roomCreate\` only. ${HOSTS}`,
        params: RoomParams,
        body: annotate(CreateInviteBody, {
          examples: [{ role: 'host', label: 'Ann', maxUses: 1 }, { role: 'viewer' }],
        }),
        response: {
          201: annotate(CreatedInvite, { description: 'The invitation, with its code.' }),
          ...errorResponses(...HOST_ERRORS, 'LIMIT_REACHED'),
        },
      },
    },
    async (request, reply) => {
      const { invite, code } = await hosts.createInvite(deskOf(request), request.body);
      const url = `${publicUrlFor(request, whereabouts)}/r/${request.params.name}#invite=${code}`;
      const { numbers, pin = null } = phones.dialInOf(request.params.name);
      return reply.code(201).send({ ...invite, code, url, phone: { numbers, pin } });
    },
  );
}

function listInvites(app: App, { hosts, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/invites',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'listInvites',
        summary: 'List invitations to a room',
        params: RoomParams,
        querystring: PageQuery,
        response: {
          200: annotate(InvitePage, { description: 'A page of invitations; their codes are not among it.' }),
          ...errorResponses(...HOST_ERRORS),
        },
      },
    },
    (request) => hosts.listInvites(deskOf(request), request.query),
  );
}

function revokeInvite(app: App, { hosts, tokens }: Dependencies): void {
  app.delete(
    '/rooms/:name/invites/:inviteId',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'revokeInvite',
        summary: 'Revoke an invitation',
        description: `Nobody comes in by it any more, not even with a token that was made for it; who is in the meeting stays. ${HOSTS}`,
        params: Type.Object({ name: RoomName, inviteId: Type.String({ maxLength: 64 }) }),
        response: {
          204: noContent('It no longer holds.'),
          ...errorResponses(...HOST_ERRORS, 'INVITE_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await hosts.revokeInvite(deskOf(request), request.params.inviteId);
      return reply.code(204).send(null);
    },
  );
}
