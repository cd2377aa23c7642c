import type {
  AnyNotification,
  EgressState,
  JoinedRoom,
  MethodParams,
  Permissions,
  RoomInfo,
  RoomSettingsPatch,
  RoomState,
} from '@parley/protocol';
import { RoomAdmin } from './admin/RoomAdmin.ts';
import { Connection, type Fault } from './Connection.ts';
import { Emitter } from './Emitter.ts';
import type { LobbyVisit } from './LobbyVisit.ts';
import { SubscriptionBatcher } from './media/SubscriptionBatcher.ts';
import { LocalParticipant, type LocalPort } from './participants/LocalParticipant.ts';
import type { Participant } from './participants/Participant.ts';
import type { RemoteParticipant } from './participants/RemoteParticipant.ts';
import { BreakoutRooms } from './room/BreakoutRooms.ts';
import { Calls } from './room/Calls.ts';
import { Chat } from './room/Chat.ts';
import { HostLobby } from './room/HostLobby.ts';
import { Moderation } from './room/Moderation.ts';
import { Polls } from './room/Polls.ts';
import { LiveStreaming } from './room/LiveStreaming.ts';
import { Recording } from './room/Recording.ts';
import type { Request } from './room/Request.ts';
import { Roster } from './Roster.ts';
import type { ConnectionState, Disconnected, RoomEvents } from './RoomEvents.ts';
import { resolveOptions, type ResolvedOptions, type RoomOptions } from './RoomOptions.ts';
import { toServerUrl, toWebSocketUrl } from './urls.ts';

