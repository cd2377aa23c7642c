import { createHash } from 'node:crypto';
import fastifyJwt, { type FastifyJWTOptions, type JWT } from '@fastify/jwt';
import { ParleyError, TokenClaims } from '@parley/protocol';
import fastify from 'fastify';
import { Value } from 'typebox/value';
import type { Config } from '../config/schema.ts';
import { hasDuplicateKeys } from './duplicateKeys.ts';
import type { ApiKeys } from './secrets.ts';

/** Longest token that is looked at, in characters; as long as `session.hello` takes. */
export const MAX_TOKEN_LENGTH = 8192;

/** Header members that would have the token choose its own key or rules (RFC 7515 section 4.1, RFC 7797). */
const REFUSED_HEADERS = ['crit', 'jku', 'jwk', 'x5u', 'x5c', 'b64'] as const;

/** What a caller decides about a token; the service adds issuer and times. */
export type NewClaims = Omit<TokenClaims, 'iss' | 'exp' | 'iat'>;

/** Whether the sign-in of a host, by what tokens call it, is not over yet. */
export type SignInCheck = (signIn: string) => boolean;

/** Signs and checks join tokens: HS256 and nothing else, one API key. */
export class TokenService {
  readonly #jwt: Pick<JWT, 'sign' | 'verify'>;
  readonly #keys: ApiKeys;
  readonly #isSignedIn: SignInCheck;

  private constructor(jwt: Pick<JWT, 'sign' | 'verify'>, keys: ApiKeys, isSignedIn: SignInCheck) {
    this.#jwt = jwt;
    this.#keys = keys;
    this.#isSignedIn = isSignedIn;
  }

  /** Without `isSignedIn` no token of a signed-in host is valid. */
  static async create(
    keys: ApiKeys,
    config: Pick<Config['auth'], 'clockLeeway'>,
    isSignedIn: SignInCheck = () => false,
  ): Promise<TokenService> {
    const options: FastifyJWTOptions = {
      secret: keys.apiSecret,
      sign: { algorithm: 'HS256', iss: keys.apiKey },
      verify: {
        algorithms: ['HS256'],
        allowedIss: [keys.apiKey],
        requiredClaims: ['iss', 'exp'],
        clockTolerance: config.clockLeeway * 1000,
        cache: false,
      },
    };
    // The plugin wants a Fastify to live on. This one serves nothing, so that tokens need no web server.
    const host = fastify();
    await host.register(fastifyJwt, options);
    await host.ready();
    return new TokenService(host.jwt, keys, isSignedIn);
  }

  /** The API key that tokens carry as issuer. */
  get apiKey(): string {
    return this.#keys.apiKey;
  }

  /** A token that is valid from now for `ttl` seconds. */
  sign(claims: NewClaims, ttl: number): string {
    const now = Math.floor(Date.now() / 1000);
    return this.#jwt.sign({ ...claims, iat: now, exp: now + ttl });
  }

  /**
   * A token that shows who wrote a body: its claim `sha256` is the hash of it, in base64. It is handed to others, so that
   * `verify` does not take it.
   */
  signBody(body: string, ttl: number): string {
    const now = Math.floor(Date.now() / 1000);
    const sha256 = createHash('sha256').update(body).digest('base64');
    return this.#jwt.sign({ sha256, iat: now, exp: now + ttl });
  }

  /**
   * The claims of a token. Rejects with TOKEN_INVALID or TOKEN_EXPIRED; why exactly is only in `cause`, except that who has
   * signed out is told so.
   */
  async verify(token: string): Promise<TokenClaims> {
    const claims = await this.#read(token);
    this.assertSignedIn(claims.session);
    return claims;
  }

  /** Throws TOKEN_INVALID when it came from a sign-in, and that is over. */
  assertSignedIn(signIn: string | undefined): void {
    if (signIn === undefined || this.#isSignedIn(signIn)) return;
    throw new ParleyError('TOKEN_INVALID', {
      message: 'You have signed out, or your sign-in has ended. Sign in, then join again.',
      details: { reason: 'signedOut' },
    });
  }

  async #read(token: string): Promise<TokenClaims> {
    await Promise.resolve();
    try {
      if (token.length > MAX_TOKEN_LENGTH) throw new Error('The token is too long.');
      const claims = this.#jwt.verify<object>(token);
      refuseTrickery(token);
      if ('sha256' in claims) throw new Error('It signs the body of a webhook, and lets nobody in.');
      if (!Value.Check(TokenClaims, claims)) throw new Error('The claims do not have the right shape.');
      return claims;
    } catch (cause) {
      throw new ParleyError(isExpiry(cause) ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID', { cause });
    }
  }
}

/** Runs after the signature was checked, on segments that are known to be JSON objects. */
function refuseTrickery(token: string): void {
  const [header = '', payload = ''] = token
    .split('.')
    .map((segment) => Buffer.from(segment, 'base64url').toString());
  if (hasDuplicateKeys(header) || hasDuplicateKeys(payload)) throw new Error('A member is named twice.');
  const members = JSON.parse(header) as object;
  const refused = REFUSED_HEADERS.find((name) => Object.hasOwn(members, name));
  if (refused) throw new Error(`The header ${refused} is not accepted.`);
}

const isExpiry = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'FAST_JWT_EXPIRED';
