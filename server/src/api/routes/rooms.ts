import { CreateRoomBody, PageQuery, RoomInfo, RoomName, RoomPage, UpdateRoomBody } from '@parley/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mayListRooms, mayManageRoom, maySeeRoom } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';
import type { RoomService } from '../RoomService.ts';
import { callerIn } from './host.ts';
import { ownerIn } from './me.ts';

const Params = Type.Object({ name: RoomName });
const AUTH = ['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'PERMISSION_DENIED'] as const;
const about = { tags: ['rooms'], security: withToken };
const MANAGE = 'Needs the grant `roomCreate`; a token that names a room is for that room only.';

interface Dependencies {
  rooms: RoomService;
  tokens: Pick<TokenService, 'verify'>;
}

export function roomRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [createRoom, listRooms, getRoom, updateRoom, deleteRoom]) add(app, dependencies);
}

function createRoom(app: App, { rooms, tokens }: Dependencies): void {
  app.post(
    '/rooms',
    {
      ...guard(tokens, { allows: mayManageRoom, needs: 'the grant roomCreate, for this room or for any' }),
      schema: {
        ...about,
        operationId: 'createRoom',
        summary: 'Create a room',
        description: `Answers 200 with the room when it exists with these settings, so that it can be sent again. ${MANAGE}`,
        body: annotate(CreateRoomBody, {
          examples: [{ name: 'demo', settings: { title: 'Monday meeting', maxParticipants: 20 } }],
        }),
        response: {
          200: annotate(RoomInfo, { description: 'The room existed with these settings.' }),
          201: annotate(RoomInfo, { description: 'The room was created.' }),
          ...errorResponses(...AUTH, 'ROOM_EXISTS', 'LIMIT_REACHED'),
        },
      },
    },
    async (request, reply) => {
      const { room, created } = await rooms.createRoom(request.body, ownerIn(request));
      return reply.code(created ? 201 : 200).send(room);
    },
  );
}

function listRooms(app: App, { rooms, tokens }: Dependencies): void {
  app.get(
    '/rooms',
    {
      ...guard(tokens, { allows: mayListRooms, needs: 'the grant roomList', givesHostsTheirOwn: true }),
      schema: {
        ...about,
        operationId: 'listRooms',
        summary: 'List rooms',
        description: 'Needs the grant `roomList`.',
        querystring: PageQuery,
        response: {
          200: annotate(RoomPage, { description: 'A page of rooms.' }),
          ...errorResponses(...AUTH),
        },
      },
    },
    (request) => rooms.listRooms(request.query, onlyOf(request)),
  );
}

function getRoom(app: App, { rooms, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name',
    {
      ...guard(tokens, {
        allows: maySeeRoom,
        needs: 'the grant roomList, or roomAdmin or roomJoin for this room',
      }),
      schema: {
        ...about,
        operationId: 'getRoom',
        summary: 'Get a room',
        description: 'Needs the grant `roomList`, or `roomAdmin` or `roomJoin` for this room.',
        params: Params,
        response: {
          200: annotate(RoomInfo, { description: 'The room.' }),
          ...errorResponses(...AUTH, 'ROOM_NOT_FOUND'),
        },
      },
    },
    (request) => rooms.getRoom(request.params.name),
  );
}

function updateRoom(app: App, { rooms, tokens }: Dependencies): void {
  app.patch(
    '/rooms/:name',
    {
      ...guard(tokens, { allows: mayManageRoom, needs: 'the grant roomCreate, for this room or for any' }),
      schema: {
        ...about,
        operationId: 'updateRoom',
        summary: 'Change settings of a room',
        description: `Those who are in it are told. ${MANAGE}`,
        params: Params,
        body: annotate(UpdateRoomBody, { examples: [{ settings: { guestsAllowed: false } }] }),
        response: {
          200: annotate(RoomInfo, { description: 'The room.' }),
          ...errorResponses(...AUTH, 'ROOM_NOT_FOUND'),
        },
      },
    },
    (request) => rooms.updateRoom(request.params.name, request.body.settings, callerIn(request)),
  );
}

function deleteRoom(app: App, { rooms, tokens }: Dependencies): void {
  app.delete(
    '/rooms/:name',
    {
      ...guard(tokens, { allows: mayManageRoom, needs: 'the grant roomCreate, for this room or for any' }),
      schema: {
        ...about,
        operationId: 'deleteRoom',
        summary: 'Delete a room',
        description: `Everybody in it leaves. ${MANAGE}`,
        params: Params,
        response: { 204: noContent('The room is gone.'), ...errorResponses(...AUTH, 'ROOM_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      await rooms.deleteRoom(request.params.name);
      return reply.code(204).send(null);
    },
  );
}

/** Signed-in hosts see what is theirs, administrators all. */
const onlyOf = ({ byCookie, signedIn }: FastifyRequest): string | undefined =>
  byCookie && signedIn && !signedIn.session.isAdmin ? signedIn.session.identity : undefined;
