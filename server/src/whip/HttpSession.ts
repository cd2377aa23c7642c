import { randomBytes } from 'node:crypto';
import { ParleyError, type AnyNotification, type JoinedRoom, type LeaveReason } from '@parley/protocol';
import type { JoinGrants } from '../auth/grants.ts';
import type { Config } from '../config/schema.ts';
import type { TransportState } from '../media/EndpointTransports.ts';
import { parseIceFragment } from '../media/sdp/iceFragment.ts';
import { writeIceFragment, type OwnTransport } from '../media/sdp/writeDescription.ts';
import type { Logger } from '../observability/logger.ts';
import type { Participant } from '../room/Participant.ts';
import type { Outlet, Place, SessionEnd } from '../room/ports.ts';
import type { Room } from '../room/Room.ts';
import type { Rooms } from '../room/Rooms.ts';
import { SerialQueue } from '../util/SerialQueue.ts';
import { EntityTag } from './EntityTag.ts';
import { SignsOfLife } from './SignsOfLife.ts';
import { Stillness } from './Stillness.ts';
import type { TokenMark } from './TokenMark.ts';

export interface HttpSessionContext {
  protocol: 'whip' | 'whep';
  rooms: Pick<Rooms, 'join'>;
  config: Config['whip'];
  logger: Logger;
  grants: JoinGrants;
  token: TokenMark;
  network: string;
  /** It is over, and its address leads nowhere any more. */
  ended(session: HttpSession): void;
}

/** What PATCH did: candidates were noted, or ICE starts anew. */
export type IceOutcome = { kind: 'trickled' } | { kind: 'restarted'; etag: string; fragment: string };

/** Seconds after which who waits in the lobby should try again. */
const KNOCK_RETRY_S = 5;

/** When those leave the lobby who do not try again. */
const knockTimers = new WeakMap<Place, NodeJS.Timeout>();

/** The transport of a session, once there is one. */
export interface Way {
  transportId: string;
  own: OwnTransport;
  /** The section that carries ICE for all. */
  tagged: { mid: string; type: string };
  /** Of the client; undefined until it is known. */
  usernameFragment: string | undefined;
}

/**
 * Somebody in a room who speaks HTTP and not WebSocket (RFC 9725): it asks rarely, and cannot be told anything. What
 * becomes of it is seen at its transport.
 */
export class HttpSession implements Outlet {
  /** 128 random bits: whoever knows it still needs the token. */
  readonly sessionId = randomBytes(16).toString('hex');
  readonly #context: HttpSessionContext;
  readonly #logger: Logger;
  readonly #tag = new EntityTag();
  readonly #queue = new SerialQueue();
  #place: { participant: Participant; room: Room } | undefined;
  #way: Way | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** While it is connected. */
  #life: Stillness | undefined;
  #ended = false;
  #listener: (notification: AnyNotification) => void = () => undefined;

  constructor(context: HttpSessionContext) {
    this.#context = context;
    const { grants, protocol } = context;
    this.#logger = context.logger.child({ protocol, room: grants.room, identity: grants.identity });
  }

  get grants(): JoinGrants {
    return this.#context.grants;
  }

  get logger(): Logger {
    return this.#logger;
  }

  get etag(): string {
    return this.#tag.current;
  }

  get over(): boolean {
    return this.#ended;
  }

