/** From a method's name to its handler: look-up, state, validation, call. No logic of any subject belongs here. */
import {
  METHODS,
  ParleyError,
  type MethodName,
  type MethodParams,
  type MethodResult,
} from '@parley/protocol';
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { RawRequest } from './decodeFrame.ts';
import { mediaHandlers } from './handlers/media.ts';
import { participantHandlers } from './handlers/participant.ts';
import { roomHandlers } from './handlers/room.ts';
import { sessionHandlers } from './handlers/session.ts';
import { problemOf } from './problemOf.ts';
import type { Session } from './Session.ts';

/** Methods that open a session; the opener answers them. */
export type OpeningMethod = 'session.hello' | 'session.resume';
export type SessionMethod = Exclude<MethodName, OpeningMethod>;

export type Handler<M extends SessionMethod> = (
  session: Session,
  params: MethodParams<M>,
) => MethodResult<M> | Promise<MethodResult<M>>;

/** A method of the protocol without a handler does not compile. */
const HANDLERS: { [M in SessionMethod]: Handler<M> } = {
  ...sessionHandlers,
  ...roomHandlers,
  ...participantHandlers,
  ...mediaHandlers,
};

const VALIDATORS = Object.fromEntries(
  Object.entries(METHODS).map(([method, { params }]) => [method, Compile<TSchema>(params)]),
) as Record<MethodName, Validator>;

/** Throws METHOD_NOT_FOUND, WRONG_STATE, INVALID_PARAMS and whatever the handler throws. */
export async function dispatch(session: Session, { method, params }: RawRequest): Promise<unknown> {
  assertSessionMethod(method);
  if (METHODS[method].state === 'joined') void session.participant;
  assertValid(method, params);
  return call(session, method, params);
}

function call<M extends SessionMethod>(
  session: Session,
  method: M,
  params: MethodParams<M>,
): ReturnType<Handler<M>> {
  const handler: Handler<M> = HANDLERS[method];
  return handler(session, params);
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
