import type { MethodParams, MethodResult, SessionMethod, SessionStateName } from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { Participant } from '../room/Participant.ts';
import type { Outlet, Place, SessionEnd } from '../room/ports.ts';
import type { JoinOutcome, Room } from '../room/Room.ts';
import type { RoomJoiner } from './ports.ts';

export type { SessionMethod };

export type SessionState =
  | { kind: Extract<SessionStateName, 'open'> }
  | { kind: Extract<SessionStateName, 'knocking'>; waiting: Place }
  | { kind: Extract<SessionStateName, 'joined'>; participant: Participant; seat: { readonly room: Room } }
  | { kind: 'ended'; end: SessionEnd };

/** What a handler sees of the session that asks. */
export interface Caller extends Outlet {
  readonly grants: JoinGrants;
  readonly state: SessionState;
  /** Network that the session speaks from. */
  readonly network: string;
  /** Throws WRONG_STATE when one is not in a room. */
  readonly participant: Participant;
  /** Throws WRONG_STATE when one is not in a room. */
  readonly room: Room;
  readonly rooms: RoomJoiner;
  /** The room has answered to `room.join`. */
  handleJoinOutcome(outcome: JoinOutcome): void;
  acknowledge(lastSeq: number): void;
  endAfterResponse(end: SessionEnd): void;
  /** Should the session end by the request that is being carried out, it ends once that has been answered. */
  answerBeforeEnd(): void;
}

export type Handler<M extends SessionMethod> = (
  caller: Caller,
  params: MethodParams<M>,
) => MethodResult<M> | Promise<MethodResult<M>>;

/** Handlers of all methods of one subject. */
export type Handlers<Subject extends string> = {
  [M in Extract<SessionMethod, `${Subject}.${string}`>]: Handler<M>;
};
