import { ParleyError, type TokenClaims } from '@parley/protocol';
import type { FastifyRequest, onRequestAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify';
import type { TokenService } from '../../auth/TokenService.ts';

/** Decides from the claims and the name of the room that the request is about; empty when it is about none. */
export interface Access {
  allows(claims: TokenClaims, room: string): boolean;
  /** The grants that it takes, for whoever lacks them. */
  needs: string;
  /** The room that the request is about, where it does not name it as `name`. May throw. */
  roomOf?(request: FastifyRequest): string;
  /** Signed-in hosts may ask as well: the route gives them only what is theirs. */
  givesHostsTheirOwn?: boolean;
}
type Tokens = Pick<TokenService, 'verify'>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Claims of the token, where a guard stands before the route. */
    claims?: TokenClaims;
  }
}

/**
 * Route options that let nobody in without a token (RFC 6750), or the cookie of a signed-in host in its place, that
 * `access` agrees to. The token is checked before the body is read, and access once name and body are known to be valid.
 */
export function guard(
  tokens: Tokens,
  { allows, needs, roomOf, givesHostsTheirOwn = false }: Access,
): { onRequest: onRequestAsyncHookHandler; preHandler: preHandlerAsyncHookHandler } {
  return {
    onRequest: async (request) => {
      if (request.signedIn && request.headers.authorization === undefined) {
        request.signedIn.assertOwnPage();
        request.byCookie = true;
        return;
      }
      request.claims = await verify(tokens, bearerToken(request.headers.authorization));
    },
    preHandler: async (request) => {
      await Promise.resolve();
      const room = roomOf?.(request) ?? nameIn(request.params) ?? nameIn(request.body) ?? '';
      if (request.byCookie && request.signedIn) request.claims = request.signedIn.claimsFor(room);
      if (request.byCookie && givesHostsTheirOwn) return;
      if (!request.claims || !allows(request.claims, room))
        throw new ParleyError('PERMISSION_DENIED', {
          message: request.byCookie
            ? 'Only administrators and whoever made the room may do this.'
            : `The token does not allow this. It needs ${needs}.`,
        });
    },
  };
}

/** Claims of whoever shows a token or is signed in; undefined for others. Throws TOKEN_INVALID, TOKEN_EXPIRED. */
export async function claimsIfAny(
  request: FastifyRequest,
  tokens: Tokens,
  room: string,
): Promise<TokenClaims | undefined> {
  const { authorization } = request.headers;
  if (authorization === undefined) return request.signedIn?.claimsFor(room);
  return verify(tokens, bearerToken(authorization));
}

/** Who uses REST makes tokens, and is told what they are checked for. */
async function verify(tokens: Tokens, token: string): Promise<TokenClaims> {
  try {
    return await tokens.verify(token);
  } catch (error) {
    if (!(error instanceof ParleyError) || error.code !== 'TOKEN_INVALID' || error.details) throw error;
    throw new ParleyError('TOKEN_INVALID', {
      message:
        'The token is not valid here. It has to be a JWT signed with HS256 and the secret of this server’s API key, which is its claim iss.',
      cause: error,
    });
  }
}

/** Throws TOKEN_MISSING. */
export function bearerToken(header: string | undefined): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
  if (token === undefined) {
    throw new ParleyError('TOKEN_MISSING', {
      message: 'A token is needed: send the header Authorization with `Bearer` and a token.',
    });
  }
  return token;
}

function nameIn(source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null || !('name' in source)) return undefined;
  return typeof source.name === 'string' ? source.name : undefined;
}
