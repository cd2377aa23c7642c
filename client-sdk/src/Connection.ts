import type { AnyNotification, JoinedRoom, NotificationParams, RtpCapabilities } from '@parley/protocol';
import { ParleyError, type ErrorCode } from '@parley/protocol/errors';
import type { Consumer } from 'mediasoup-client/types';
import type { ReceivedData } from './media/DataChannels.ts';
import { warmUp } from './media/device.ts';
import { MediaSession, type Published, type PublishRequest } from './media/MediaSession.ts';
import { Recovery } from './recovery/Recovery.ts';
import type { RecoveredBy } from './recovery/recoveryReducer.ts';
import type { Disconnected } from './RoomEvents.ts';
import type { ResolvedOptions } from './RoomOptions.ts';
import { SignalClient, type SessionEnded } from './signal/SignalClient.ts';
import { Slot } from './Slot.ts';
import { waitUnless } from './waitUnless.ts';

/** Faults that can be brought about, to see that they are survived. */
export type Fault =
  'signalDrop' | 'signalDropLong' | 'iceRestart' | 'mediaDrop' | 'fullReconnect' | 'forceTcp' | 'terminal';

/** What a connection tells its room. */
export interface ConnectionListener {
  /** In the room: before anything else that the server tells of it, and before there is media. */
  joined(joined: JoinedRoom): void;
  notification(notification: AnyNotification): void;
  track(publicationId: string, consumer: Consumer): void;
  trackEnded(publicationId: string): void;
  data(data: ReceivedData): void;
  /** Whether a publication is to be received. */
  wants(publicationId: string): boolean;
  /** Resolves when the server was told how large a publication is shown, or that is not known soon. */
  sizeKnown(publicationId: string): Promise<void>;
  /** The media starts anew: nothing is received any more until it comes again. */
  mediaGone(): void;
  /** Publishes everything anew. */
  republish(publish: (request: PublishRequest) => Promise<Published>): Promise<void>;
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
/** The server no longer has the transports: this media is over, though nobody has said so. */
const MEDIA_IS_GONE: ReadonlySet<ErrorCode> = new Set(['TRANSPORT_NOT_FOUND', 'MEDIA_UNAVAILABLE']);
/** How long new media may take until it flows, ms. */
const MEDIA_TIMEOUT_MS = 10_000;
const LONG_DROP_MS = 3000;
/** How long leaving may take, ms. */
const LEAVE_TIMEOUT_MS = 1000;

/** Session and media of one stay in a room, and their mending. It survives everything but its own end. */
export class Connection {
  readonly #target: { url: string; token: string };
  readonly #options: ResolvedOptions;
  readonly #listener: ConnectionListener;
  readonly #recovery: Recovery;
  readonly #badTransports = new Set<string>();
  /** The media in use. Whoever needs it while there is none waits for it. */
  readonly #media = new Slot<MediaSession>();
  #signal: SignalClient | undefined;
  #room: JoinedRoom | undefined;
  /** Counts the media sessions begun: only the latest is put to use. */
  #mediaCount = 0;
  #rejoinAfter = 0;
  #forceTcp: boolean;
  #closed = false;

