/** Calls between somebody and a phone: what rings in their open apps, and what they do about it. */
import { PassThrough, type Readable } from 'node:stream';
import { CallRoomResult, ParleyError, PrepareCallBody, type TokenClaims } from '@parley/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { mayCallPhones } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { Config } from '../../config/schema.ts';
import type { Person } from '../../room/actors.ts';
import type { PersonalCallEvent, PersonalCalls } from '../../room/phonePorts.ts';
import { networkOf } from '../../util/networkOf.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses, noContent, withToken } from '../openApi.ts';
import { bearerToken } from '../plugins/auth.ts';
import type { RoomService } from '../RoomService.ts';
import { grantsOf, webSocketUrl } from './guests.ts';

interface Dependencies {
  calls: PersonalCalls;
  rooms: Pick<RoomService, 'noticeFor'>;
  tokens: Pick<TokenService, 'sign' | 'verify'>;
  config: Pick<Config, 'http' | 'auth'>;
}

/** Proxies cut connections on which nothing comes. */
const SIGN_OF_LIFE_MS = 15_000;
/** The longest that a timer can wait, ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const EVENTS = 'text/event-stream';
const about = { tags: ['calls'], security: withToken } as const;
const WHO = 'For whoever is signed in, by their cookie, or for whom a token names as `sub` who is no guest.';
const CallParams = Type.Object({ callId: Type.String({ minLength: 1, maxLength: 64 }) });
const WHO_ERRORS = ['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'PERMISSION_DENIED'] as const;

export function personalCallRoutes(app: App, dependencies: Dependencies): void {
  for (const add of [listen, answer, decline, prepare]) add(app, dependencies);
}

function listen(app: App, { calls, tokens }: Dependencies): void {
  app.get(
    '/me/calls/events',
    {
      schema: {
        ...about,
        operationId: 'listenToCalls',
        summary: 'Hear of calls that ring',
        description: `Server-sent events: \`ringing\` for each call that rings for one, those that ring already first, and \`stopped\` when it does no longer. Open it in each app that is to ring. ${WHO}`,
        response: {
          200: {
            description: 'The events, as long as the connection stands and the token holds.',
            content: { [EVENTS]: { schema: Type.Unsafe<Readable>(Type.String()) } },
          },
          ...errorResponses(...WHO_ERRORS, 'SHUTTING_DOWN'),
        },
      },
    },
    async (request, reply) => {
      const { identity, expiresAt } = await whoAsks(request, tokens);
      const stream = new PassThrough();
      const stop = calls.listen(identity, {
        told: (event) => void stream.write(textOf(event)),
        ended: () => stream.end(),
      });
      // Something has to come at once, or some clients wait for the headers.
      stream.write(': here\n\n');
      const timer = setInterval(() => void stream.write(': here\n\n'), SIGN_OF_LIFE_MS).unref();
      // As if it were asked for anew then: with a token that has ended nobody hears whom somebody else speaks with.
      const end = setTimeout(() => stream.end(), Math.min(expiresAt - Date.now(), LONGEST_TIMER_MS)).unref();
      stream.once('close', () => {
        clearInterval(timer);
        clearTimeout(end);
        stop();
      });
      return reply.type(EVENTS).header('x-accel-buffering', 'no').send(stream);
    },
  );
}

function answer(app: App, dependencies: Dependencies): void {
  app.post(
    '/me/calls/:callId/answer',
    {
      schema: {
        ...about,
        operationId: 'answerCall',
        summary: 'Take a call',
        description: `The other apps stop ringing. The call goes on in a room of its own: join it with the token within 30 s. ${WHO}`,
        params: CallParams,
        response: {
          200: annotate(CallRoomResult, { description: 'Come in.' }),
          ...errorResponses(...WHO_ERRORS, 'ORIGIN_REFUSED', 'CALL_NOT_FOUND'),
        },
      },
    },
    async (request) => {
      const who = await whoAsks(request, dependencies.tokens);
      const room = await dependencies.calls.answer(request.params.callId, who);
      return admit(request, { who, room }, dependencies);
    },
  );
}

function decline(app: App, { calls, tokens }: Dependencies): void {
  app.post(
    '/me/calls/:callId/decline',
    {
      schema: {
        ...about,
        operationId: 'declineCall',
        summary: 'Decline a call',
        description: `All apps stop ringing, and whoever calls is told. ${WHO}`,
        params: CallParams,
        response: {
          204: noContent('It was declined.'),
          ...errorResponses(...WHO_ERRORS, 'ORIGIN_REFUSED', 'CALL_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      calls.decline(request.params.callId, await whoAsks(request, tokens));
      return reply.code(204).send(null);
    },
  );
}

function prepare(app: App, dependencies: Dependencies): void {
  app.post(
    '/me/calls',
    {
      schema: {
        ...about,
        operationId: 'prepareCall',
        summary: 'Call a phone',
        description: `Makes a room for the call. Join it with the token, and call the number from there by \`phone.dial\`. For whoever is signed in, by their cookie, or by a token with the grant canDial.`,
        body: annotate(PrepareCallBody, { examples: [{ target: '+4930123456' }] }),
        response: {
          201: annotate(CallRoomResult, { description: 'Come in.' }),
          ...errorResponses(
            ...([...WHO_ERRORS, 'ORIGIN_REFUSED', 'PHONES_OFF', 'PHONE_NUMBER_INVALID'] as const),
            ...(['PHONE_NUMBER_REFUSED', 'PHONE_LIMIT_REACHED'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const who = await whoAsks(request, dependencies.tokens);
      if (!who.mayDial) throw denied('The token does not allow calling phones: it lacks the grant canDial.');
      const room = await dependencies.calls.prepare(request.body.target, who);
      return reply.code(201).send(admit(request, { who, room }, dependencies));
    },
  );
}

interface Who extends Person {
  /** When the token, or the sign-in, ends; ms since 1970. */
  expiresAt: number;
  mayDial: boolean;
  /** Of the sign-in, when it was that. */
  session: string | undefined;
}

