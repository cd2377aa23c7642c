import { DialBody, DigitsBody, PhoneCall, PhoneCallList, RoomName, TransferBody } from '@parley/protocol';
import { Type } from 'typebox';
import { mayAskAsHost } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { CallDesk } from '../../room/CallDesk.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';
import { deskOf, HOST_ERRORS, RoomParams } from './host.ts';

interface Dependencies {
  desk: CallDesk;
  tokens: Pick<TokenService, 'verify'>;
}

const about = { tags: ['calls'], security: withToken } as const;
const CALLERS =
  'Needs the grant `roomAdmin`, for this room or for all, or to be a host of this room who is no guest; not where the grant `canDial` is false.';
const CallParams = Type.Object({ name: RoomName, callId: Type.String({ minLength: 1, maxLength: 64 }) });
const CALL_ERRORS = [...HOST_ERRORS, 'CALL_NOT_FOUND'] as const;
const DIAL_ERRORS = [
  'PHONES_OFF',
  'PHONE_NUMBER_INVALID',
  'PHONE_NUMBER_REFUSED',
  'PHONE_LIMIT_REACHED',
] as const;

/** Calls cost money: guests make none, and hosts only where their token does not say no. */
const callerGuard = (tokens: Dependencies['tokens']) =>
  guard(tokens, {
    allows: (claims, room) =>
      mayAskAsHost(claims, room) && claims.guest !== true && claims.video?.canDial !== false,
    needs: 'the grant roomAdmin, or roomJoin as a host, for this room, and canDial',
  });

/** Phones of a room, for integrators and for hosts who are elsewhere. */
export function roomCallRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [dial, list, cancel, sendDigits, transfer]) add(app, dependencies);
}

function dial(app: App, { desk, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/calls',
    {
      ...callerGuard(tokens),
      schema: {
        ...about,
        operationId: 'dialIntoRoom',
        summary: 'Call a phone into a room',
        description: `Whoever answers is in the room. It need not be in a meeting yet. ${CALLERS}`,
        params: RoomParams,
        body: annotate(DialBody, { examples: [{ target: '+4930123456', displayName: 'Customer' }] }),
        response: {
          201: annotate(PhoneCall, { description: 'It is being called.' }),
          ...errorResponses(
            ...([...HOST_ERRORS, ...DIAL_ERRORS, 'BREAKOUT_NOT_FOUND', 'PARTICIPANT_NOT_FOUND'] as const),
          ),
        },
      },
    },
    async (request, reply) => reply.code(201).send(await desk.dial(deskOf(request), request.body)),
  );
}

function list(app: App, { desk, tokens }: Dependencies): void {
  app.get(
    '/rooms/:name/calls',
    {
      ...callerGuard(tokens),
      schema: {
        ...about,
        operationId: 'listRoomCalls',
        summary: 'List the phones of a room',
        description: `Calls that have not ended: phones that are in the room, and those that are called. ${CALLERS}`,
        params: RoomParams,
        response: {
          200: annotate(PhoneCallList, { description: 'The calls.' }),
          ...errorResponses(...HOST_ERRORS),
        },
      },
    },
    async (request) => ({ items: await desk.list(deskOf(request)) }),
  );
}

function cancel(app: App, { desk, tokens }: Dependencies): void {
  app.delete(
    '/rooms/:name/calls/:callId',
    {
      ...callerGuard(tokens),
      schema: {
        ...about,
        operationId: 'endRoomCall',
        summary: 'End a call',
        description: `One that was not answered yet is cancelled. ${CALLERS}`,
        params: CallParams,
        response: { 204: noContent('It ends.'), ...errorResponses(...CALL_ERRORS) },
      },
    },
    async (request, reply) => {
      await desk.cancel(deskOf(request), request.params.callId);
      return reply.code(204).send(null);
    },
  );
}

function sendDigits(app: App, { desk, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/calls/:callId/digits',
    {
      ...callerGuard(tokens),
      schema: {
        ...about,
        operationId: 'sendDigits',
        summary: 'Press keys in a call',
        description: CALLERS,
        params: CallParams,
        body: annotate(DigitsBody, { examples: [{ digits: '1,2#' }] }),
        response: { 204: noContent('They are sent.'), ...errorResponses(...CALL_ERRORS, 'WRONG_STATE') },
      },
    },
    async (request, reply) => {
      await desk.sendDigits(deskOf(request), request.params.callId, request.body.digits);
      return reply.code(204).send(null);
    },
  );
}

function transfer(app: App, { desk, tokens }: Dependencies): void {
  app.post(
    '/rooms/:name/calls/:callId/transfer',
    {
      ...callerGuard(tokens),
      schema: {
        ...about,
        operationId: 'transferCall',
        summary: 'Hand a call over',
        description: `To a number, or to the other end of another call of the room. ${CALLERS}`,
        params: CallParams,
        body: annotate(TransferBody, { examples: [{ target: '+4930123456' }] }),
        response: {
          204: noContent('It is being handed over.'),
          ...errorResponses(...([...CALL_ERRORS, ...DIAL_ERRORS, 'WRONG_STATE'] as const)),
        },
      },
    },
    async (request, reply) => {
      const { callId } = request.params;
      await desk.transfer(deskOf(request), { callId, ...request.body });
      return reply.code(204).send(null);
    },
  );
}
