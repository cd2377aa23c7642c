import { ParleyError, type IceServer, type TokenClaims } from '@parley/protocol';
import { joinGrantsOf, type JoinGrants } from '../auth/grants.ts';
import type { TokenService } from '../auth/TokenService.ts';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Feeding } from '../room/ports.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { Rooms } from '../room/Rooms.ts';
import { Composites } from './Composites.ts';
import { HttpSession, type IceOutcome } from './HttpSession.ts';
import { readPlayerOffer, type PlayerOffer } from '../media/sdp/answerPlayer.ts';
import { notAcceptable } from '../media/sdp/producing.ts';
import { Player } from './Player.ts';
import { Publisher, type PublishedAs } from './Publisher.ts';
import { TokenMark } from './TokenMark.ts';
import { COMPOSITE, participantOf, type Watched, type WatchedPart } from './watched.ts';

export interface HttpMediaOptions {
  rooms: Pick<Rooms, 'join' | 'find'>;
  tokens: Pick<TokenService, 'verify'>;
  /** Makes the composites that are watched. */
  feeding: Feeding;
  config: Pick<Config, 'whip' | 'media'>;
  logger: Logger;
  metrics: Metrics;
}

/** Somebody who asks over HTTP, with a token that was checked. */
export interface HttpCaller {
  token: string;
  claims: TokenClaims;
  /** Network that they ask from. */
  network: string;
}

/** A session that was opened. */
export interface OpenedSession {
  sessionId: string;
  etag: string;
  sdp: string;
  iceServers: IceServer[];
}

type Protocol = 'whip' | 'whep';

/** What a player wants to see. */
export interface WatchRequest {
  /** Of somebody; the composite of the room when it is left out. */
  identity: string | undefined;
  part: WatchedPart;
  /** The player's own offer; without one, it is given an offer. */
  offer: string | undefined;
}

const COMPOSITE_SENT = [
  { source: 'camera', codec: 'video/H264' },
  { source: 'microphone', codec: 'audio/opus' },
] as const;

interface Entry {
  session: HttpSession;
  protocol: Protocol;
  player?: Player;
  stop(): void;
}

/** Seconds after which a player should try again. */
const WATCH_RETRY_S = 5;

/** Publishers by WHIP and players by WHEP, each with its session. */
export class HttpMedia {
  readonly #options: HttpMediaOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #composites: Composites;

  constructor(options: HttpMediaOptions) {
    this.#options = options;
    this.#composites = new Composites(options.feeding, options.logger);
  }

