/** Signed-in hosts: the cookie that stands for a token on the pages of this server. */
import cookie from '@fastify/cookie';
import { ParleyError, type TokenClaims } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/schema.ts';
import { claimsOfHost } from '../../auth/hostClaims.ts';
import type { HostSessions } from '../../signin/HostSessions.ts';
import type { HostSessionRecord } from '../../signin/ports.ts';
import type { App } from '../appType.ts';
import type { RoomService } from '../RoomService.ts';

export interface SignedIn {
  session: HostSessionRecord;
  /** What they may do, in the words of a token; of one room, or of none when the name is empty. */
  claimsFor(room: string): TokenClaims;
  /** Throws ORIGIN_REFUSED when another site may have made the browser ask for this. */
  assertOwnPage(): void;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose cookie came with the request. */
    signedIn?: SignedIn;
    /** The cookie stands for the token: none was sent. */
    byCookie?: boolean;
  }
}

interface Dependencies {
  sessions: HostSessions;
  rooms: Pick<RoomService, 'ownerOf'>;
  http: Config['http'];
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Finds out who is signed in, before any route is asked. What is served to everybody alike does not ask. */
export async function registerHostSessions(app: App, { sessions, rooms, http }: Dependencies): Promise<void> {
  await app.register(cookie);
  app.addHook('onRequest', async (request) => {
    await Promise.resolve();
    if (!/^\/(api|auth)\//.test(request.url)) return;
    const secret = request.cookies[cookieName(request, http)];
    const session = secret === undefined ? undefined : sessions.find(secret);
    if (!session) return;
    request.signedIn = {
      session,
      claimsFor: (room) => claimsOfHost(session, { name: room, ownedBy: rooms.ownerOf(room) }),
      assertOwnPage: () => assertOwnPage(request, http),
    };
  });
}

/** Puts the cookie of a new session into the browser. `maxAge` in seconds. */
export function keepSession(
  reply: FastifyReply,
  { secret, maxAge }: { secret: string; maxAge: number },
  http: Config['http'],
): void {
  const name = cookieName(reply.request, http);
  reply.setCookie(name, secret, { ...cookieOptions(reply.request, http), maxAge });
}

export function dropSession(reply: FastifyReply, http: Config['http']): void {
  reply.clearCookie(cookieName(reply.request, http), cookieOptions(reply.request, http));
}

/**
 * Throws ORIGIN_REFUSED unless a page of this server asks: the browser sends the cookie whoever made it ask. SameSite=Lax
 * keeps other sites away; this also keeps away other ports and names of the same site (https://w3c.github.io/webappsec-fetch-metadata/).
 */
export function assertOwnPage(request: FastifyRequest, http: Config['http']): void {
  if (SAFE_METHODS.has(request.method)) return;
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const own = [ownOrigin(request), URL.parse(http.publicUrl)?.origin];
  const isOwn = site === undefined ? origin !== undefined && own.includes(origin) : site === 'same-origin';
  if (isOwn) return;
  throw new ParleyError('ORIGIN_REFUSED', {
    message: 'Being signed in counts on the pages of this server only. From elsewhere, send a token.',
  });
}

const ownOrigin = (request: FastifyRequest): string | undefined =>
  URL.parse(`${request.protocol}://${request.host}`)?.origin;

/** Also behind a proxy that speaks https for this server, and is not trusted to say so. */
export function isSecure(request: FastifyRequest, http: Config['http']): boolean {
  if (request.protocol === 'https') return true;
  const url = URL.parse(http.publicUrl);
  return url?.protocol === 'https:' && url.host === request.host;
}

/** With the prefix, no page of http and no other host of the site can set it (RFC 6265bis section 4.1.3.2). */
const cookieName = (request: FastifyRequest, http: Config['http']): string =>
  isSecure(request, http) ? '__Host-parley' : 'parley';

const cookieOptions = (request: FastifyRequest, http: Config['http']) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(request, http) }) as const;
