/**
 * Every request a client can make, declared once: the shape of its parameters and of its result, and what it does.
 * Validation, types, dispatch and the API reference are all made from this table; who may make it, and when, stands in
 * `permissionTable.ts`.
 */
import type { Static } from 'typebox';
import { breakoutMethods } from './methods/breakout.ts';
import { chatMethods } from './methods/chat.ts';
import { liveMethods } from './methods/live.ts';
import { lobbyMethods } from './methods/lobby.ts';
import { mediaMethods } from './methods/media.ts';
import { phoneMethods } from './methods/phone.ts';
import { participantMethods } from './methods/participant.ts';
import { pollMethods } from './methods/poll.ts';
import { recordingMethods } from './methods/recording.ts';
import { roomMethods } from './methods/room.ts';
import type { MethodSchema } from './methods/schema.ts';
import { sessionMethods } from './methods/session.ts';

export { ClientInfo } from './methods/session.ts';
export { DataChannelLabel } from './methods/media.ts';
export type { JoinedRoom, KnockingAtRoom } from './methods/room.ts';
export type { MethodSchema };

export const METHODS = {
  ...sessionMethods,
  ...roomMethods,
  ...participantMethods,
  ...lobbyMethods,
  ...breakoutMethods,
  ...chatMethods,
  ...pollMethods,
  ...recordingMethods,
  ...liveMethods,
  ...phoneMethods,
  ...mediaMethods,
} as const satisfies Record<string, MethodSchema>;

export type Methods = typeof METHODS;
export type MethodName = keyof Methods;
export type MethodParams<M extends MethodName> = Static<Methods[M]['params']>;
export type MethodResult<M extends MethodName> = Static<Methods[M]['result']>;
export type SubscriptionChange = MethodParams<'media.updateSubscriptions'>['changes'][number];
