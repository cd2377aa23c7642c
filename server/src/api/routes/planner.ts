/** What the routes of scheduled meetings have in common. */
import { ParleyError, type ScheduleInfo, type ScheduleRecord, type TokenClaims } from '@parley/protocol';
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { Type } from 'typebox';
import { callerOf, mayAskAsHost, mayListRooms, mayManageRoom } from '../../auth/grants.ts';
import type { TokenService } from '../../auth/TokenService.ts';
import type { Planner, Schedules, ScheduleView } from '../../schedules/Schedules.ts';
import type { AddressLimiter } from '../AddressLimiter.ts';
import { withToken } from '../openApi.ts';
import type { PhoneAdmin } from '../PhoneAdmin.ts';
import { guard } from '../plugins/auth.ts';
import { publicUrlFor, type Whereabouts } from '../publicUrl.ts';
import { AUTH_ERRORS } from './host.ts';
import { ownerIn } from './me.ts';

export interface ScheduleDependencies {
  schedules: Schedules;
  tokens: Pick<TokenService, 'verify'>;
  whereabouts: Whereabouts;
  phones: Pick<PhoneAdmin, 'dialInOf'>;
  /** Following a rule costs time, so nobody makes the server follow many. */
  limiter: AddressLimiter;
}

export const ScheduleParams = Type.Object({ scheduleId: Type.String({ maxLength: 64 }) });
export const aboutSchedules = { tags: ['schedules'], security: withToken } as const;
export const PLANNERS =
  'Needs the grant `roomCreate` or `roomAdmin`, for the room or for all, or to be a host of the room.';
export const READERS = `${PLANNERS} With the grant \`roomList\` one may read.`;
export const READ_ERRORS = [...AUTH_ERRORS, 'SCHEDULE_NOT_FOUND'] as const;
export const CHANGE_ERRORS = [...READ_ERRORS, 'SCHEDULE_CANCELLED', 'RATE_LIMITED'] as const;

type RoomOf = (request: FastifyRequest) => string;

export const roomInBody: RoomOf = ({ body }) => memberOf(body, 'room');
export const roomInQuery: RoomOf = ({ query }) => memberOf(query, 'room');
/** Throws SCHEDULE_NOT_FOUND. */
export const roomOfSchedule =
  (schedules: Schedules): RoomOf =>
  ({ params }) =>
    schedules.roomOf(memberOf(params, 'scheduleId'));

/** Text that was validated before; empty when it was left away. */
function memberOf(source: unknown, name: string): string {
  if (typeof source !== 'object' || source === null) return '';
  const value: unknown = Reflect.get(source, name);
  return typeof value === 'string' ? value : '';
}

/** Lets in who may be a host, not too often; the room itself knows whether they are. */
export function plannerGuard({ tokens, limiter }: ScheduleDependencies, roomOf: RoomOf) {
  const { onRequest, preHandler } = guard(tokens, {
    allows: (claims, room) => mayManageRoom(claims, room) || mayAskAsHost(claims, room),
    needs: 'the grant roomCreate or roomAdmin, or roomJoin as a host, for this room',
    roomOf,
  });
  const slowDown: onRequestAsyncHookHandler = async (request) => {
    await Promise.resolve();
    limiter.assertMay(request.ip);
  };
  return { onRequest: [slowDown, onRequest], preHandler };
}

export const readerGuard = ({ tokens, schedules }: ScheduleDependencies, roomOf: RoomOf) =>
  guard(tokens, {
    allows: (claims, room) => {
      if (mayListRooms(claims) || mayManageRoom(claims, room)) return true;
      if (!mayAskAsHost(claims, room)) return false;
      schedules.assertHost(room, plannerOf(claims, room));
      return true;
    },
    needs: 'the grant roomList, roomCreate or roomAdmin, or roomJoin as a host, for this room',
    roomOf,
  });

/** There is always somebody behind a guard. */
export function plannerIn(request: FastifyRequest, room: string): Planner {
  if (!request.claims) throw new ParleyError('TOKEN_MISSING');
  if (request.claims.guest === true)
    throw new ParleyError('PERMISSION_DENIED', {
      message:
        'Guests are hosts of one meeting only, and cannot plan others. Sign in, or use a token of your own.',
    });
  return { ...plannerOf(request.claims, room), ownedBy: ownerIn(request) };
}

const plannerOf = (claims: TokenClaims, room: string): Planner => ({
  by: callerOf(claims),
  mayManageRoom: mayManageRoom(claims, room),
});

export function infoOf(
  { schedule, overAt, next }: ScheduleView,
  request: FastifyRequest,
  whereabouts: Whereabouts,
): ScheduleInfo {
  const told: ScheduleRecord & { lastStart?: unknown } = { ...schedule };
  delete told.lastStart;
  return { ...told, overAt, next, joinUrl: joinUrlOf(schedule.room, request, whereabouts) };
}

export const joinUrlOf = (room: string, request: FastifyRequest, whereabouts: Whereabouts): string =>
  `${publicUrlFor(request, whereabouts)}/r/${room}`;
