import { Identity, ParticipantInfo, RoomName, UpdateParticipantBody } from '@parley/protocol';
import { Type } from 'typebox';
import type { TokenService } from '../../auth/TokenService.ts';
import type { HostDesk } from '../../room/HostDesk.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent } from '../openApi.ts';
import { aboutHosts, deskOf, HOST_ERRORS, hostGuard, HOSTS, RoomParams } from './host.ts';

const about = aboutHosts('participants');
const Params = Type.Object({ name: RoomName, identity: Identity });

interface Dependencies {
  hosts: HostDesk;
  tokens: Pick<TokenService, 'verify'>;
}

/** What hosts do to participants beside muting and removing, and to the meeting as a whole. */
export function moderationRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [updateParticipant, sendToLobby, endMeeting]) add(app, dependencies);
}

function updateParticipant(app: App, { hosts, tokens }: Dependencies): void {
  app.patch(
    '/rooms/:name/participants/:identity',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'updateParticipant',
        summary: 'Promote, demote or rename a participant',
        description: `It holds for this meeting, and needs no reconnect. Only owners act on owners, or make them. ${HOSTS}`,
        params: Params,
        body: annotate(UpdateParticipantBody, {
          examples: [{ role: 'host' }, { displayName: 'Ann (sales)' }],
        }),
        response: {
          200: annotate(ParticipantInfo, { description: 'The participant.' }),
          ...errorResponses(...HOST_ERRORS, 'PARTICIPANT_NOT_FOUND'),
        },
      },
    },
    (request) => hosts.updateParticipant(deskOf(request), request.params.identity, request.body),
  );
}

function sendToLobby(app: App, { hosts, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/participants/:identity/lobby',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'sendToLobby',
        summary: 'Send a participant back to the lobby',
        params: Params,
        response: {
          204: noContent('They wait in the lobby.'),
          ...errorResponses(...HOST_ERRORS, 'PARTICIPANT_NOT_FOUND', 'WRONG_STATE'),
        },
      },
    },
    async (request, reply) => {
      await hosts.sendToLobby(deskOf(request), request.params.identity);
      return reply.code(204).send(null);
    },
  );
}

function endMeeting(app: App, { hosts, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/end',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        tags: ['rooms'],
        operationId: 'endMeeting',
        summary: 'End the meeting for everybody',
        description: `The room itself stays, where it was made on purpose. ${HOSTS}`,
        params: RoomParams,
        response: {
          204: noContent('Nobody is in the room any more.'),
          ...errorResponses(...HOST_ERRORS, 'MEETING_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await hosts.endMeeting(deskOf(request));
      return reply.code(204).send(null);
    },
  );
}
