import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { SignalClient } from '@parley/client-sdk/signal';
import {
  ParleyError,
  type AnyNotification,
  type JoinedRoom,
  type NotificationParams,
} from '@parley/protocol';
import type { Log } from './Log.ts';
import { nodePlatform } from './nodePlatform.ts';
import type {
  ProgramEnd,
  ProgramInput,
  ProgramInputEvents,
  ProgramParticipant,
  SpeakingLevels,
} from './ProgramInput.ts';
import { PublishedVideo } from './PublishedVideo.ts';
import { Reception } from './Reception.ts';
import { Roster } from './Roster.ts';

export interface RoomClientOptions {
  /** Of the WebSocket, such as `ws://127.0.0.1:8080/ws`. */
  url: string;
  /** A token with a recorder's grant; asked for whenever a session is opened. */
  getToken(): string | Promise<string>;
  /** PEM; where given, the server must show exactly this certificate. */
  certificate?: string | undefined;
  ffmpeg: string;
  log: Log;
  /** Pictures a second that are wanted of each video, at most; 25 by default. */
  maxFrameRate?: number;
  /** Goes to this breakout room; into the main room by default. */
  breakoutId?: string;
  /** Address to receive media at; 127.0.0.1 by default. */
  mediaIp?: string;
}

const DEFAULT_FRAME_RATE = 25;
/** Between attempts to resume, ms: the server is beside this process, or not there. */
const RETRY_MS = [0, 100, 250, 500, 1_000];
/** Who cannot be told that one leaves finds out. */
const LEAVE_MS = 1_000;
/** Between attempts to come back, ms, and for how long that is tried. */
const REJOIN_MS = 500;
const REJOIN_FOR_MS = 120_000;
/** Refusals that another attempt may not meet. */
const PASSING: ReadonlySet<string> = new Set([
  'SHUTTING_DOWN',
  'MEDIA_UNAVAILABLE',
  'INTERNAL',
  'SESSION_NOT_FOUND',
  'IDENTITY_TAKEN',
  'RATE_LIMITED',
]);

/**
 * The recorder in a room: a participant that everybody sees, which sends nothing. It stays through lost sockets, lost sessions
 * and dead media workers; what it gives stays the same objects all the while.
 */
export class RoomClient extends EventEmitter<ProgramInputEvents> implements ProgramInput {
  readonly #options: RoomClientOptions;
  readonly #roster: Roster;
  readonly #reception: Reception;
  #session: SignalClient | undefined;
  #joined: JoinedRoom | undefined;
  #connection: ProgramInput['connection'] = 'interrupted';
  #levels: SpeakingLevels = new Map();
  #dominant: string | null = null;
  #rejoinTimer: NodeJS.Timeout | undefined;
  #lostAt = 0;

  /** Resolves when it is in the room. Rejects with ParleyError, such as MEETING_NOT_FOUND when nobody is there. */
  static async join(options: RoomClientOptions): Promise<RoomClient> {
    const { mediaIp, log } = options;
    const reception = await Reception.open(
      mediaIp,
      {
        streamBegan: (publicationId) => client.#findVideo(publicationId)?.streamBegan(),
        frame: (publicationId, frame, codec) =>
          client.#roster.findPublished(publicationId)?.handleFrame(frame, codec),
      },
      log,
    );
    const client = new RoomClient(options, reception);
    try {
      await client.#join();
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  private constructor(options: RoomClientOptions, reception: Reception) {
    super();
    this.#options = options;
    this.#reception = reception;
    this.#roster = new Roster({
      ffmpeg: options.ffmpeg,
      maxFrameRate: options.maxFrameRate ?? DEFAULT_FRAME_RATE,
      log: options.log,
      wish: (publicationId, wish) => reception.wish(publicationId, wish),
      forget: (publicationId) => reception.forget(publicationId),
      requestKeyFrame: (publicationId) => reception.requestKeyFrame(publicationId),
    });
  }

  get participants(): readonly ProgramParticipant[] {
    return this.#roster.participants;
  }

  get levels(): SpeakingLevels {
    return this.#levels;
  }

  get dominant(): string | null {
    return this.#dominant !== null && this.#roster.shows(this.#dominant) ? this.#dominant : null;
  }

  get spotlight(): readonly string[] {
    return this.#joined?.roomState.spotlight ?? [];
  }

  get title(): string {
    const room = this.#joined?.room;
    return room ? room.settings.title || room.name : '';
  }

  get breakoutId(): string | null {
    return this.#joined?.breakoutId ?? null;
  }

  get connection(): ProgramInput['connection'] {
    return this.#connection;
  }

  /** The recorder's own participantId. */
  get participantId(): string {
    return this.#joined?.self.participantId ?? '';
  }

  /** Counts of what is received of a publication; for logs and tests. */
  statsOf(publicationId: string): ReturnType<Reception['statsOf']> {
    return this.#reception.statsOf(publicationId);
  }

  /** Process ids of all decoders; for logs and tests. */
  get decoderPids(): number[] {
    return this.participants.flatMap(({ camera, screen }) =>
      [camera, screen].flatMap((input) => (input instanceof PublishedVideo ? input.decoderPids : [])),
    );
  }

  /** Cuts the socket, as a fault of the network would; for tests. */
  dropSocket(): void {
    this.#session?.simulateDrop();
  }

  /** Leaves the room, and ends everything. Nothing is told any more. */
  async leave(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.close();
    const left = session?.request('room.leave', {}).catch(() => undefined);
    await Promise.race([left, delay(LEAVE_MS, undefined, { ref: false })]);
    session?.close();
  }

