import { RoomName } from '@parley/protocol';
import { Type } from 'typebox';
import type { App } from '../appType.ts';
import { errorResponses, withToken } from '../openApi.ts';
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

const tags = ['whip'];
const ENDPOINT = '/whip/:name';
const SESSION = '/whip/sessions/:sessionId';

/** Media in by WHIP (RFC 9725): an encoder becomes a participant. */
export async function whipRoutes(app: App, dependencies: HttpMediaDependencies): Promise<void> {
  await app.register((endpoint: App) => {
    takeOnly(endpoint, SDP);
    publish(endpoint, dependencies);
    addressRoutes(endpoint, ENDPOINT, { post: SDP });
    return Promise.resolve();
  });
  await app.register((session: App) => {
    takeOnly(session, ICE_FRAGMENT);
    patch(session, dependencies);
    addressRoutes(session, SESSION, { patch: ICE_FRAGMENT });
    return Promise.resolve();
  });
  // Many clients name a type also where they send nothing, as with DELETE.
  endRoute(app, dependencies, {
    protocol: 'whip',
    operationId: 'endPublishing',
    summary: 'End publishing by WHIP',
    tags,
  });
}

function publish(app: App, { media, tokens, http }: HttpMediaDependencies): void {
  app.post(
    ENDPOINT,
    {
      onRequest: withClaims(tokens),
      schema: {
        tags,
        security: withToken,
        operationId: 'publish',
        summary: 'Publish by WHIP',
        description:
          'Brings an encoder into a room as a participant of kind `ingress`, with the SDP offer as body. The token is one for joining this room; each encoder needs its own identity. See whip-whep.md.',
        consumes: [SDP],
        params: Type.Object({ name: RoomName }),
        querystring: Type.Object({
          as: Type.Optional(
            Type.Enum(['camera', 'screen'], {
              description:
                'What it is seen as: camera and microphone (the default), or a shared screen and its sound.',
            }),
          ),
        }),
        response: {
          201: textBody(
            SDP,
            'The SDP answer. `Location` is the session, `ETag` its ICE, `Link` the ICE servers.',
          ),
          ...errorResponses(
            'TOKEN_MISSING',
            'TOKEN_INVALID',
            'TOKEN_EXPIRED',
            'PERMISSION_DENIED',
            'MEDIA_TYPE_REFUSED',
            'MEDIA_REJECTED',
            'OFFER_NOT_ACCEPTABLE',
            'ACCESS_REFUSED',
            'BANNED',
            'LOBBY_WAITING',
            'IDENTITY_TAKEN',
            'ROOM_FULL',
            'ROOM_NOT_OPEN',
            'FRAME_TOO_LARGE',
            'MEDIA_UNAVAILABLE',
            'SHUTTING_DOWN',
          ),
        },
      },
    },
    async (request, reply) => {
      const options = { offer: textOf(request.body), as: request.query.as ?? 'camera' } as const;
      const opened = await media.publish(request.params.name, options, callerOf(request));
      return describeSession(reply.code(201), { protocol: 'whip', http }, opened).send(opened.sdp);
    },
  );
}

function patch(app: App, { media }: HttpMediaDependencies): void {
  app.patch(
    SESSION,
    {
      onRequest: withBearer,
      schema: {
        tags,
        security: withToken,
        operationId: 'patchPublishing',
        summary: 'Trickle or restart ICE of a publisher',
        description:
          'Candidates with `If-Match` set to the ETag are noted (204). Other credentials, or `If-Match: *`, restart ICE: the answer has the server’s (200) and another ETag.',
        consumes: [ICE_FRAGMENT],
        params: sessionParams,
        response: {
          200: textBody(ICE_FRAGMENT, 'ICE starts anew.'),
          204: Type.Null({ description: 'The candidates were noted.' }),
          ...errorResponses(
            ...sessionErrors,
            'MEDIA_TYPE_REFUSED',
            'MEDIA_REJECTED',
            'PRECONDITION_REQUIRED',
            'PRECONDITION_FAILED',
            'MEDIA_UNAVAILABLE',
          ),
        },
      },
    },
    (request, reply) =>
      patchIce(media, { protocol: 'whip', sessionId: request.params.sessionId }, { request, reply }),
  );
}
