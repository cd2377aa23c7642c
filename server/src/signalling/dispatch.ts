/** From a method's name to its handler: look-up, permission, validation, call. No logic of any subject belongs here. */
import {
  METHODS,
  PERMISSION_TABLE,
  ParleyError,
  isAllowed,
  type MethodName,
  type MethodParams,
} from '@parley/protocol';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { RawRequest } from './decodeFrame.ts';
import type { Caller, Handler, SessionMethod } from './handler.ts';
import { breakoutHandlers } from './handlers/breakout.ts';
import { chatHandlers } from './handlers/chat.ts';
import { liveHandlers } from './handlers/live.ts';
import { lobbyHandlers } from './handlers/lobby.ts';
import { mediaHandlers } from './handlers/media.ts';
import { participantHandlers } from './handlers/participant.ts';
import { phoneHandlers } from './handlers/phone.ts';
import { pollHandlers } from './handlers/poll.ts';
import { recordingHandlers } from './handlers/recording.ts';
import { roomHandlers } from './handlers/room.ts';
import { sessionHandlers } from './handlers/session.ts';
import { problemOf } from './problemOf.ts';

/** A method of the protocol without a handler does not compile. */
const HANDLERS: { [M in SessionMethod]: Handler<M> } = {
  ...sessionHandlers,
  ...roomHandlers,
  ...participantHandlers,
  ...lobbyHandlers,
  ...breakoutHandlers,
  ...chatHandlers,
  ...pollHandlers,
  ...recordingHandlers,
  ...liveHandlers,
  ...phoneHandlers,
  ...mediaHandlers,
};

const VALIDATORS = Object.fromEntries(
  Object.entries(METHODS).map(([method, { params }]) => [method, Compile<TSchema>(params)]),
) as Record<MethodName, Validator>;

/** Throws METHOD_NOT_FOUND, WRONG_STATE, PERMISSION_DENIED, INVALID_PARAMS and whatever the handler throws. */
export async function dispatch(caller: Caller, { method, params }: RawRequest): Promise<unknown> {
  assertSessionMethod(method);
  assertAllowed(caller, method);
  assertValid(method, params);
  return call(caller, method, params);
}

function call<M extends SessionMethod>(
  caller: Caller,
  method: M,
  params: MethodParams<M>,
): ReturnType<Handler<M>> {
  const handler: Handler<M> = HANDLERS[method];
  return handler(caller, params);
}

/** Throws WRONG_STATE where nobody may ask for it in this state, and PERMISSION_DENIED where others may. */
function assertAllowed({ state, grants }: Caller, method: SessionMethod): void {
  if (state.kind === 'ended') throw new ParleyError('WRONG_STATE');
  const role = state.kind === 'joined' ? state.participant.actingRole : grants.role;
  if (isAllowed(method, state.kind, role)) return;
  const row: Partial<Record<string, unknown>> = PERMISSION_TABLE[method];
  throw new ParleyError(row[state.kind] === undefined ? 'WRONG_STATE' : 'PERMISSION_DENIED');
}

function assertSessionMethod(method: string): asserts method is SessionMethod {
  if (Object.hasOwn(HANDLERS, method)) return;
  throw new ParleyError(Object.hasOwn(METHODS, method) ? 'WRONG_STATE' : 'METHOD_NOT_FOUND');
}

/** Throws INVALID_PARAMS, which names the place and the rule but never the value. */
export function assertValid<M extends MethodName>(
  method: M,
  params: unknown,
): asserts params is MethodParams<M> {
  const validator = VALIDATORS[method];
  if (!validator.Check(params)) {
    throw new ParleyError('INVALID_PARAMS', { details: { ...problemOf(validator.Errors(params)) } });
  }
}
