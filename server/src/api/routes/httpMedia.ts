/** What the routes of WHIP (RFC 9725) and WHEP have in common. */
import { ParleyError, type IceServer } from '@parley/protocol';
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { Type } from 'typebox';
import type { TokenService } from '../../auth/TokenService.ts';
import type { Config } from '../../config/schema.ts';
import { networkOf } from '../../util/networkOf.ts';
import type { App } from '../appType.ts';
import type { HttpMediaService, MediaCaller, OpenedSession, SessionAddress } from '../HttpMediaService.ts';
import { errorResponses, withToken } from '../openApi.ts';
import { bearerToken } from '../plugins/auth.ts';

export const SDP = 'application/sdp';
export const ICE_FRAGMENT = 'application/trickle-ice-sdpfrag';

export interface HttpMediaDependencies {
  media: HttpMediaService;
  tokens: Pick<TokenService, 'verify'>;
  http: Config['http'];
}

/** Bodies are text, of the media types named and of no other. */
export function takeOnly(app: App, ...types: string[]): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(types, { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addContentTypeParser('*', (_request, _payload, done) =>
    done(new ParleyError('MEDIA_TYPE_REFUSED', { details: { expected: types } }), undefined),
  );
}

export const textOf = (body: unknown): string => (typeof body === 'string' ? body : '');

/** Checks the token before the body is read. */
export const withClaims = (tokens: Pick<TokenService, 'verify'>) => async (request: FastifyRequest) => {
  request.claims = await tokens.verify(bearerToken(request.headers.authorization));
};

/** The token alone: that of a session may have expired since. */
export const withBearer = async ({ headers }: FastifyRequest): Promise<void> => {
  await Promise.resolve();
  bearerToken(headers.authorization);
};

export function callerOf(request: FastifyRequest): MediaCaller {
  if (!request.claims) throw new ParleyError('TOKEN_MISSING');
  const token = bearerToken(request.headers.authorization);
  return { token, claims: request.claims, network: networkOf(request.ip) };
}

/** Fills in what every answer has that opens a session. */
export function describeSession(
  reply: FastifyReply,
  { protocol, http }: { protocol: 'whip' | 'whep'; http: Config['http'] },
  { sessionId, etag, iceServers }: Omit<OpenedSession, 'sdp'>,
): FastifyReply {
  const prefix = URL.parse(http.publicUrl)?.pathname.replace(/\/+$/, '') ?? '';
  return reply.headers({
    'cache-control': 'no-store',
    'content-type': SDP,
    // NOTE: not relative to the endpoint: some encoders join it to the host, whatever it begins with.
    location: `${prefix}/${protocol}/sessions/${sessionId}`,
    etag,
    'accept-patch': protocol === 'whip' ? ICE_FRAGMENT : `${ICE_FRAGMENT}, ${SDP}`,
    ...(iceServers.length > 0 && { link: iceServers.flatMap(linksOf) }),
  });
}

/** RFC 9725 section 4.6. */
function linksOf({ urls, username, credential }: IceServer): string[] {
  const quoted = (value: string): string =>
    `"${value.replace(/[\\"]/g, '\\$&').replace(/[^\x20-\x7e]/g, '')}"`;
  const secret =
    username !== undefined && credential !== undefined
      ? `; username=${quoted(username)}; credential=${quoted(credential)}; credential-type="password"`
      : '';
  return urls
    .filter((url) => /^(stun|turn)s?:[\x21-\x7e]+$/.test(url) && !/[<>]/.test(url))
    .map((url) => `<${url}>; rel="ice-server"${secret}`);
}

/**
 * What every address of WHIP and WHEP answers, beside what it is for: OPTIONS, also to what is no browser, says what is
 * taken; GET finds nothing to show; the rest is kept for later versions of the standards (RFC 9725 sections 4.1 and 4.2).
 */
export function addressRoutes(app: App, url: string, takes: { post?: string; patch?: string }): void {
  const allowed: HTTPMethods[] = takes.post === undefined ? ['PATCH', 'DELETE'] : ['POST'];
  const allow = [...allowed, 'GET', 'HEAD', 'OPTIONS'].join(', ');
  app.options(url, {
    schema: { hide: true },
    // CORS has answered by then; this is put on top.
    onSend: async (_request, reply, payload) => {
      await Promise.resolve();
      reply.code(200).header('allow', allow);
      if (takes.post !== undefined) reply.header('accept-post', takes.post);
      if (takes.patch !== undefined) reply.header('accept-patch', takes.patch);
      return payload;
    },
    handler: (_request, reply) => reply.send(),
  });
  app.get(url, { schema: { hide: true } }, (_request, reply) => reply.code(204).send());
  const others: HTTPMethods[] = ['POST', 'PUT', 'PATCH', 'DELETE'];
  app.route({
    url,
    method: others.filter((method) => !allowed.includes(method)),
    schema: { hide: true },
    onRequest: async (_request, reply) => {
      await Promise.resolve();
      reply.header('allow', allow);
      throw new ParleyError('METHOD_NOT_ALLOWED');
    },
    handler: (_request, reply) => reply.send(),
  });
}

const SessionParams = Type.Object({ sessionId: Type.String({ maxLength: 64 }) });
export const sessionErrors = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'PERMISSION_DENIED',
  'SESSION_NOT_FOUND',
] as const;

export const sessionParams = SessionParams;

/** Ends a session. */
export function endRoute(
  app: App,
  { media }: HttpMediaDependencies,
  about: { protocol: SessionAddress['protocol']; operationId: string; summary: string; tags: string[] },
): void {
  const { protocol, ...named } = about;
  app.delete(
    `/${protocol}/sessions/:sessionId`,
    {
      onRequest: withBearer,
      schema: {
        ...named,
        security: withToken,
        description: 'Takes the token that opened the session, or another for the same person and room.',
        params: SessionParams,
        response: { 200: emptyBody('It is over.'), ...errorResponses(...sessionErrors) },
      },
    },
    async (request, reply) => {
      const token = bearerToken(request.headers.authorization);
      await media.end({ protocol, sessionId: request.params.sessionId }, token);
      return reply.code(200).send();
    },
  );
}

/** Answers a PATCH about ICE. */
export async function patchIce(
  media: HttpMediaService,
  { protocol, sessionId }: SessionAddress,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const change = { body: textOf(request.body), ifMatch: request.headers['if-match'] };
  const token = bearerToken(request.headers.authorization);
  const outcome = await media.patch({ protocol, sessionId }, change, token);
  if (outcome.kind === 'trickled') return reply.code(204).send();
  return reply
    .code(200)
    .headers({ etag: outcome.etag, 'content-type': ICE_FRAGMENT, 'cache-control': 'no-store' })
    .send(outcome.fragment);
}

/** An answer that is no 204, and has no body all the same. */
export const emptyBody = (description: string): object => ({ type: 'null', description });

export const textBody = (type: string, description: string): object => ({
  description,
  content: { [type]: { schema: Type.String() } },
});
