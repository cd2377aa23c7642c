import { randomBytes } from 'node:crypto';
import { GuestJoinBody, GuestJoinResult, ParleyError, RoomName, type TokenClaims } from '@parley/protocol';
import { Type } from 'typebox';
import { joinGrantsOf, type JoinGrants } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { Config } from '../../config/schema.ts';
import { networkOf } from '../../util/networkOf.ts';
import type { AddressLimiter } from '../AddressLimiter.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses } from '../openApi.ts';
import type { RoomService } from '../RoomService.ts';

export interface GuestDependencies {
  rooms: Pick<RoomService, 'admitGuest' | 'noticeFor'>;
  tokens: Pick<TokenService, 'sign'>;
  config: Pick<Config, 'http' | 'auth'>;
  limiter: AddressLimiter;
}

export function guestRoutes(app: App, { rooms, tokens, config, limiter }: GuestDependencies): void {
  app.post(
    '/rooms/:name/join',
    {
      onRequest: async (request) => {
        await Promise.resolve();
        limiter.assertMay(request.ip);
      },
      schema: {
        tags: ['guests'],
        operationId: 'joinAsGuest',
        summary: 'Join as a guest',
        description:
          'Gives somebody without a token one, for a room that admits guests, or by an invitation. Who makes a room this way is a host of its first meeting. Open the WebSocket at `url`, and send `token` in `session.hello`.',
        params: Type.Object({ name: RoomName }),
        body: annotate(GuestJoinBody, { examples: [{ displayName: 'Ann', create: true }] }),
        response: {
          200: annotate(GuestJoinResult, { description: 'Come in.' }),
          ...errorResponses(
            'ACCESS_REFUSED',
            'TOO_MANY_TRIES',
            'GUESTS_REFUSED',
            'ROOM_FULL',
            'RATE_LIMITED',
          ),
        },
      },
    },
    async (request) => {
      const { displayName, create = false, password, invite: code } = request.body;
      const url = webSocketUrl(config.http.publicUrl || `${request.protocol}://${request.host}`);
      // Hard to guess: who knows the identity of somebody could take their place.
      const identity = `guest-${randomBytes(9).toString('base64url')}`;
      const network = networkOf(request.ip);
      const { room, passwordShown, invite } = await rooms.admitGuest(request.params.name, {
        ...{ identity, create },
        network,
        ...(password !== undefined && { password }),
        ...(code !== undefined && { invite: code }),
      });
      const claims = {
        sub: identity,
        name: displayName,
        role: invite?.role ?? room.settings.guestRole,
        guest: true,
        ...(invite && { invite: invite.inviteId }),
        ...(passwordShown !== undefined && { pass: passwordShown }),
        video: { room: room.name, roomJoin: true, canUpdateOwnMetadata: true },
      };
      const token = tokens.sign(claims, config.auth.guestTokenTtl);
      const notice = rooms.noticeFor(room.name, { grants: grantsOf(claims), network });
      return { token, url, room: room.name, identity, notice };
    },
  );
}

/** What a token with these claims, made at this moment, is good for. */
export const grantsOf = (claims: Omit<TokenClaims, 'iss' | 'exp'>): JoinGrants =>
  joinGrantsOf({ ...claims, iss: '', exp: Date.now() / 1000 });

/** The WebSocket address that belongs to a base URL. Throws INVALID_REQUEST when that cannot be read. */
export function webSocketUrl(base: string): string {
  const url = URL.parse(base);
  if (!url?.host || !/^https?:$/.test(url.protocol)) {
    throw new ParleyError('INVALID_REQUEST', { message: 'The header Host is missing or not valid.' });
  }
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.protocol === 'https:' ? 'wss' : 'ws'}://${url.host}${path}/ws`;
}