  /**
   * A publisher comes into the room that its token names. Throws PERMISSION_DENIED, MEDIA_REJECTED, OFFER_NOT_ACCEPTABLE, LOBBY_WAITING and what `Rooms.join` throws.
   */
  async publish(
    room: string,
    { offer, as }: { offer: string; as: PublishedAs },
    caller: HttpCaller,
  ): Promise<OpenedSession> {
    const session = this.#open(room, caller, 'whip');
    const publisher = new Publisher(session, this.#options.config.whip);
    const sdp = await publisher.start(offer, as);
    this.#add({ session, protocol: 'whip', stop: () => publisher.stop() });
    return this.#opened(session, sdp);
  }

  /**
   * A player comes into the room that its token names, where a meeting goes on. The SDP is the answer to its offer; where it
   * has none, an offer, which `answer` completes until `validUntil`. Throws PERMISSION_DENIED, NOTHING_TO_WATCH, MEDIA_REJECTED, OFFER_NOT_ACCEPTABLE, LOBBY_WAITING and what
   * `Rooms.join` throws.
   */
  async watch(
    room: string,
    asked: WatchRequest,
    caller: HttpCaller,
  ): Promise<OpenedSession & { validUntil?: number }> {
    const session = this.#open(room, caller, 'whep');
    const offer = asked.offer === undefined ? undefined : readPlayerOffer(asked.offer);
    const { identity, part } = asked;
    this.#assertSomethingOn(room);
    const watched = identity === undefined ? COMPOSITE : participantOf(identity, part);
    if (offer) this.#assertPlayable(room, watched, offer);
    const player = new Player(session, watched, identity === undefined ? this.#composites : undefined);
    const sdp = offer ? await player.start(offer) : await player.startOffering();
    this.#add({ session, protocol: 'whep', player, stop: () => player.stop() });
    const opened = this.#opened(session, sdp);
    return offer ? opened : { ...opened, validUntil: Date.now() + this.#options.config.whip.connectTimeout };
  }

  /** A player answers the offer. Throws SESSION_NOT_FOUND, PERMISSION_DENIED and what `Player.answer` throws. */
  async answer(sessionId: string, answer: string, token: string): Promise<void> {
    const { player } = await this.#entryFor({ sessionId, protocol: 'whep' }, token);
    await player?.answer(answer);
  }

  /** What the client says of ICE. Throws SESSION_NOT_FOUND, PERMISSION_DENIED and what `HttpSession.patch` throws. */
  async patch(
    { sessionId, protocol }: SessionAddress,
    { body, ifMatch }: { body: string; ifMatch: string | undefined },
    token: string,
  ): Promise<IceOutcome> {
    const { session } = await this.#entryFor({ sessionId, protocol }, token);
    return session.patch(body, ifMatch);
  }

  /** Throws SESSION_NOT_FOUND, PERMISSION_DENIED. */
  async end(address: SessionAddress, token: string): Promise<void> {
    const { session } = await this.#entryFor(address, token);
    await session.leave('left');
  }

  /** Everybody leaves with their rooms; what is left here are timers. */
  close(): void {
    for (const { stop } of this.#entries.values()) stop();
    this.#entries.clear();
    this.#composites.close();
  }

  #open(room: string, { token, claims, network }: HttpCaller, protocol: Protocol): HttpSession {
    const { rooms, config, logger } = this.#options;
    const grants = joinGrantsOf(claims);
    if (grants.room !== room)
      throw new ParleyError('PERMISSION_DENIED', { message: 'The token is for another room.' });
    return new HttpSession({
      ...{ protocol, rooms, logger, network },
      config: config.whip,
      grants: asKind(grants, protocol),
      token: new TokenMark(token),
      ended: (session) => this.#remove(session),
    });
  }

  /** No meeting begins because somebody wants to look on. Who is not there now may come. */
  #assertSomethingOn(name: string): void {
    const startedAt = this.#options.rooms.find(name)?.meetingStartedAt ?? null;
    if (startedAt === null)
      throw new ParleyError('NOTHING_TO_WATCH', { details: { retryAfter: WATCH_RETRY_S } });
  }

  /** What is sent now can be played; what they send later is not known. */
  #assertPlayable(name: string, watched: Watched, { capabilities, mids }: PlayerOffer): void {
    const people = this.#options.rooms.find(name)?.roster.all ?? [];
    const takes = (codec: string): boolean =>
      capabilities.codecs.some((one) => one.name.split(';')[0] === codec.toLowerCase());
    const sent =
      watched === COMPOSITE
        ? COMPOSITE_SENT
        : people.flatMap(({ info }) => (watched.isOf(info) ? info.publications : []));
    for (const { source, codec } of sent) {
      const kind = watched.kindOf(source);
      if (kind && mids[kind] !== undefined && codec !== undefined && !takes(codec))
        throw notAcceptable(
          `${codec} is sent, which the offer does not have; nothing is transcoded for players`,
        );
    }
  }

  /** It may have ended while it was being answered. */
  #add(entry: Entry): void {
    if (entry.session.over) {
      entry.stop();
      throw new ParleyError('WRONG_STATE', { message: 'The session was ended while it began. Try again.' });
    }
    this.#entries.set(entry.session.sessionId, entry);
    this.#options.metrics.httpSessions.inc({ protocol: entry.protocol });
    entry.session.logger.info('session opened');
  }

  #remove({ sessionId }: HttpSession): void {
    const entry = this.#entries.get(sessionId);
    if (!entry) return;
    entry.stop();
    this.#entries.delete(sessionId);
    this.#options.metrics.httpSessions.dec({ protocol: entry.protocol });
  }

  #opened({ sessionId, etag }: HttpSession, sdp: string): OpenedSession {
    return { sessionId, etag, sdp, iceServers: this.#options.config.media.iceServers };
  }

  /** The token that opened it will do for as long as it lasts, or any for the same person in the same room. */
  async #entryFor({ sessionId, protocol }: SessionAddress, token: string): Promise<Entry> {
    const entry = this.#entries.get(sessionId);
    if (entry?.session.isOpenedBy(token) !== true) {
      const { room, identity } = joinGrantsOf(await this.#options.tokens.verify(token));
      const grants = entry?.session.grants;
      if (grants && (grants.room !== room || grants.identity !== identity))
        throw new ParleyError('PERMISSION_DENIED', { message: 'The session is not yours.' });
    }
    if (entry?.protocol !== protocol)
      throw new ParleyError('SESSION_NOT_FOUND', { message: 'There is no such session (any more).' });
    return entry;
  }
}

export interface SessionAddress {
  protocol: Protocol;
  sessionId: string;
}

/** A player only looks on, whatever its token would let its owner do. */
const asKind = (grants: JoinGrants, protocol: Protocol): JoinGrants =>
  protocol === 'whip' ? { ...grants, kind: 'ingress' } : { ...grants, kind: 'player', role: 'viewer' };
