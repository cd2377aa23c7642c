import { CreatedPin, CreatePinBody, PageQuery, PinPage, RoomName, RoomPhone } from '@parley/protocol';
import { Type } from 'typebox';
import type { App } from '../../appType.ts';
import { annotate, errorResponses, noContent } from '../../openApi.ts';
import { aboutHosts, deskOf, HOST_ERRORS, hostGuard, HOSTS, RoomParams } from '../host.ts';
import type { PhoneDependencies } from './phoneRoutes.ts';

const about = aboutHosts('dial-in');

/** How people come into a room by phone. */
export function pinRoutes(app: App, dependencies: PhoneDependencies): void {
  for (const add of [getRoomPhone, renewPin, createPin, listPins, revokePin]) add(app, dependencies);
}

function getRoomPhone(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/rooms/:name/phone',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'getRoomPhone',
        summary: 'How to dial into a room',
        description: `The numbers, and the PIN of the room; one is made where there is none yet. It lasts as long as the room. ${HOSTS}`,
        params: RoomParams,
        response: {
          200: annotate(RoomPhone, { description: 'Numbers and PIN.' }),
          ...errorResponses(...HOST_ERRORS),
        },
      },
    },
    (request) => phones.roomPhone(deskOf(request)),
  );
}

function renewPin(app: App, { phones, tokens }: PhoneDependencies): void {
  app.post(
    '/rooms/:name/phone/renew',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'renewPin',
        summary: 'Give a room another PIN',
        description: `The former one opens nothing any more; who came by it stays. ${HOSTS}`,
        params: RoomParams,
        response: {
          200: annotate(RoomPhone, { description: 'Numbers, and the new PIN.' }),
          ...errorResponses(...HOST_ERRORS, 'PHONES_OFF', 'LIMIT_REACHED'),
        },
      },
    },
    (request) => phones.renewPin(deskOf(request)),
  );
}

function createPin(app: App, { phones, tokens }: PhoneDependencies): void {
  app.post(
    '/rooms/:name/pins',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'createPin',
        summary: 'Give somebody a PIN of their own',
        description: `Whoever calls with it comes in under this identity, name and role (\`participant\`, when none is named). The lobby holds as it is set. The room stays when its meeting has ended, unless it is a guest who asks. ${HOSTS}`,
        params: RoomParams,
        body: annotate(CreatePinBody, { examples: [{ identity: 'ann', displayName: 'Ann', role: 'host' }] }),
        response: {
          201: annotate(CreatedPin, { description: 'The PIN, with its digits.' }),
          ...errorResponses(...HOST_ERRORS, 'PHONES_OFF', 'LIMIT_REACHED'),
        },
      },
    },
    async (request, reply) => reply.code(201).send(await phones.createPin(deskOf(request), request.body)),
  );
}

function listPins(app: App, { phones, tokens }: PhoneDependencies): void {
  app.get(
    '/rooms/:name/pins',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'listPins',
        summary: 'List PINs that are somebody’s own',
        params: RoomParams,
        querystring: PageQuery,
        response: {
          200: annotate(PinPage, { description: 'A page of PINs; their digits are not among it.' }),
          ...errorResponses(...HOST_ERRORS),
        },
      },
    },
    (request) => phones.listPins(deskOf(request), request.query),
  );
}

function revokePin(app: App, { phones, tokens }: PhoneDependencies): void {
  app.delete(
    '/rooms/:name/pins/:pinId',
    {
      ...hostGuard(tokens),
      schema: {
        ...about,
        operationId: 'revokePin',
        summary: 'Revoke somebody’s own PIN',
        description: `It opens nothing any more; who came by it stays. ${HOSTS}`,
        params: Type.Object({ name: RoomName, pinId: Type.String({ maxLength: 64 }) }),
        response: {
          204: noContent('It no longer holds.'),
          ...errorResponses(...HOST_ERRORS, 'PIN_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await phones.revokePin(deskOf(request), request.params.pinId);
      return reply.code(204).send(null);
    },
  );
}
