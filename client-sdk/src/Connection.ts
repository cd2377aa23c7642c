import type { AnyNotification, JoinedRoom, Knock, NotificationParams } from '@parley/protocol';
import { ParleyError, type ErrorCode } from '@parley/protocol/errors';
import { LobbyVisit } from './LobbyVisit.ts';
import { warmUp } from './media/device.ts';
import { MediaKeeper, type MediaListener } from './media/MediaKeeper.ts';
import type { MediaSession, Published, PublishRequest } from './media/MediaSession.ts';
import { Recovery } from './recovery/Recovery.ts';
import type { RecoveredBy } from './recovery/recoveryReducer.ts';
import type { Disconnected, ReconnectReason } from './RoomEvents.ts';
import type { ResolvedOptions } from './RoomOptions.ts';
import { ServerClock } from './signal/ServerClock.ts';
import { SignalClient, type SessionEnded } from './signal/SignalClient.ts';
import { waitUnless } from './waitUnless.ts';

/** Faults that can be brought about, to see that they are survived. */
export type Fault =
  'signalDrop' | 'signalDropLong' | 'iceRestart' | 'mediaDrop' | 'fullReconnect' | 'forceTcp' | 'terminal';

/** What a connection tells its room. */
export interface ConnectionListener extends MediaListener {
  /** One has to wait in the lobby. */
  knocking(visit: LobbyVisit): void;
  /** In the room: before anything else that the server tells of it, and before there is media. */
  joined(joined: JoinedRoom): void;
  notification(notification: AnyNotification): void;
  /** Publishes everything anew. */
  republish(publish: (request: PublishRequest) => Promise<Published>): Promise<void>;
  /** `why` is what the server said, if it said something. */
  reconnecting(why?: ReconnectReason): void;
  reconnected(by: RecoveredBy): void;
  disconnected(end: Disconnected): void;
}

/** Errors for which joining anew cannot help. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  'TOKEN_EXPIRED',
  'TOKEN_INVALID',
  'PERMISSION_DENIED',
  'ROOM_NOT_FOUND',
  'GUESTS_REFUSED',
  'UNSUPPORTED_VERSION',
  'ORIGIN_REFUSED',
  'ACCESS_REFUSED',
  'TOO_MANY_TRIES',
  'BANNED',
  'GUESTS_REFUSED',
  'ROOM_NOT_OPEN',
]);
const GAVE_UP: Disconnected = {
  reason: 'reconnectFailed',
  message: 'The connection could not be restored. Check your network, then join again.',
};
/** How long new media may take until it flows, ms. */
const MEDIA_TIMEOUT_MS = 10_000;
const LONG_DROP_MS = 6000;
/** How long leaving may take, ms. */
const LEAVE_TIMEOUT_MS = 1000;

/** Session and media of one stay in a room, and their mending. It survives everything but its own end. */
export class Connection {
  /** What time it is for the server. */
  readonly clock = new ServerClock();
  readonly #target: { url: string; token: string };
  readonly #options: ResolvedOptions;
  readonly #listener: ConnectionListener;
  #recovery: Recovery;
  readonly #media: MediaKeeper;
  #signal: SignalClient | undefined;
  #room: JoinedRoom | undefined;
  #rejoinAfter = 0;
  /** Why the server ended the session that is being replaced. */
  #endedFor: ReconnectReason | undefined;
  /** The stay in the lobby, while one waits there. */
  #visit: LobbyVisit | undefined;
  #closed = false;

  constructor(
    target: { url: string; token: string },
    options: ResolvedOptions,
    listener: ConnectionListener,
  ) {
    this.#target = target;
    this.#options = options;
    this.#listener = listener;
    this.#media = new MediaKeeper(options, listener, (news) => this.#recovery.handle(news));
    this.#recovery = this.#createRecovery();
  }