/** A meeting that one is in. */
export class Room extends Emitter<RoomEvents> {
  readonly #request: Request = (method, params) => this.#connection.signal.request(method, params);
  readonly chat: Chat;
  readonly calls = new Calls(this.#request);
  readonly lobby = new HostLobby(this.#request);
  readonly moderation = new Moderation(this.#request);
  readonly breakouts = new BreakoutRooms(this.#request);
  readonly polls = new Polls(this.#request);
  readonly recording = new Recording(this.#request, {
    consent: () => this.#local?.recordingConsent,
    clock: () => this.#connection.clock,
  });
  readonly live = new LiveStreaming(this.#request, () => this.#connection.clock);
  /** A moment of this machine's clock, ms since the epoch, by the server's: what the server names is to be held against that. */
  serverTime(now = Date.now()): number {
    return this.#connection.clock.at(now);
  }

  readonly #options: ResolvedOptions;
  readonly #target: { url: string; token: string };
  #admin: RoomAdmin | undefined;
  readonly #connection: Connection;
  readonly #roster: Roster;
  readonly #batcher: SubscriptionBatcher;
  readonly #stops: (() => void)[] = [];
  #state: ConnectionState = 'connecting';
  #joined: JoinedRoom | undefined;
  #local: LocalParticipant | undefined;

  private constructor(target: { url: string; token: string }, options: ResolvedOptions) {
    super();
    this.#options = options;
    this.#target = target;
    this.chat = new Chat({
      request: this.#request,
      changed: (message) => this.emit('chatChanged', message),
      serverUrl: toServerUrl(target.url),
    });
    this.#batcher = new SubscriptionBatcher((changes) => this.#subscribe(changes));
    const emit: Room['emit'] = (event, ...args) => this.emit(event, ...args);
    const { adaptiveStream, autoSubscribe } = options;
    this.#roster = new Roster(emit, { batcher: this.#batcher, adaptiveStream, autoSubscribe });
    this.#connection = new Connection(target, options, {
      knocking: (visit) => this.#onKnocking(visit),
      joined: (joined) => this.#onJoined(joined),
      notification: (notification) => this.#onNotification(notification),
      track: (publicationId, consumer) => this.#roster.addTrack(publicationId, consumer),
      trackEnded: (publicationId) => this.#roster.removeTrack(publicationId),
      data: (data) => this.emit('dataReceived', data),
      mediaGone: () => {
        this.#batcher.mediaGone();
        this.#roster.removeAllTracks();
      },
      wants: (publicationId) => this.#batcher.wants(publicationId),
      sizeKnown: (publicationId) => this.#batcher.sizeKnown(publicationId),
      republish: async (publish) => this.#local?.republish(publish),
      reconnecting: (why) => {
        this.#setState('reconnecting');
        this.emit('reconnecting', why);
      },
      reconnected: (by) => {
        this.#setState('connected');
        if (by === 'rejoin') this.#loadChat();
        this.emit('reconnected', by);
      },
      disconnected: (end) => this.#onDisconnected(end),
    });
  }

  /**
   * Joins the room of the token. `url` is that of the server, with http(s) or ws(s). Rejects with ParleyError, whose
   * `code` is in the table of errors and whose message is for people.
   */
  static async connect(url: string, token: string, options: RoomOptions = {}): Promise<Room> {
    const room = new Room({ url: toWebSocketUrl(url), token }, resolveOptions(options));
    await room.#connection.open();
    room.#setState('connected');
    room.#loadChat();
    const { platform } = room.#options;
    room.#stops.push(
      platform.onDeviceChange(() => room.emit('devicesChanged')),
      platform.onExit(() => void room.leave()),
    );
    return room;
  }

  get state(): ConnectionState {
    return this.#state;
  }
  get name(): string {
    return this.info.name;
  }
  get roomId(): string {
    return this.info.roomId;
  }
  get info(): RoomInfo {
    return this.#getJoined().room;
  }
  get permissions(): Permissions {
    return this.#getJoined().permissions;
  }
  /** Spotlight, timer, when the meeting ends, and whether a host is there. */
  get roomState(): RoomState {
    return this.#getJoined().roomState;
  }
  get localParticipant(): LocalParticipant {
    if (!this.#local) throw new Error('The room is not joined yet.');
    return this.#local;
  }
  /** The others, by participantId, in the order in which they joined. */
  get remoteParticipants(): ReadonlyMap<string, RemoteParticipant> {
    return this.#roster.remote;
  }
  /** Everybody, oneself first. */
  get participants(): Participant[] {
    return [this.localParticipant, ...this.#roster.remote.values()];
  }
  /** Who speaks now, loudest first. */
  get activeSpeakers(): Participant[] {
    return this.#roster.speakers;
  }
  /** Who has the floor; it changes less often than who speaks. */
  get dominantSpeaker(): Participant | null {
    return this.#roster.dominant;
  }

  /** Invitations, bans and history, for hosts; also for those who were made one in the meeting. */
  get admin(): RoomAdmin {
    const { url, token } = this.#target;
    return (this.#admin ??= new RoomAdmin(toServerUrl(url), this.name, { token }));
  }

  /** Sends a message to the applications of others. Rejects with FRAME_TOO_LARGE above 16 KiB. */
  sendData(
    payload: Uint8Array,
    options: { topic: string; to?: string[]; reliable?: boolean },
  ): Promise<void> {
    return this.#connection.sendData(payload, options);
  }

  /** Changes settings of the room; for hosts. */
  async update(settings: RoomSettingsPatch): Promise<void> {
    await this.#request('room.update', { settings });
  }

  /** Ends the meeting for everybody; for hosts. */
  async end(): Promise<void> {
    await this.#request('room.end', {});
  }

  /** Leaves for good and stops what was opened. */
  async leave(): Promise<void> {
    if (this.#state === 'disconnected') return;
    this.#setState('disconnected');
    await this.#connection.leave();
    this.#close();
    this.emit('disconnected', { reason: 'left', message: 'You left the meeting.' });
  }

  /** Brings about a fault, to see that it is survived. */
  simulate(fault: Fault): Promise<void> {
    return this.#connection.simulate(fault);
  }

  #getJoined(): JoinedRoom {
    if (!this.#joined) throw new Error('The room is not joined yet.');
    return this.#joined;
  }

  #onJoined(joined: JoinedRoom): void {
    this.#joined = joined;
    if (this.#local) this.#local.setInfo(joined.self);
    else {
      this.#local = new LocalParticipant(joined.self, this.#localPort());
      this.#roster.setLocal(this.#local);
    }
    this.#roster.reset(joined);
    this.breakouts.setPlace(joined.breakoutId);
    this.#setRoomState(joined.roomState);
    this.#setEgress(joined.egress);
  }

  #onKnocking(visit: LobbyVisit): void {
    if (!this.#joined) return this.#options.onKnocking?.(visit);
    this.#roster.move([]);
    this.#setState('knocking');
    this.emit('sentToLobby', visit);
  }

  #loadChat(): void {
    // Without it there are the messages that come; the next join or move loads it again.
    this.chat.reload().catch(() => undefined);
  }

  #setRoomState(roomState: RoomState): void {
    this.#updateJoined({ roomState });
    this.breakouts.setState(roomState.breakouts);
    this.polls.setList(roomState.polls);
    this.calls.setList(roomState.calls);
    this.emit('roomStateChanged', roomState);
  }

  #setEgress(egress: EgressState): void {
    this.recording.setState(egress);
    this.live.setStream(egress.live);
    this.emit('recordingChanged', egress);
  }

  #onNotification(notification: AnyNotification): void {
    if (notification.method === 'media.publishLayers') {
      const { publicationId, maxSpatialLayer } = notification.params;
      this.#local?.findPublicationById(publicationId)?.setLayersWanted(maxSpatialLayer);
    } else if (notification.method === 'room.updated') {
      this.#updateJoined({ room: notification.params.room });
      this.emit('roomUpdated', notification.params.room);
    } else if (notification.method === 'self.permissions') {
      this.#updateJoined(notification.params);
      this.emit('permissionsChanged', notification.params.permissions);
    } else if (notification.method.startsWith('chat.')) this.chat.handle(notification);
    else if (!this.#onMeeting(notification)) this.#roster.handle(notification);
  }

  /** What concerns the meeting as a whole, or oneself. Gives whether it did. */
  #onMeeting({ method, params }: AnyNotification): boolean {
    switch (method) {
      case 'room.stateUpdated':
        this.#setRoomState(params.roomState);
        return true;
      case 'room.egressUpdated':
        this.#setEgress(params.egress);
        return true;
      case 'room.moved':
        this.breakouts.setPlace(params.breakoutId);
        this.#roster.move(params.participants);
        this.#loadChat();
        this.emit('moved', params);
        return true;
      case 'room.endingSoon':
        this.emit('endingSoon', params.what, new Date(params.endsAt));
        return true;
      case 'room.notice':
        this.emit('notice', params.message);
        return true;
      case 'lobby.updated':
        this.lobby.setPeople(params.people);
        this.emit('lobbyChanged', params.people);
        return true;
      case 'phone.callChanged':
        this.emit('callChanged', params.call);
        return true;
      case 'breakout.message':
        this.emit('broadcast', params);
        return true;
      case 'self.askedToUnmute':
        this.emit('askedToUnmute', params.from);
        return true;
      case 'self.unmuteAnswered':
        this.emit('unmuteAnswered', params.allowed);
        return true;
      case 'participant.reacted': {
        const who = this.participants.find(({ participantId }) => participantId === params.participantId);
        if (who) this.emit('reaction', params.emoji, who);
        return true;
      }
      default:
        return false;
    }
  }

  #updateJoined(change: Partial<Pick<JoinedRoom, 'room' | 'permissions' | 'roomState'>>): void {
    if (this.#joined) this.#joined = { ...this.#joined, ...change };
  }

  #subscribe(changes: MethodParams<'media.updateSubscriptions'>['changes']): void {
    if (this.#state === 'disconnected') return;
    // What the server does not hear, because its media is gone, is said again with the new media.
    this.#connection.signal.request('media.updateSubscriptions', { changes }).catch(() => undefined);
  }

  #localPort(): LocalPort {
    const { platform, audioConstraints, videoConstraints } = this.#options;
    const connection = this.#connection;
    return {
      platform,
      audioConstraints,
      videoConstraints,
      publish: (request) => connection.publish(request),
      unpublish: (publicationId) => connection.unpublish(publicationId),
      setMuted: async (publicationId, muted) => {
        await connection.signal.request('media.setMuted', { publicationId, muted });
      },
      updateSelf: async (changes) => {
        await connection.signal.request('participant.updateSelf', changes);
      },
      request: this.#request,
      added: (publication) => this.emit('localPublicationAdded', publication),
      updated: (publication) =>
        this.emit('publicationUpdated', publication, this.localParticipant, undefined),
      phoneUpdated: () => this.emit('participantUpdated', this.localParticipant),
      removed: (publication, why) => this.emit('localPublicationRemoved', publication, why),
      deviceError: (error) => this.emit('deviceError', error),
    };
  }

  #onDisconnected(end: Disconnected): void {
    this.#setState('disconnected');
    this.#close();
    this.emit('disconnected', end);
  }

  #close(): void {
    for (const stop of this.#stops) stop();
    this.#batcher.close();
    this.#local?.close();
    this.#roster.close();
  }

  #setState(state: ConnectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.emit('stateChanged', state);
  }
}
