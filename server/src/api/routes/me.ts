import { JoinOwnRoomBody, JoinOwnRoomResult, MeResult, ParleyError, type Role } from '@parley/protocol';
import type { TokenService } from '../../auth/TokenService.ts';
import type { Config } from '../../config/schema.ts';
import type { FastifyRequest } from 'fastify';
import { networkOf } from '../../util/networkOf.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses } from '../openApi.ts';
import type { PhoneAdmin } from '../PhoneAdmin.ts';
import type { SignedIn } from '../plugins/hostSession.ts';
import type { RoomService } from '../RoomService.ts';
import { grantsOf, webSocketUrl } from './guests.ts';

interface Dependencies {
  rooms: Pick<RoomService, 'openFor' | 'ownerOf' | 'noticeFor'>;
  tokens: Pick<TokenService, 'sign'>;
  config: Pick<Config, 'http' | 'auth'>;
  phones: Pick<PhoneAdmin, 'isOn'>;
}

/** Who is signed in, and their tokens. */
export function meRoutes(app: App, dependencies: Dependencies): void {
  getMe(app, dependencies);
  createOwnToken(app, dependencies);
}

function getMe(app: App, { phones }: Dependencies): void {
  app.get(
    '/me',
    {
      schema: {
        tags: ['sign-in'],
        operationId: 'getMe',
        summary: 'Who is signed in',
        description: 'Whose cookie it is that the browser sends; null where nobody is signed in.',
        response: { 200: annotate(MeResult, { description: 'Who it is.' }), ...errorResponses() },
      },
    },
    (request) => {
      if (!request.signedIn) return { host: null };
      const { identity, displayName, email, isAdmin, way } = request.signedIn.session;
      return { host: { identity, displayName, email, isAdmin, way, phones: phones.isOn } };
    },
  );
}

function createOwnToken(app: App, { rooms, tokens, config }: Dependencies): void {
  app.post(
    '/me/token',
    {
      schema: {
        tags: ['sign-in'],
        operationId: 'createOwnToken',
        summary: 'Get a token as a signed-in host',
        description:
          'For joining a room: as its owner, for administrators and for whoever made it by signing in; else as a participant whose name is vouched for, and who is no guest. Takes the cookie of somebody signed in, on the pages of this server.',
        body: annotate(JoinOwnRoomBody, { examples: [{ room: 'demo', displayName: 'Ann', create: true }] }),
        response: {
          200: annotate(JoinOwnRoomResult, { description: 'Come in.' }),
          ...errorResponses('TOKEN_MISSING', 'ORIGIN_REFUSED', 'ROOM_NOT_FOUND'),
        },
      },
    },
    (request) => {
      const { signedIn } = request;
      if (!signedIn) {
        throw new ParleyError('TOKEN_MISSING', {
          message: 'You are not signed in, or not any more. Sign in, then try again.',
        });
      }
      signedIn.assertOwnPage();
      const { room, displayName, create = false } = request.body;
      rooms.openFor(room, { ownedBy: ownerFor(signedIn), create });
      const { session } = signedIn;
      const role: Role =
        session.isAdmin || rooms.ownerOf(room) === session.identity ? 'owner' : 'participant';
      const claims = {
        sub: session.identity,
        name: displayName ?? session.displayName,
        role,
        session: session.secretHash,
        video: { room, roomJoin: true, canUpdateOwnMetadata: true },
      };
      const token = tokens.sign(claims, config.auth.guestTokenTtl);
      const notice = rooms.noticeFor(room, { grants: grantsOf(claims), network: networkOf(request.ip) });
      const base = config.http.publicUrl || `${request.protocol}://${request.host}`;
      return { token, url: webSocketUrl(base), room, identity: session.identity, role, notice };
    },
  );
}

/** Whom a room made by them belongs to. Those of the admin link are somebody else each time: what they make is all administrators’. */
const ownerFor = ({ session }: SignedIn): string | null => (session.way === 'oidc' ? session.identity : null);

/** Whom a new room belongs to: to nobody when it is made with a token. */
export const ownerIn = ({ byCookie, signedIn }: FastifyRequest): string | null =>
  byCookie && signedIn ? ownerFor(signedIn) : null;
