import { Identity, MuteBody, PageQuery, ParticipantInfo, ParticipantPage, RoomName } from '@parley/protocol';
import { Type } from 'typebox';
import { mayModerate } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';
import type { RoomService } from '../RoomService.ts';
import { callerIn, emptyBodyIsNone } from './host.ts';

const RoomParams = Type.Object({ name: RoomName });
const Params = Type.Object({ name: RoomName, identity: Identity });
const ERROR_CODES = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'PERMISSION_DENIED',
  'ROOM_NOT_FOUND',
] as const;
const about = {
  tags: ['participants'],
  security: withToken,
  description: 'Needs the grant `roomAdmin`, for this room or for all, or to be a host of this room.',
};

interface Dependencies {
  rooms: RoomService;
  tokens: Pick<TokenService, 'verify'>;
}

export function participantRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [listParticipants, getParticipant, muteParticipant, removeParticipant])
    add(app, dependencies);
}

function listParticipants(app: App, { rooms, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/participants',
    {
      ...guard(tokens, {
        allows: mayModerate,
        needs: 'the grant roomAdmin, or roomJoin as a host, for this room',
      }),
      schema: {
        ...about,
        operationId: 'listParticipants',
        summary: 'List those who are in a room',
        params: RoomParams,
        querystring: PageQuery,
        response: {
          200: annotate(ParticipantPage, { description: 'A page of participants.' }),
          ...errorResponses(...ERROR_CODES),
        },
      },
    },
    (request) => rooms.listParticipants(request.params.name, request.query, callerIn(request)),
  );
}

function getParticipant(app: App, { rooms, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/participants/:identity',
    {
      ...guard(tokens, {
        allows: mayModerate,
        needs: 'the grant roomAdmin, or roomJoin as a host, for this room',
      }),
      schema: {
        ...about,
        operationId: 'getParticipant',
        summary: 'Get a participant',
        params: Params,
        response: {
          200: annotate(ParticipantInfo, { description: 'The participant.' }),
          ...errorResponses(...ERROR_CODES, 'PARTICIPANT_NOT_FOUND'),
        },
      },
    },
    (request) => rooms.getParticipant(request.params.name, request.params.identity, callerIn(request)),
  );
}

function muteParticipant(app: App, { rooms, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/participants/:identity/mute',
    {
      ...guard(tokens, {
        allows: mayModerate,
        needs: 'the grant roomAdmin, or roomJoin as a host, for this room',
      }),
      preValidation: emptyBodyIsNone,
      schema: {
        ...about,
        operationId: 'muteParticipant',
        summary: 'Mute a participant',
        params: Params,
        body: annotate(MuteBody, { examples: [{}, { publicationId: 'PU_abc' }] }),
        response: {
          200: annotate(ParticipantInfo, { description: 'The participant.' }),
          ...errorResponses(...ERROR_CODES, 'PARTICIPANT_NOT_FOUND', 'PUBLICATION_NOT_FOUND'),
        },
      },
    },
    (request) =>
      rooms.muteParticipant(request.params.name, request.params.identity, {
        ...request.body,
        by: callerIn(request),
      }),
  );
}

function removeParticipant(app: App, { rooms, tokens }: Dependencies): void {
  app.delete(
    '/rooms/:name/participants/:identity',
    {
      ...guard(tokens, {
        allows: mayModerate,
        needs: 'the grant roomAdmin, or roomJoin as a host, for this room',
      }),
      schema: {
        ...about,
        operationId: 'removeParticipant',
        summary: 'Remove a participant from a room',
        params: Params,
        response: {
          204: noContent('The participant is no longer in the room.'),
          ...errorResponses(...ERROR_CODES, 'PARTICIPANT_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const { name, identity } = request.params;
      await rooms.removeParticipant(name, identity, callerIn(request));
      return reply.code(204).send(null);
    },
  );
}
