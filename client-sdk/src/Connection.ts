import type { AnyNotification, JoinedRoom, NotificationParams, RtpCapabilities } from '@parley/protocol';
import { ParleyError, type ErrorCode } from '@parley/protocol/errors';
import { MediaSession } from './media/MediaSession.ts';
import type { ReceivedData } from './media/DataChannels.ts';
import { Recovery } from './recovery/Recovery.ts';
import type { RecoveredBy } from './recovery/recoveryReducer.ts';
import type { Disconnected } from './RoomEvents.ts';
import type { ResolvedOptions } from './RoomOptions.ts';
import { SignalClient, type SessionEnded } from './signal/SignalClient.ts';
import type { Consumer } from 'mediasoup-client/types';

/** What a connection tells its room. */
export interface ConnectionListener {
  joined(joined: JoinedRoom): void;
  notification(notification: AnyNotification): void;
  track(publicationId: string, consumer: Consumer): void;
  trackEnded(publicationId: string): void;
  data(data: ReceivedData): void;
  /** The media starts anew: nothing is received any more until it comes again. */
  mediaGone(): void;
  /** Publishes everything anew. */
  republish(): Promise<void>;
  reconnecting(): void;
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
]);
/** How long new media may take until it flows, ms. */
const MEDIA_TIMEOUT_MS = 10_000;

/** Session and media of one stay in a room, and their mending. It survives everything but its own end. */
export class Connection {
  readonly #url: string;
  readonly #token: string;
  readonly #options: ResolvedOptions;
  readonly #listener: ConnectionListener;
  readonly #recovery: Recovery;
  readonly #badTransports = new Set<string>();
  #signal: SignalClient | undefined;
  #media: MediaSession | undefined;
  #room: JoinedRoom | undefined;
  #rejoinAfter = 0;
  #forceTcp: boolean;
  #closed = false;