  /** Ends everything without a word to the server, which finds out by itself. */
  close(): void {
    this.#connection = 'ended';
    clearTimeout(this.#rejoinTimer);
    this.#session?.close();
    this.#roster.close();
    this.#reception.close();
  }

  async #join(): Promise<void> {
    const { url, certificate, getToken, breakoutId } = this.#options;
    const session = await SignalClient.connect({
      ...{ url, token: await getToken(), platform: nodePlatform(certificate) },
      delay: (attempt) => RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0,
    });
    // A session that was lost may still be there for the server; it ends when this one joins.
    try {
      this.#listen(session);
      const answer = await session.request('room.join', {});
      if (answer.state !== 'joined')
        throw new ParleyError('PERMISSION_DENIED', { message: 'The token is not one of a recorder.' });
      if (this.#connection === 'ended') return session.close();
      this.#enter(session, answer);
      if (breakoutId !== undefined && answer.breakoutId !== breakoutId)
        await session.request('breakout.visit', { breakoutId });
    } catch (error) {
      session.close();
      throw error;
    }
  }

  #enter(session: SignalClient, answer: JoinedRoom): void {
    this.#session = session;
    this.#joined = answer;
    this.#roster.reset(answer.participants);
    this.#forgetSpeakers();
    void this.#reception.start(session, answer.rtpCapabilities);
    this.#setConnection('connected');
    const { participantId } = answer.self;
    this.#options.log.info({ participantId, room: answer.room.name }, 'recorder is in the room');
    this.emit('changed');
  }

  #listen(session: SignalClient): void {
    session.on('notification', (notification) => this.#handle(notification, session));
    session.on('dropped', () => this.#setConnection('interrupted'));
    session.on('resumed', () => this.#setConnection('connected'));
    session.on('lost', (error) => {
      if (session === this.#session) this.#comeBack(error.message, 0);
    });
    session.on('ended', ({ reason, message, rejoin, retryAfter }) => {
      if (session !== this.#session) return;
      if (rejoin) this.#comeBack(message, retryAfter);
      else this.#end({ reason, message });
    });
  }

  #handle(notification: AnyNotification, session: SignalClient): void {
    if (!this.#joined || session !== this.#session) return;
    this.#reception.handle(notification);
    if (this.#roster.handle(notification)) {
      if (notification.method === 'participant.left') this.#forgetSpeaker(notification.params.participantId);
      this.#levels = this.#audible(this.#levels);
      this.emit('changed');
      return;
    }
    const { method, params } = notification;
    if (method === 'room.activeSpeakers') this.#setSpeakers(params);
    else if (method === 'media.reset') void this.#reception.start(session, params.rtpCapabilities);
    else if (method === 'room.stateUpdated') this.#changeRoom({ roomState: params.roomState });
    else if (method === 'room.updated') this.#changeRoom({ room: params.room });
    else if (method === 'room.moved') {
      this.#roster.reset(params.participants);
      this.#forgetSpeakers();
      this.#changeRoom({ breakoutId: params.breakoutId });
    }
  }

  #changeRoom(change: Partial<JoinedRoom>): void {
    if (!this.#joined) return;
    this.#joined = { ...this.#joined, ...change };
    this.emit('changed');
  }

  #setSpeakers({ speakers, dominant }: NotificationParams<'room.activeSpeakers'>): void {
    this.#levels = this.#audible(speakers.map(({ participantId, level }) => [participantId, level]));
    this.#dominant = dominant ?? this.#dominant;
    this.emit('speakers');
  }

  /** Nobody is told to speak who is not among the participants. */
  #audible(levels: Iterable<readonly [string, number]>): SpeakingLevels {
    return new Map([...levels].filter(([participantId]) => this.#roster.shows(participantId)));
  }

  #forgetSpeakers(): void {
    this.#dominant = null;
    this.#setSpeakers({ speakers: [], dominant: null });
  }

  #forgetSpeaker(participantId: string): void {
    if (this.#dominant === participantId) this.#dominant = null;
  }

  #setConnection(connection: ProgramInput['connection']): void {
    if (this.#connection === connection || this.#connection === 'ended') return;
    this.#connection = connection;
    this.emit('connection');
  }

  /** The session is gone; another one may take its place. What is received goes on meanwhile, if it can. */
  #comeBack(why: string, delay: number): void {
    this.#options.log.warn({ why }, 'session lost, coming back');
    this.#session = undefined;
    this.#lostAt = performance.now();
    this.#setConnection('interrupted');
    this.#scheduleRejoin(delay);
  }

  #scheduleRejoin(delay: number): void {
    if (this.#connection === 'ended') return;
    this.#rejoinTimer = setTimeout(() => void this.#rejoin(), delay);
  }

  async #rejoin(): Promise<void> {
    try {
      await this.#join();
    } catch (error) {
      const { code, message } = error instanceof ParleyError ? error : new ParleyError('INTERNAL');
      if (!PASSING.has(code)) this.#end({ reason: 'refused', message });
      else if (performance.now() - this.#lostAt > REJOIN_FOR_MS)
        this.#end({ reason: 'unreachable', message });
      else this.#scheduleRejoin(REJOIN_MS);
    }
  }

  #end(end: ProgramEnd): void {
    if (this.#connection === 'ended') return;
    this.#options.log.info({ reason: end.reason }, 'recorder is out of the room');
    this.close();
    this.emit('ended', end);
  }

  #findVideo(publicationId: string): PublishedVideo | undefined {
    const input = this.#roster.findPublished(publicationId);
    return input instanceof PublishedVideo ? input : undefined;
  }
}
