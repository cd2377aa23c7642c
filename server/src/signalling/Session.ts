import {
  ParleyError,
  type AnyNotification,
  type LeaveReason,
  type MethodParams,
  type MethodResult,
} from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { Participant } from '../room/Participant.ts';
import type { Place, SessionEnd } from '../room/ports.ts';
import type { JoinOutcome, Room } from '../room/Room.ts';
import { sessionEndOf } from '../room/sessionEnds.ts';
import { newId } from '../util/ids.ts';
import { SerialQueue } from '../util/SerialQueue.ts';
import { isOwnFault, toldError } from '../util/toldError.ts';
import { TokenBucket } from '../util/TokenBucket.ts';
import type { Connection } from './Connection.ts';
import type { RawRequest } from './decodeFrame.ts';
import { dispatch } from './dispatch.ts';
import { encodeError, encodeResult } from './encode.ts';
import type { Caller, SessionState } from './handler.ts';
import type { RoomJoiner } from './ports.ts';
import { ReplayBuffer } from './ReplayBuffer.ts';
import { ResponseCache } from './ResponseCache.ts';
import { ResumeKeys } from './ResumeKeys.ts';

export interface SessionContext {
  rooms: RoomJoiner;
  config: Config['signalling'];
  logger: Logger;
  metrics: Metrics;
  /** Network that it is spoken from at first. */
  network: string;
  /** The session is over, for whatever reason. */
  ended(session: Session, end: SessionEnd): void;
}

/** What lasts while sockets come and go: who it is, what they were told, and what they asked. */
export class Session implements Caller {
  readonly sessionId = newId('SE');
  readonly grants: JoinGrants;
  readonly keys = new ResumeKeys();
  readonly #context: SessionContext;
  readonly #logger: Logger;
  readonly #queue = new SerialQueue();
  readonly #replay = new ReplayBuffer();
  readonly #responses = new ResponseCache();
  readonly #bucket: TokenBucket;
  #state: SessionState = { kind: 'open' };
  #connection: Connection | undefined;
  #windowTimer: NodeJS.Timeout | undefined;
  #endAfterResponse: SessionEnd | undefined;
  #answersFirst = false;
  /**
   * What the room told before the answer to `room.join` was sent. It comes after that answer, because it is about
   * changes to the room that the answer shows.
   */
  #held: AnyNotification[] | undefined = [];

