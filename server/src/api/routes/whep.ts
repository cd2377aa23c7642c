import { Identity, ParleyError, RoomName } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { App } from '../appType.ts';
import { errorResponses, withToken } from '../openApi.ts';
import { bearerToken } from '../plugins/auth.ts';
import {
  ICE_FRAGMENT,
  SDP,
  addressRoutes,
  callerOf,
  describeSession,
  endRoute,
  patchIce,
  sessionErrors,
  sessionParams,
  takeOnly,
  textBody,
  textOf,
  withBearer,
  withClaims,
  type HttpMediaDependencies,
} from './httpMedia.ts';

const tags = ['whep'];
const SESSION = '/whep/sessions/:sessionId';
const COMPOSITE = '/whep/:name';
const PARTICIPANT = '/whep/:name/:identity';

const WatchQuery = Type.Object({
  source: Type.Optional(
    Type.Enum(['camera', 'screen'], {
      description: 'Camera and microphone (the default), or the screen that they share and its sound.',
    }),
  ),
});

/** Media out by WHEP (draft-ietf-wish-whep): a player watches somebody, or the room as a whole. */
export async function whepRoutes(app: App, dependencies: HttpMediaDependencies): Promise<void> {
  await app.register((endpoint: App) => {
    takeOnly(endpoint, SDP);
    watchParticipant(endpoint, dependencies);
    watchComposite(endpoint, dependencies);
    addressRoutes(endpoint, COMPOSITE, { post: SDP });
    addressRoutes(endpoint, PARTICIPANT, { post: SDP });
    return Promise.resolve();
  });
  await app.register((session: App) => {
    takeOnly(session, SDP, ICE_FRAGMENT);
    patch(session, dependencies);
    addressRoutes(session, SESSION, { patch: `${ICE_FRAGMENT}, ${SDP}` });
    return Promise.resolve();
  });
  endRoute(app, dependencies, {
    protocol: 'whep',
    operationId: 'endPlaying',
    summary: 'End playing by WHEP',
    tags,
  });
}

const REFUSALS = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'PERMISSION_DENIED',
  'MEDIA_TYPE_REFUSED',
  'MEDIA_REJECTED',
  'OFFER_NOT_ACCEPTABLE',
  'NOTHING_TO_WATCH',
  'ACCESS_REFUSED',
  'BANNED',
  'LOBBY_WAITING',
  'IDENTITY_TAKEN',
  'ROOM_FULL',
  'ROOM_NOT_OPEN',
  'FRAME_TOO_LARGE',
  'MEDIA_UNAVAILABLE',
  'SHUTTING_DOWN',
] as const;

const answered = {
  201: textBody(
    SDP,
    'The SDP answer. `Location` is the session, `ETag` its ICE, `Link` the ICE servers. To a player that sent nothing it is an SDP offer: answer it by PATCH, before `valid-until`.',
  ),
};

const HOW =
  'The token is one for joining this room; each player needs its own identity, and is a participant of kind `player` with the role of a viewer, shown unless the grant `hidden` says otherwise. See whip-whep.md.';

function watchParticipant(app: App, dependencies: HttpMediaDependencies): void {
  app.post(
    PARTICIPANT,
    {
      onRequest: withClaims(dependencies.tokens),
      schema: {
        tags,
        security: withToken,
        operationId: 'watchParticipant',
        summary: 'Watch a participant by WHEP',
        description: `Plays what somebody sends, also when they come later, leave and return. ${HOW}`,
        consumes: [SDP],
        params: Type.Object({ name: RoomName, identity: Identity }),
        querystring: WatchQuery,
        response: { ...answered, ...errorResponses(...REFUSALS) },
      },
    },
    (request, reply) => {
      const { name, identity } = request.params;
      const asked = { identity, part: request.query.source ?? 'camera' } as const;
      return watch(dependencies, { name, ...asked }, { request, reply });
    },
  );
}

function watchComposite(app: App, dependencies: HttpMediaDependencies): void {
  app.post(
    COMPOSITE,
    {
      onRequest: withClaims(dependencies.tokens),
      schema: {
        tags,
        security: withToken,
        operationId: 'watchComposite',
        summary: 'Watch the composite of a room by WHEP',
        description: `Plays one picture and sound of the whole room. Where it is not made for a recording or a live stream, it is made for as long as somebody watches. ${HOW}`,
        consumes: [SDP],
        params: Type.Object({ name: RoomName }),
        response: {
          ...answered,
          ...errorResponses(
            ...REFUSALS,
            'RECORDING_OFF',
            'RECORDING_CAPACITY',
            'RECORDING_FFMPEG_MISSING',
            'RECORDING_FAILED',
          ),
        },
      },
    },
    (request, reply) => {
      const asked = { name: request.params.name, identity: undefined, part: 'camera' } as const;
      return watch(dependencies, asked, { request, reply });
    },
  );
}

async function watch(
  { media, http }: HttpMediaDependencies,
  asked: { name: string; identity: string | undefined; part: 'camera' | 'screen' },
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const { name, ...what } = asked;
  const offer = textOf(request.body) || undefined;
  const opened = await media.watch(name, { ...what, offer }, callerOf(request));
  describeSession(reply.code(201), { protocol: 'whep', http }, opened);
  if (opened.validUntil !== undefined) {
    const validUntil = new Date(opened.validUntil).toUTCString();
    reply.header('content-type', `${SDP}; valid-until="${validUntil}"`);
  }
  return reply.send(opened.sdp);
}

function patch(app: App, { media }: HttpMediaDependencies): void {
  app.patch(
    SESSION,
    {
      onRequest: withBearer,
      schema: {
        tags,
        security: withToken,
        operationId: 'patchPlaying',
        summary: 'Answer the offer to a player, trickle or restart ICE',
        description:
          'With the SDP answer as body, playing begins (204). With an SDP fragment it is about ICE, as for publishers.',
        consumes: [SDP, ICE_FRAGMENT],
        params: sessionParams,
        response: {
          200: textBody(ICE_FRAGMENT, 'ICE starts anew.'),
          204: Type.Null({ description: 'The answer was taken, or the candidates noted.' }),
          ...errorResponses(
            ...sessionErrors,
            'MEDIA_TYPE_REFUSED',
            'MEDIA_REJECTED',
            'OFFER_NOT_ACCEPTABLE',
            'WRONG_STATE',
            'PRECONDITION_REQUIRED',
            'PRECONDITION_FAILED',
            'MEDIA_UNAVAILABLE',
          ),
        },
      },
    },
    async (request, reply) => {
      const { sessionId } = request.params;
      const type = request.headers['content-type'] ?? '';
      if (type.startsWith(ICE_FRAGMENT))
        return patchIce(media, { protocol: 'whep', sessionId }, { request, reply });
      const answer = textOf(request.body);
      if (answer === '')
        throw new ParleyError('MEDIA_TYPE_REFUSED', { details: { expected: [SDP, ICE_FRAGMENT] } });
      await media.answer(sessionId, answer, bearerToken(request.headers.authorization));
      return reply.code(204).send(null);
    },
  );
}