  constructor(
    target: { url: string; token: string },
    options: ResolvedOptions,
    listener: ConnectionListener,
  ) {
    this.#url = target.url;
    this.#token = target.token;
    this.#options = options;
    this.#listener = listener;
    this.#forceTcp = options.forceTcp;
    this.#recovery = new Recovery(
      {
        restartIce: () => this.#restartIce(),
        rebuildMedia: () => this.#rebuild(),
        rejoin: () => this.#rejoin(),
        reconnecting: () => listener.reconnecting(),
        reconnected: (by) => listener.reconnected(by),
        giveUp: () =>
          this.#end({
            reason: 'reconnectFailed',
            message: 'The connection could not be restored. Check your network, then join again.',
          }),
      },
      options.maxDuration,
    );
  }

  /** The signalling session. Throws WRONG_STATE when the connection is over. */
  get signal(): SignalClient {
    if (!this.#signal || this.#closed) throw new ParleyError('WRONG_STATE');
    return this.#signal;
  }

  get media(): MediaSession {
    return this.#getMedia();
  }

  /** Joins for the first time. Rejects with ParleyError; the connection is over then. */
  async open(): Promise<void> {
    try {
      await this.#join();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  async leave(): Promise<void> {
    if (this.#closed) return;
    const signal = this.#signal;
    this.#recovery.handle('closed');
    this.#closed = true;
    // Whoever leaves while the server is out of reach need not wait for it.
    if (signal?.connected)
      await Promise.race([signal.request('room.leave', {}).catch(() => undefined), delay(1000)]);
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#recovery.handle('closed');
    this.#signal?.close();
    this.#media?.close();
  }

  async simulate(
    fault:
      | 'signalDrop'
      | 'signalDropLong'
      | 'iceRestart'
      | 'mediaDrop'
      | 'fullReconnect'
      | 'forceTcp'
      | 'terminal',
  ): Promise<void> {
    switch (fault) {
      case 'signalDrop':
        return this.signal.simulateDrop();
      case 'signalDropLong':
        return this.signal.simulateDrop(3000);
      case 'iceRestart':
        return this.#recovery.handle('mediaFailed');
      case 'mediaDrop':
        return this.media.simulateDrop();
      case 'fullReconnect':
        return this.signal.simulateLoss();
      case 'forceTcp':
        this.#forceTcp = true;
        return this.#recovery.handle('mediaReset');
      case 'terminal':
        return this.#recovery.handle('deadline');
    }
  }

  #getMedia(): MediaSession {
    if (!this.#media) throw new ParleyError('MEDIA_UNAVAILABLE');
    return this.#media;
  }

  async #join(): Promise<void> {
    const { platform, delay: backoff, displayName } = this.#options;
    const signal = await SignalClient.connect({
      url: this.#url,
      token: this.#token,
      platform,
      delay: backoff,
    });
    this.#signal = signal;
    this.#listen(signal);
    const joined = await signal.request('room.join', displayName === undefined ? {} : { displayName });
    this.#room = joined;
    await this.#startMedia(joined.rtpCapabilities);
    this.#listener.joined(joined);
  }

  #listen(signal: SignalClient): void {
    signal.on('dropped', () => this.#recovery.handle('signalDropped'));
    signal.on('resumed', () => this.#recovery.handle('signalResumed'));
    signal.on('lost', (error) => this.#lost(signal, error));
    signal.on('ended', (end) => this.#ended(end));
    signal.on('notification', (notification) => this.#notified(notification));
  }

  #lost(signal: SignalClient, error: ParleyError): void {
    // The first join, or an attempt to join anew, tells its caller itself.
    if (signal !== this.#signal || !this.#room || this.#closed) return;
    const { reason, rejoin, message } = (error.details ?? {}) as Partial<SessionEnded>;
    if (reason !== undefined && rejoin === false) this.#end({ reason, message: message ?? error.message });
    else this.#recovery.handle('sessionLost');
  }

  #ended({ reason, message, rejoin, retryAfter }: SessionEnded): void {
    if (this.#closed) return;
    if (!rejoin) {
      this.#end({ reason, message });
      return;
    }
    this.#rejoinAfter = Date.now() + retryAfter;
    this.#recovery.handle('sessionLost');
  }

  #notified(notification: AnyNotification): void {
    const media = this.#media;
    switch (notification.method) {
      case 'media.consumerCreated':
        // A consumer of media that is being replaced fails, and comes again with the new media.
        media?.addConsumer(notification.params).catch(() => undefined);
        return;
      case 'media.consumerClosed':
        media?.removeConsumer(notification.params.consumerId);
        return;
      case 'media.publishLayers':
        if (this.#options.dynacast) media?.setWantedLayers(notification.params).catch(() => undefined);
        this.#listener.notification(notification);
        return;
      case 'media.reset':
        this.#reset(notification.params);
        return;
      default:
        this.#listener.notification(notification);
    }
  }

  #reset({ rtpCapabilities }: NotificationParams<'media.reset'>): void {
    if (this.#room) this.#room = { ...this.#room, rtpCapabilities };
    this.#recovery.handle('mediaReset');
  }

  async #startMedia(rtpCapabilities: RtpCapabilities): Promise<MediaSession> {
    const former = this.#media;
    const room = this.#room;
    if (!room) throw new ParleyError('WRONG_STATE');
    this.#badTransports.clear();
    former?.close();
    if (former) this.#listener.mediaGone();
    const { platform, publishDefaults } = this.#options;
    const media = await MediaSession.create(
      this.signal,
      { rtpCapabilities, iceServers: room.iceServers },
      { platform, publishDefaults, forceTcp: this.#forceTcp },
    );
    this.#media = media;
    media.on('track', ({ publicationId, consumer }) => this.#listener.track(publicationId, consumer));
    media.on('trackEnded', (publicationId) => this.#listener.trackEnded(publicationId));
    media.on('data', (data) => this.#listener.data(data));
    media.on('transportState', (direction, state) => {
      if (media !== this.#media) return;
      if (state === 'connected') this.#badTransports.delete(direction);
      else this.#badTransports.add(direction);
      if (state === 'failed') this.#recovery.handle('mediaFailed');
      else if (state === 'interrupted') this.#recovery.handle('mediaInterrupted');
      else if (this.#badTransports.size === 0) this.#recovery.handle('mediaConnected');
    });
    const { canSubscribe, canPublish, hidden } = room.permissions;
    media.start({ canSubscribe, canPublish: canPublish && !hidden });
    return media;
  }

  async #restartIce(): Promise<void> {
    const media = this.#getMedia();
    await media.restartIce();
    // A path that was not broken says nothing when it is replaced.
    if (media === this.#media && this.#badTransports.size === 0) this.#recovery.handle('mediaConnected');
  }

  async #rebuild(): Promise<void> {
    const media = await this.#startMedia(this.#room?.rtpCapabilities ?? {});
    await this.#listener.republish();
    await media.whenFlowing(MEDIA_TIMEOUT_MS);
  }

  async #rejoin(): Promise<void> {
    await delay(this.#rejoinAfter - Date.now());
    for (let attempt = 0; !this.#closed; attempt += 1) {
      await delay(this.#options.delay(attempt));
      try {
        await this.#join();
        await this.#listener.republish();
        return;
      } catch (error) {
        this.#signal?.close();
        if (error instanceof ParleyError && FINAL.has(error.code)) {
          this.#end({ reason: 'reconnectFailed', message: error.message, code: error.code });
        }
      }
    }
  }

  #end(end: Disconnected): void {
    if (this.#closed) return;
    this.close();
    this.#listener.disconnected(end);
  }
}

function delay(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
