/** `/auth/…`: to the OpenID provider and back, by the admin link, and out again. Pages and redirects; no part of the REST API. */
import { randomBytes } from 'node:crypto';
import { Signer } from '@fastify/cookie';
import { ParleyError } from '@parley/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Config } from '../../config/schema.ts';
import type { SignInDesk } from '../../signin/SignInDesk.ts';
import { SignInError } from '../../signin/OidcProvider.ts';
import { safeReturnTo } from '../../signin/returnTo.ts';
import { AddressLimiter } from '../AddressLimiter.ts';
import type { App } from '../appType.ts';
import { assertOwnPage, dropSession, isSecure, keepSession } from '../plugins/hostSession.ts';
import { FAULTS, faultPage } from '../signInPages.ts';

interface Dependencies {
  desk: SignInDesk;
  http: Config['http'];
}

const ATTEMPT_COOKIE = 'parley-signin';
/** How long somebody may take at the provider, seconds. */
const ATTEMPT_TTL = 900;
const AttemptCookie = Type.Object({
  state: Type.String(),
  nonce: Type.String(),
  codeVerifier: Type.String(),
  returnTo: Type.String(),
  until: Type.Integer(),
});
type AttemptCookie = Static<typeof AttemptCookie>;
const hidden = { schema: { hide: true } } as const;

export function signInRoutes(app: App, dependencies: Dependencies): void {
  app.addHook('onRequest', async (_request, reply) => {
    // The address of the callback holds a code.
    void reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });
  // So that another site of the same domain cannot slip in an attempt of its own.
  const seal = makeSeal();
  for (const add of [login, callback]) add(app, { ...dependencies, seal });
  adminLink(app, dependencies);
  logout(app, dependencies);
}

/** Signs what the browser keeps during one try. The key is made anew with each start: a try does not outlive it. */
function makeSeal() {
  const secret = randomBytes(32).toString('base64url');
  const signer = new Signer(secret);
  return {
    close: (attempt: AttemptCookie): string =>
      signer.sign(Buffer.from(JSON.stringify(attempt)).toString('base64url')),
    open: (text: string | undefined): AttemptCookie | undefined => {
      const { valid, value } = signer.unsign(text ?? '');
      if (!valid || value === null) return undefined;
      const attempt: unknown = JSON.parse(Buffer.from(value, 'base64url').toString());
      return Value.Check(AttemptCookie, attempt) && Date.now() < attempt.until ? attempt : undefined;
    },
  };
}
type Sealed = Dependencies & { seal: ReturnType<typeof makeSeal> };

function login(app: App, { desk, http, seal }: Sealed): void {
  const limiter = new AddressLimiter({ burst: 30, perSecond: 0.5 });
  app.get('/auth/login', hidden, async (request, reply) => {
    const returnTo = safeReturnTo(fieldOf(request.query, 'returnTo'));
    const provider = desk.provider;
    if (!provider) return reply.redirect('/auth/admin', 303);
    if (limiter.take(request.ip) > 0) return refuse(reply, 'tooMany', returnTo);
    try {
      const { url, attempt } = await provider.begin(redirectUri(request, http));
      const until = Date.now() + ATTEMPT_TTL * 1000;
      reply.setCookie(ATTEMPT_COOKIE, seal.close({ ...attempt, returnTo, until }), {
        ...attemptOptions(request, http),
        maxAge: ATTEMPT_TTL,
      });
      return await reply.redirect(url.href, 303);
    } catch (error) {
      return refuseFor(error, reply, returnTo);
    }
  });
}

function callback(app: App, { desk, http, seal }: Sealed): void {
  app.get('/auth/callback', hidden, async (request, reply) => {
    const attempt = seal.open(request.cookies[ATTEMPT_COOKIE]);
    // Whatever comes of it, it is not tried twice.
    reply.clearCookie(ATTEMPT_COOKIE, attemptOptions(request, http));
    if (!desk.provider || !attempt) return refuse(reply, 'lostAttempt', '/');
    const { returnTo, state } = attempt;
    if (fieldOf(request.query, 'state') !== state) return refuse(reply, 'lostAttempt', returnTo);
    try {
      const cameTo = new URL(redirectUri(request, http));
      cameTo.search = URL.parse(request.url, 'http://parley.invalid')?.search ?? '';
      const session = await desk.signIn(cameTo, attempt);
      if (request.signedIn) desk.sessions.end(request.signedIn.session);
      keepSession(reply, session, http);
      return await reply.redirect(returnTo, 303);
    } catch (error) {
      return refuseFor(error, reply, returnTo);
    }
  });
}

function adminLink(app: App, { desk, http }: Dependencies): void {
  const limiter = new AddressLimiter({ burst: 10, perSecond: 1 / 30 });
  const body = Type.Object({ secret: Type.String({ maxLength: 256 }) }, { additionalProperties: false });
  app.post('/auth/admin', { schema: { hide: true, body } }, async (request, reply) => {
    assertOwnPage(request, http);
    const retryAfter = limiter.take(request.ip);
    if (retryAfter > 0) throw new ParleyError('TOO_MANY_TRIES', { details: { retryAfter } });
    const session = desk.signInByLink(request.body.secret);
    if (!session) {
      request.log.warn({ address: request.ip }, 'wrong admin link');
      throw new ParleyError('ACCESS_REFUSED', {
        message:
          'This admin link is not valid any more, or not whole. `npm run parley -- admin-link` on the server prints a new one.',
      });
    }
    if (request.signedIn) desk.sessions.end(request.signedIn.session);
    keepSession(reply, session, http);
    return reply.code(200).send({ signedIn: true });
  });
}

function logout(app: App, { desk, http }: Dependencies): void {
  app.post('/auth/logout', hidden, async (request, reply) => {
    assertOwnPage(request, http);
    const session = request.signedIn?.session;
    dropSession(reply, http);
    if (!session) return { url: '/' };
    desk.sessions.end(session);
    request.log.info({ identity: session.identity }, 'host signed out');
    const returnTo = `${baseUrl(request, http)}/`;
    const ended = session.way === 'oidc' ? await desk.provider?.endUrl({ ...session, returnTo }) : undefined;
    return { url: ended ?? '/' };
  });
}

const baseUrl = (request: FastifyRequest, http: Config['http']): string =>
  http.publicUrl.replace(/\/+$/, '') || `${request.protocol}://${request.host}`;

const redirectUri = (request: FastifyRequest, http: Config['http']): string =>
  `${baseUrl(request, http)}/auth/callback`;

const attemptOptions = (request: FastifyRequest, http: Config['http']) =>
  ({ path: '/auth', httpOnly: true, sameSite: 'lax', secure: isSecure(request, http) }) as const;

function fieldOf(query: unknown, name: string): unknown {
  if (typeof query !== 'object' || query === null || !Object.hasOwn(query, name)) return undefined;
  return (query as Record<string, unknown>)[name];
}

function refuseFor(error: unknown, reply: FastifyReply, returnTo: string): FastifyReply {
  if (!(error instanceof SignInError)) throw error;
  reply.request.log.warn({ fault: error.fault, err: error.cause }, 'signing in failed');
  return refuse(reply, error.fault, returnTo);
}

function refuse(reply: FastifyReply, fault: keyof typeof FAULTS, returnTo: string): FastifyReply {
  const again = `/auth/login?returnTo=${encodeURIComponent(returnTo)}`;
  return reply.code(FAULTS[fault].status).type('text/html; charset=utf-8').send(faultPage(fault, again));
}