  constructor(
    target: { url: string; token: string },
    options: ResolvedOptions,
    listener: ConnectionListener,
  ) {
    this.#target = target;
    this.#options = options;
    this.#listener = listener;
    this.#forceTcp = options.forceTcp;
    this.#recovery = new Recovery(
      {
        restartIce: async () => (await this.#media.get()).restartIce(),
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

  /** Joins for the first time. Rejects with ParleyError; the connection is over then. */
  async open(): Promise<void> {
    try {
      await this.#join();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Publishes a track; while the connection is being mended, as soon as that is done. Rejects with ParleyError. */
  publish(request: PublishRequest): Promise<Published> {
    return this.#withMedia((media) => media.publish(request));
  }

  async unpublish(publicationId: string): Promise<void> {
    this.#media.current?.unpublish(publicationId);
    await this.signal.request('media.unpublish', { publicationId });
  }

  sendData(
    payload: Uint8Array,
    options: { topic: string; to?: string[]; reliable?: boolean },
  ): Promise<void> {
    return this.#withMedia((media) => media.data.send(payload, options));
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
    this.#signal?.close();
    this.#media.current?.close();
    this.#media.close(new ParleyError('WRONG_STATE'));
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
        this.#forceTcp = true;
        return this.#recovery.handle('mediaReset');
      case 'terminal':
        return this.#recovery.handle('deadline');
    }
  }

  /** What fails because its media came to its end is done again on the next. */
  async #withMedia<T>(use: (media: MediaSession) => Promise<T>): Promise<T> {
    for (;;) {
      const media = await this.#media.get();
      try {
        return await use(media);
      } catch (error) {
        if (this.#closed) throw error;
        if (media !== this.#media.current) continue;
        if (!(error instanceof ParleyError) || !MEDIA_IS_GONE.has(error.code)) throw error;
        this.#recovery.handle('mediaReset');
      }
    }
  }

  async #join(): Promise<MediaSession> {
    const { platform, delay, displayName } = this.#options;
    warmUp(platform.deviceOptions());
    const signal = await SignalClient.connect({ ...this.#target, platform, delay });
    if (this.#closed) {
      signal.close();
      throw new ParleyError('WRONG_STATE');
    }
    this.#signal = signal;
    this.#listen(signal);
    const joined = await signal.request('room.join', displayName === undefined ? {} : { displayName });
    this.#room = joined;
    // NOTE: in the same turn as the answer, so that what the server tells next finds the room as it was then.
    this.#listener.joined(joined);
    const expectsTracks = joined.participants.some(({ publications }) => publications.length > 0);
    return this.#startMedia(joined.rtpCapabilities, expectsTracks);
  }

  #listen(signal: SignalClient): void {
    signal.on('dropped', () => this.#recovery.handle('signalDropped'));
    signal.on('resumed', () => this.#recovery.handle('signalResumed'));
    signal.on('lost', (error) => this.#lost(signal, error));
    signal.on('ended', (end) => this.#ended(end));
    signal.on('notification', (notification) => this.#notified(notification));
  }

  #lost(signal: SignalClient, error: ParleyError): void {
    // The first join tells its caller itself.
    if (signal !== this.#signal || !this.#room || this.#closed) return;
    const { reason, rejoin, message } = (error.details ?? {}) as Partial<SessionEnded>;
    if (reason !== undefined && rejoin === false) this.#end({ reason, message: message ?? error.message });
    else this.#sessionLost();
  }

  #ended({ reason, message, rejoin, retryAfter }: SessionEnded): void {
    if (this.#closed) return;
    if (!rejoin) {
      this.#end({ reason, message });
      return;
    }
    this.#rejoinAfter = Date.now() + retryAfter;
    this.#sessionLost();
  }

  #sessionLost(): void {
    this.#takeMedia();
    this.#recovery.handle('sessionLost');
  }

  #notified(notification: AnyNotification): void {
    const media = this.#media.current;
    switch (notification.method) {
      case 'media.consumerCreated':
        // A consumer of media that is being replaced fails, and comes again with the new media.
        media?.addConsumer(notification.params).catch(() => undefined);
        return;
      case 'media.consumerClosed':
        media?.removeConsumer(notification.params.consumerId);
        return;
      case 'media.publishLayers':
        if (this.#options.dynacast) media?.setWantedLayers(notification.params);
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

  /** Closes the media in use. From now on, whoever needs it waits for the next. */
  #takeMedia(): void {
    const former = this.#media.take();
    if (!former) return;
    former.close();
    this.#badTransports.clear();
    this.#listener.mediaGone();
  }

  async #startMedia(rtpCapabilities: RtpCapabilities, expectsTracks = false): Promise<MediaSession> {
    this.#takeMedia();
    const count = (this.#mediaCount += 1);
    const room = this.#room;
    const signal = this.signal;
    if (!room) throw new ParleyError('WRONG_STATE');
    const { platform, publishDefaults } = this.#options;
    const media = await MediaSession.create(
      signal,
      { rtpCapabilities, iceServers: room.iceServers },
      {
        platform,
        publishDefaults,
        forceTcp: this.#forceTcp,
        wants: (publicationId) => this.#listener.wants(publicationId),
        sizeKnown: (publicationId) => this.#listener.sizeKnown(publicationId),
      },
    );
    if (this.#closed || count !== this.#mediaCount) {
      media.close();
      throw new ParleyError('MEDIA_UNAVAILABLE');
    }
    this.#watch(media);
    const { canSubscribe, canPublish, hidden } = room.permissions;
    media.start({ canSubscribe, canPublish: canPublish && !hidden, expectsTracks });
    this.#media.put(media);
    return media;
  }

  #watch(media: MediaSession): void {
    media.on('track', ({ publicationId, consumer }) => this.#listener.track(publicationId, consumer));
    media.on('trackEnded', (publicationId) => this.#listener.trackEnded(publicationId));
    media.on('data', (data) => this.#listener.data(data));
    media.on('broken', ({ code }) => {
      if (media === this.#media.current && MEDIA_IS_GONE.has(code)) this.#recovery.handle('mediaReset');
    });
    media.on('transportHealth', (direction, health) => {
      if (media !== this.#media.current) return;
      if (health === 'connected') this.#badTransports.delete(direction);
      else this.#badTransports.add(direction);
      if (health === 'failed') this.#recovery.handle('mediaFailed');
      else if (health === 'interrupted') this.#recovery.handle('mediaInterrupted');
      else if (this.#badTransports.size === 0) this.#recovery.handle('mediaConnected');
    });
  }

  async #rebuild(): Promise<void> {
    const media = await this.#startMedia(this.#room?.rtpCapabilities ?? {});
    await this.#fill(media);
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
    this.#end({ reason: code === 'TOKEN_EXPIRED' ? 'tokenExpired' : 'reconnectFailed', message, code });
  }

  #end(end: Disconnected): void {
    if (this.#closed) return;
    this.close();
    this.#listener.disconnected(end);
  }
}