  constructor(grants: JoinGrants, context: SessionContext) {
    this.grants = grants;
    this.#context = context;
    this.#logger = context.logger.child({
      sessionId: this.sessionId,
      room: grants.room,
      identity: grants.identity,
    });
    const { maxRequestsPerSecond } = context.config;
    this.#bucket = new TokenBucket(maxRequestsPerSecond, maxRequestsPerSecond * 2);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The participant this session speaks for. Throws WRONG_STATE before `room.join`. */
  get participant(): Participant {
    if (this.#state.kind !== 'joined') throw new ParleyError('WRONG_STATE');
    return this.#state.participant;
  }

  /** Throws WRONG_STATE before `room.join`. */
  get room(): Room {
    if (this.#state.kind !== 'joined') throw new ParleyError('WRONG_STATE');
    return this.#state.seat.room;
  }

  get network(): string {
    return this.#context.network;
  }

  get rooms(): RoomJoiner {
    return this.#context.rooms;
  }

  /** Its logger: what it says is bound to this session. */
  get logger(): Logger {
    return this.#logger;
  }

  handleJoinOutcome(outcome: JoinOutcome): void {
    const place = outcome.state === 'joined' ? outcome.participant : outcome.waiting;
    if (this.#state.kind === 'ended') {
      // It ended while the room was letting them in.
      this.#leave(place, this.#state.end.reason);
      return;
    }
    this.#state =
      outcome.state === 'joined'
        ? { kind: 'joined', participant: outcome.participant, seat: outcome }
        : { kind: 'knocking', waiting: outcome.waiting };
    if (!this.#connection) place.setConnection('interrupted');
  }

  sentToLobby(waiting: Place): void {
    if (this.#state.kind !== 'ended') this.#state = { kind: 'knocking', waiting };
  }

  /** Speaks through this connection from now on; a former one is closed. */
  attach(connection: Connection): void {
    clearTimeout(this.#windowTimer);
    const former = this.#connection;
    this.#connection = connection;
    former?.close('superseded');
    this.#place?.setConnection('connected');
    // NOTE: last, because a connection that is gone by now says so at once.
    connection.handTo({
      request: (request) => this.#receive(request, connection),
      closed: () => this.#dropped(connection),
    });
  }

  /**
   * Carries on on another connection: first the answer, then what came after `lastSeq`, then what comes. Gives how
   * many were missed. Throws RESUME_GAP when some of them are forgotten; the session is over then.
   */
  resume(connection: Connection, id: number, params: MethodParams<'session.resume'>): number {
    const missed = this.#replay.findAfter(params.lastSeq);
    if (!missed) {
      this.abandon();
      throw new ParleyError('RESUME_GAP');
    }
    this.#replay.acknowledge(params.lastSeq);
    const result: MethodResult<'session.resume'> = {
      resumeKey: this.keys.rotate(params.resumeKey),
      missed: missed.length,
    };
    connection.send(encodeResult(id, result));
    connection.replay(missed);
    this.attach(connection);
    return missed.length;
  }

  /** The client says on its connection that it has everything up to this number; what it has need not be kept. */
  acknowledge(lastSeq: number): void {
    this.#replay.acknowledge(lastSeq);
    if (this.#connection) this.#responses.acknowledge(lastSeq, this.#connection);
    // Only who read the answer to hello or resume knows to ping, so the client has the current key.
    this.keys.confirm();
  }

  notify(notification: AnyNotification): void {
    if (this.#state.kind === 'ended') return;
    if (this.#held) {
      this.#held.push(notification);
      return;
    }
    const text = this.#replay.add(notification);
    this.#connection?.send(text);
  }

  end(end: SessionEnd): void {
    if (this.#state.kind === 'ended') return;
    if (this.#answersFirst) {
      this.#endAfterResponse ??= end;
      return;
    }
    this.#release();
    this.notify({ method: 'session.ended', params: end });
    this.#state = { kind: 'ended', end };
    clearTimeout(this.#windowTimer);
    this.#connection?.close('sessionEnded');
    this.#connection = undefined;
    this.#logger.info({ reason: end.reason }, 'session ended');
    this.#context.ended(this, end);
  }

  /** Ends the session once the request that is being carried out has been answered. */
  endAfterResponse(end: SessionEnd): void {
    this.#endAfterResponse = end;
  }

  answerBeforeEnd(): void {
    this.#answersFirst = true;
  }

  #receive(request: RawRequest, connection: Connection): void {
    const fate = this.#responses.begin(request.id, connection);
    if (fate.kind === 'ignore') return;
    if (fate.kind === 'repeat') {
      this.#respond(request.id, fate.text);
    } else if (fate.kind === 'refuse') {
      const details = { reason: 'this id was used before, and its answer is no longer kept' };
      connection.send(encodeError(request.id, new ParleyError('INVALID_REQUEST', { details })));
    } else if (this.#responses.crowded || !this.#bucket.take()) {
      this.#respond(request.id, encodeError(request.id, new ParleyError('RATE_LIMITED')));
    } else {
      this.#enqueue(request);
    }
  }

  /** Sends an answer and keeps it. */
  #respond(id: number, text: string): void {
    const connection = this.#connection;
    this.#responses.finish(id, text, connection && { connection, seq: this.#replay.lastSeq });
    connection?.send(text);
  }

  #enqueue(request: RawRequest): void {
    // A ping must not wait behind a slow request: it is what shows that the client is alive.
    if (request.method === 'session.ping') void this.#execute(request);
    else void this.#queue.run(() => this.#executeInOrder(request));
  }

  async #executeInOrder(request: RawRequest): Promise<void> {
    // Who was let in from the lobby asks again, and is shown the room before they are told of changes to it.
    if (request.method === 'room.join') this.#held ??= [];
    await this.#execute(request);
    if (this.#state.kind !== 'open') this.#release();
    this.#answersFirst = false;
    if (this.#endAfterResponse) this.end(this.#endAfterResponse);
  }

  async #execute(request: RawRequest): Promise<void> {
    const started = performance.now();
    const { outcome, text } = await this.#answer(request);
    this.#respond(request.id, text);
    this.#context.metrics.requests.observe(
      { method: outcome === 'METHOD_NOT_FOUND' ? 'unknown' : request.method, outcome },
      (performance.now() - started) / 1000,
    );
  }

  async #answer(request: RawRequest): Promise<{ outcome: string; text: string }> {
    try {
      return { outcome: 'ok', text: encodeResult(request.id, await dispatch(this, request)) };
    } catch (error) {
      const told = toldError(error);
      const outcome = told.code;
      if (isOwnFault(told)) this.#logger.error({ err: error, method: request.method }, 'request failed');
      else this.#logger.debug({ method: request.method, outcome }, 'request refused');
      return { outcome, text: encodeError(request.id, error) };
    }
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const notification of held) this.notify(notification);
  }

  #dropped(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#logger.info('session interrupted');
    this.#place?.setConnection('interrupted');
    this.#windowTimer = setTimeout(() => this.abandon(), this.#context.config.resumeWindow).unref();
  }

  /** Leaves and ends, for a reason that is not theirs. */
  abandon(reason: LeaveReason = 'connectionLost'): void {
    if (this.#place) this.#leave(this.#place, reason);
    this.end(sessionEndOf(reason));
  }

  /** Where one is: in the room or in the lobby. */
  get #place(): Place | undefined {
    if (this.#state.kind === 'joined') return this.#state.participant;
    return this.#state.kind === 'knocking' ? this.#state.waiting : undefined;
  }

  #leave(place: Place, reason: LeaveReason): void {
    place.leave(reason).catch((error: unknown) => {
      this.#logger.error({ err: error, reason }, 'leaving failed');
    });
  }
}
