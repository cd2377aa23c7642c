import type { MethodName, MethodParams, MethodResult } from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { Participant } from '../room/Participant.ts';
import type { Outlet, SessionEnd } from '../room/ports.ts';
import type { RoomJoiner } from './ports.ts';

/** Methods that open a session; the opener answers them. */
export type OpeningMethod = 'session.hello' | 'session.resume';
export type SessionMethod = Exclude<MethodName, OpeningMethod>;

export type SessionState =
  { kind: 'open' } | { kind: 'joined'; participant: Participant } | { kind: 'ended'; end: SessionEnd };

/** What a handler sees of the session that asks. */
export interface Caller extends Outlet {
  readonly grants: JoinGrants;
  readonly state: SessionState;
  /** Throws WRONG_STATE before `room.join`. */
  readonly participant: Participant;
  readonly rooms: RoomJoiner;
  joinedAs(participant: Participant): void;
  acknowledge(lastSeq: number): void;
  endAfterResponse(end: SessionEnd): void;
}

export type Handler<M extends SessionMethod> = (
  caller: Caller,
  params: MethodParams<M>,
) => MethodResult<M> | Promise<MethodResult<M>>;