  #createRecovery(): Recovery {
    const listener = this.#listener;
    return new Recovery(
      {
        restartIce: async () => (await this.#media.get()).restartIce(),
        rebuildMedia: () => this.#rebuild(),
        rejoin: () => this.#rejoin(),
        reconnecting: () => listener.reconnecting(this.#endedFor),
        reconnected: (by) => {
          this.#endedFor = undefined;
          listener.reconnected(by);
        },
        giveUp: () => this.#end(GAVE_UP),
      },
      this.#options.maxDuration,
    );
  }

  /** The signalling session. Throws WRONG_STATE when the connection is over. */
  get signal(): SignalClient {
    if (!this.#signal || this.#closed) throw new ParleyError('WRONG_STATE');
    return this.#signal;
  }

  /** Joins for the first time. Rejects with ParleyError; the connection is over then. */
  async open(): Promise<void> {
    try {
      await this.#getIn(() => this.#join());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Publishes a track; while the connection is being mended, as soon as that is done. Rejects with ParleyError. */
  publish(request: PublishRequest): Promise<Published> {
    return this.#media.use((media) => media.publish(request));
  }

  async unpublish(publicationId: string): Promise<void> {
    this.#media.current?.unpublish(publicationId);
    await this.signal.request('media.unpublish', { publicationId });
  }

  sendData(
    payload: Uint8Array,
    options: { topic: string; to?: string[]; reliable?: boolean },
  ): Promise<void> {
    return this.#media.use((media) => media.data.send(payload, options));
  }

  async leave(): Promise<void> {
    if (this.#closed) return;
    const signal = this.#signal;
    this.#recovery.handle('closed');
    this.#closed = true;
    // Whoever leaves while the server is out of reach need not wait for it.
    if (signal?.connected) {
      const left = signal.request('room.leave', {}).catch(() => undefined);
      await Promise.race([left, new Promise((resolve) => setTimeout(resolve, LEAVE_TIMEOUT_MS))]);
    }
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#recovery.handle('closed');
    this.#visit?.fail(new ParleyError('WRONG_STATE'));
    this.#signal?.close();
    this.#media.close();
  }

  async simulate(fault: Fault): Promise<void> {
    switch (fault) {
      case 'signalDrop':
        return this.signal.simulateDrop();
      case 'signalDropLong':
        return this.signal.simulateDrop(LONG_DROP_MS);
      case 'iceRestart':
        return this.#recovery.handle('mediaFailed');
      case 'mediaDrop':
        return (await this.#media.get()).simulateLoss();
      case 'fullReconnect':
        return this.signal.simulateLoss();
      case 'forceTcp':
        this.#media.forceTcp();
        return this.#recovery.handle('mediaReset');
      case 'terminal':
        return this.#recovery.handle('deadline');
    }
  }

  async #join(): Promise<MediaSession> {
    const { platform, delay } = this.#options;
    warmUp(platform.deviceOptions());
    const signal = await SignalClient.connect({ ...this.#target, platform, delay, clock: this.clock });
    if (this.#closed) {
      signal.close();
      throw new ParleyError('WRONG_STATE');
    }
    this.#signal = signal;
    this.#listen(signal);
    return this.#enter(signal);
  }

  /** From a session into the room, by way of the lobby where one has to wait. */
  async #enter(signal: SignalClient, knock?: Knock): Promise<MediaSession> {
    const { displayName, password } = this.#options;
    for (let waiting = knock; ;) {
      if (waiting) await this.#wait(waiting);
      const answer = await signal.request('room.join', {
        ...(displayName !== undefined && { displayName }),
        ...(password !== undefined && { password }),
      });
      if (answer.state === 'joined') return this.#start(signal, answer);
      waiting = answer.knock;
    }
  }

  #start(signal: SignalClient, joined: JoinedRoom): Promise<MediaSession> {
    this.#room = joined;
    // NOTE: in the same turn as the answer, so that what the server tells next finds the room as it was then.
    this.#listener.joined(joined);
    const expectsTracks = joined.participants.some(({ publications }) => publications.length > 0);
    return this.#media.start(signal, joined, expectsTracks);
  }

  /** Resolves when one may come in. Nothing is mended meanwhile, and no deadline runs: people wait as long as it takes. */
  async #wait(knock: Knock): Promise<void> {
    this.#recovery.handle('closed');
    const visit = new LobbyVisit(knock, () => this.leave());
    this.#visit = visit;
    this.#listener.knocking(visit);
    await visit.admitted;
    this.#visit = undefined;
    this.#recovery = this.#createRecovery();
  }

  /** Gets in. Whoever loses the session while they wait in the lobby asks again, and finds their place in the queue. */
  async #getIn(first: () => Promise<MediaSession>): Promise<MediaSession> {
    const { delay, platform } = this.#options;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await (attempt === 0 ? first() : this.#join());
      } catch (error) {
        const isFinal = error instanceof ParleyError && FINAL.has(error.code);
        if (this.#closed || !this.#visit || isFinal) throw error;
        this.#signal?.close();
        const pause = Math.max(delay(attempt), this.#rejoinAfter - Date.now());
        await waitUnless(pause, (cut) => platform.onOnline(cut));
      }
    }
  }

  /** A host sent one back to the lobby: the media is gone, and one waits until one may come in again. */
  async #sentBack(knock: Knock): Promise<void> {
    this.#media.take();
    try {
      await this.#fill(await this.#getIn(() => this.#enter(this.signal, knock)));
      this.#listener.reconnected('rejoin');
    } catch (error) {
      if (error instanceof ParleyError) this.#endRefused(error);
    }
  }

  #listen(signal: SignalClient): void {
    signal.on('dropped', () => this.#recovery.handle('signalDropped'));
    signal.on('resumed', () => this.#recovery.handle('signalResumed'));
    signal.on('lost', (error) => this.#lost(signal, error));
    signal.on('ended', (end) => this.#ended(end));
    signal.on('notification', (notification) => this.#notified(notification));
  }

  #lost(signal: SignalClient, error: ParleyError): void {
    if (signal !== this.#signal || this.#closed) return;
    // Who waits in the lobby, or joins for the first time, is told by that.
    if (this.#visit) return this.#visit.fail(new ParleyError('SESSION_NOT_FOUND'));
    if (!this.#room) return;
    const { reason, rejoin, message } = (error.details ?? {}) as Partial<SessionEnded>;
    if (reason !== undefined && rejoin === false) this.#end({ reason, message: message ?? error.message });
    else this.#sessionLost();
  }

  #ended({ reason, message, rejoin, retryAfter }: SessionEnded): void {
    if (this.#closed) return;
    this.#rejoinAfter = Date.now() + retryAfter;
    if (this.#visit && (rejoin || !this.#room))
      return this.#visit.fail(
        new ParleyError(rejoin ? 'SESSION_NOT_FOUND' : 'ACCESS_REFUSED', { message, details: { reason } }),
      );
    if (!rejoin) {
      this.#end({ reason, message });
      return;
    }
    this.#endedFor = { reason, message };
    this.#sessionLost();
  }

  #sessionLost(): void {
    this.#media.take();
    this.#recovery.handle('sessionLost');
  }

  #notified(notification: AnyNotification): void {
    if (notification.method === 'media.reset') this.#reset(notification.params);
    else if (notification.method === 'knock.sentBack') void this.#sentBack(notification.params.knock);
    else if (notification.method.startsWith('knock.')) this.#visit?.handle(notification);
    else {
      this.#media.handle(notification);
      this.#listener.notification(notification);
    }
  }

  #reset({ rtpCapabilities }: NotificationParams<'media.reset'>): void {
    if (this.#room) this.#room = { ...this.#room, rtpCapabilities };
    this.#recovery.handle('mediaReset');
  }

  async #rebuild(): Promise<void> {
    if (!this.#room) throw new ParleyError('WRONG_STATE');
    await this.#fill(await this.#media.start(this.signal, this.#room, false));
  }

  /** Publishes everything on new media, and waits until it flows. */
  async #fill(media: MediaSession): Promise<void> {
    await this.#listener.republish((request) => media.publish(request));
    await media.whenConnected(MEDIA_TIMEOUT_MS);
  }

  async #rejoin(): Promise<void> {
    const { delay, platform } = this.#options;
    await waitUnless(this.#rejoinAfter - Date.now(), () => () => undefined);
    for (let attempt = 0; !this.#closed; attempt += 1) {
      await waitUnless(delay(attempt), (cut) => platform.onOnline(cut));
      if (this.#closed) return;
      try {
        const media = await this.#join();
        await Promise.race([this.#fill(media), this.signal.over]);
        if (!this.signal.closed) return;
      } catch (error) {
        if (error instanceof ParleyError && FINAL.has(error.code)) this.#endRefused(error);
      }
      this.#signal?.close();
    }
  }

  #endRefused({ code, message }: ParleyError): void {
    const reason =
      code === 'TOKEN_EXPIRED' ? 'tokenExpired' : code === 'BANNED' ? 'banned' : 'reconnectFailed';
    this.#end({ reason, message, code });
  }

  #end(end: Disconnected): void {
    if (this.#closed) return;
    this.close();
    this.#listener.disconnected(end);
  }
}
