import { RoomNotice } from '@parley/protocol';
import { joinGrantsOf, mayModerate } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import { networkOf } from '../../util/networkOf.ts';
import type { AddressLimiter } from '../AddressLimiter.ts';
import type { App } from '../appType.ts';
import { annotate, errorResponses } from '../openApi.ts';
import { claimsIfAny } from '../plugins/auth.ts';
import type { RoomService } from '../RoomService.ts';
import { RoomParams } from './host.ts';

interface Dependencies {
  rooms: Pick<RoomService, 'noticeFor'>;
  tokens: Pick<TokenService, 'verify'>;
  limiter: AddressLimiter;
}

/** For the page on which people look at themselves before they come in. */
export function noticeRoutes(app: App, { rooms, tokens, limiter }: Dependencies): void {
  app.get(
    '/rooms/:name/notice',
    {
      onRequest: async (request) => {
        await Promise.resolve();
        limiter.assertMay(request.ip);
      },
      schema: {
        tags: ['guests'],
        operationId: 'getRoomNotice',
        summary: 'Whether one will be recorded',
        description:
          'What people are to know before they come in: whether the meeting is recorded or streamed, and whether they will be asked to agree. Needs no token; with one, it is told what its bearer may know. Of a room that they could not enter, because it is locked, has a password that they have not shown, or does not exist, the answer is as of one where nothing goes on; who has shown the password gets the same as `notice` with their token.',
        params: RoomParams,
        response: {
          200: annotate(RoomNotice, { description: 'What goes on.' }),
          ...errorResponses('TOKEN_INVALID', 'TOKEN_EXPIRED', 'PERMISSION_DENIED', 'RATE_LIMITED'),
        },
      },
    },
    async (request) => {
      const { name } = request.params;
      const claims = await claimsIfAny(request, tokens, name);
      const isForHere = claims?.video?.roomJoin === true && claims.video.room === name;
      return rooms.noticeFor(name, {
        grants: isForHere ? joinGrantsOf(claims) : undefined,
        isHost: claims !== undefined && !isForHere && mayModerate(claims, name),
        network: networkOf(request.ip),
      });
    },
  );
}