/** Throws TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, PERMISSION_DENIED, ORIGIN_REFUSED. */
async function whoAsks(request: FastifyRequest, tokens: Pick<TokenService, 'verify'>): Promise<Who> {
  const { signedIn, headers } = request;
  if (signedIn && headers.authorization === undefined) {
    signedIn.assertOwnPage();
    const { identity, displayName, secretHash: session, expiresAt } = signedIn.session;
    return { identity, displayName, session, expiresAt, mayDial: true };
  }
  const claims = await tokens.verify(bearerToken(headers.authorization));
  // Whoever calls themselves something is not called as that.
  if (claims.sub === undefined || claims.guest === true)
    throw denied('The token is nobody’s, or that of a guest.');
  const { sub: identity, name = identity, session, exp } = claims;
  return { identity, displayName: name, session, expiresAt: exp * 1000, mayDial: mayCallPhones(claims) };
}

/** What one joins the room of a call with: it is theirs, as far as they may call. */
function admit(
  request: FastifyRequest,
  { who, room }: { who: Who; room: string },
  { rooms, tokens, config }: Dependencies,
): CallRoomResult {
  const { identity, displayName, session, mayDial } = who;
  const claims: Omit<TokenClaims, 'iss' | 'exp'> = {
    ...{ sub: identity, name: displayName, role: 'owner' },
    ...(session !== undefined && { session }),
    video: { room, roomJoin: true, canUpdateOwnMetadata: true, canDial: mayDial },
  };
  const token = tokens.sign(claims, config.auth.guestTokenTtl);
  const notice = rooms.noticeFor(room, { grants: grantsOf(claims), network: networkOf(request.ip) });
  const base = config.http.publicUrl || `${request.protocol}://${request.host}`;
  return { token, url: webSocketUrl(base), room, identity, notice };
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
const textOf = (event: PersonalCallEvent): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

const denied = (message: string): ParleyError => new ParleyError('PERMISSION_DENIED', { message });
