/** What the routes for hosts have in common. */
import { ParleyError, RoomName } from '@parley/protocol';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { callerOf, mayAskAsHost, type Caller } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { Desk } from '../../room/HostDesk.ts';
import { withToken } from '../openApi.ts';
import { guard } from '../plugins/auth.ts';

export const RoomParams = Type.Object({ name: RoomName });
export const AUTH_ERRORS = ['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'PERMISSION_DENIED'] as const;
export const HOST_ERRORS = [...AUTH_ERRORS, 'ROOM_NOT_FOUND'] as const;

export const HOSTS =
  'Needs the grant `roomAdmin`, for this room or for all, or to be a host of this room: by the token, or because one was made a host in the meeting.';

export const aboutHosts = <T extends string>(tag: T) => ({
  tags: [tag],
  security: withToken,
  description: HOSTS,
});

/** Lets in who may be a host; the room itself knows whether they are. */
export const hostGuard = (tokens: Pick<TokenService, 'verify'>) =>
  guard(tokens, {
    allows: mayAskAsHost,
    needs: 'the grant roomAdmin, or roomJoin as a host, for this room',
  });

/** Who asks. There is always somebody behind a guard. */
export function callerIn({ claims, byCookie, signedIn }: FastifyRequest): Caller {
  if (!claims) throw new ParleyError('TOKEN_MISSING');
  return { ...callerOf(claims), ownsThisOnly: byCookie === true && signedIn?.session.isAdmin === false };
}

export const deskOf = (request: FastifyRequest & { params: { name: string } }): Desk => ({
  room: request.params.name,
  by: callerIn(request),
});

/** No body means no wishes. */
export async function emptyBodyIsNone(request: FastifyRequest): Promise<void> {
  await Promise.resolve();
  const body: unknown = request.body;
  if (body === undefined) request.body = {};
}