  /** Throws WRONG_STATE when one is not in the room. */
  get participant(): Participant {
    if (!this.#place || this.#ended) throw new ParleyError('WRONG_STATE');
    return this.#place.participant;
  }

  /** Throws WRONG_STATE when one is not in the room. */
  get room(): Room {
    if (!this.#place) throw new ParleyError('WRONG_STATE');
    return this.#place.room;
  }

  /** The token that it was opened with, whether it has expired since or not. */
  isOpenedBy(token: string): boolean {
    return this.#context.token.isOf(token);
  }

  /** Hears from now on what the room tells. */
  listen(listener: (notification: AnyNotification) => void): void {
    this.#listener = listener;
  }

  /** Comes into the room. Throws LOBBY_WAITING while a host has to decide, and what `Rooms.join` throws. */
  async join(): Promise<JoinedRoom> {
    const { rooms, grants, network } = this.#context;
    const outcome = await rooms.join(grants, { outlet: this, network });
    if (outcome.state === 'knocking') {
      this.#waitInLobby(outcome.waiting);
      throw new ParleyError('LOBBY_WAITING', { details: { retryAfter: KNOCK_RETRY_S } });
    }
    this.#place = outcome;
    return outcome.answer;
  }

  /** Watches over the transport from now on: whoever does not connect, or is gone, leaves. */
  watch(way: Way): void {
    this.#way = way;
    this.participant.media.watchTransport(way.transportId, (state) => this.#handleTransport(state));
    this.#awaitConnection();
  }

  /** The client has said who it is on the way. */
  setUsernameFragment(usernameFragment: string): void {
    if (this.#way) this.#way.usernameFragment = usernameFragment;
  }

  /**
   * What the client says of ICE. Candidates need no keeping: an ICE-lite server learns them from the checks that arrive.
   * Throws MEDIA_REJECTED, PRECONDITION_REQUIRED, PRECONDITION_FAILED, WRONG_STATE, MEDIA_UNAVAILABLE.
   */
  patch(body: string, ifMatch: string | undefined): Promise<IceOutcome> {
    return this.#queue.run(async () => {
      const way = this.#way;
      if (!way) throw new ParleyError('WRONG_STATE');
      this.#tag.match(ifMatch);
      const { credentials } = parseIceFragment(body);
      if (!credentials || credentials.usernameFragment === way.usernameFragment) return { kind: 'trickled' };
      const { iceParameters } = await this.participant.media.restartIce({ transportId: way.transportId });
      way.own = { ...way.own, iceParameters };
      way.usernameFragment = credentials.usernameFragment;
      this.#logger.info('ICE restarted');
      return { kind: 'restarted', etag: this.#tag.renew(), fragment: writeIceFragment(way.own, way.tagged) };
    });
  }

  /** Leaves the room. Calling it again does nothing. */
  async leave(reason: LeaveReason): Promise<void> {
    const place = this.#place;
    this.#close(reason);
    await place?.participant.leave(reason);
  }

  notify(notification: AnyNotification): void {
    if (this.#ended) return;
    // Its media starts anew elsewhere, which it cannot be told: it comes again when its path breaks.
    if (notification.method === 'media.reset') this.leaveLater('connectionLost');
    else this.#listener(notification);
  }

  end({ reason }: SessionEnd): void {
    this.#close(reason);
  }

  /** A host sent it back: its media is gone, and so is the session. Whoever is let in has to begin anew. */
  sentToLobby(place: Place): void {
    this.#close('movedToLobby');
    this.#waitInLobby(place);
  }

  /** Stays in the lobby for a while, so that a host can decide before the next try. */
  #waitInLobby(place: Place): void {
    clearTimeout(knockTimers.get(place));
    const timer = setTimeout(() => {
      place.leave('connectionLost').catch((err: unknown) => this.#logger.error({ err }, 'leaving failed'));
    }, this.#context.config.knockTimeout);
    knockTimers.set(place, timer.unref());
  }

  #handleTransport(state: TransportState): void {
    if (this.#ended || !this.#place) return;
    if (state === 'closed') return this.leaveLater('connectionLost');
    this.#place.participant.setConnection(state === 'connected' ? 'connected' : 'interrupted');
    if (state === 'lost') return this.#awaitConnection();
    clearTimeout(this.#timer);
    this.#life ??= this.#lookForLife();
  }

  /**
   * Nobody says goodbye who loses power, and not all clients ask for ICE consent (RFC 7675): any packet is a sign of life.
   * A publisher sends at all times, if only reports (RTCP).
   */
  #lookForLife(): Stillness | undefined {
    const way = this.#way;
    if (!way) return undefined;
    const { protocol, config } = this.#context;
    const signs = protocol === 'whep' ? new SignsOfLife() : undefined;
    return new Stillness({
      timeout: config.goneTimeout,
      logger: this.#logger,
      count: async () => {
        const traffic = await this.participant.media.traffic(way.transportId);
        return signs ? signs.countWith(traffic) : traffic.received;
      },
      onStill: () => {
        this.#logger.info('no sign of life');
        this.leaveLater('connectionLost');
      },
    });
  }

  #awaitConnection(): void {
    clearTimeout(this.#timer);
    this.#stopLooking();
    this.#timer = setTimeout(
      () => this.leaveLater('connectionLost'),
      this.#context.config.connectTimeout,
    ).unref();
  }

  #stopLooking(): void {
    this.#life?.stop();
    this.#life = undefined;
  }

  /** Leaves the room without anybody waiting for it. */
  leaveLater(reason: LeaveReason): void {
    this.leave(reason).catch((err: unknown) => this.#logger.error({ err }, 'leaving failed'));
  }

  #close(reason: LeaveReason): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#stopLooking();
    this.#logger.info({ reason }, 'session ended');
    this.#context.ended(this);
  }
}
