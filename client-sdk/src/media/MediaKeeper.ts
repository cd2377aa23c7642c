import type { AnyNotification, JoinedRoom } from '@parley/protocol';
import { ParleyError, type ErrorCode } from '@parley/protocol/errors';
import type { Consumer } from 'mediasoup-client/types';
import type { ResolvedOptions } from '../RoomOptions.ts';
import type { SignalClient } from '../signal/SignalClient.ts';
import { Slot } from '../Slot.ts';
import type { ReceivedData } from './DataChannels.ts';
import { MediaSession } from './MediaSession.ts';
import type { Direction } from './Transports.ts';

/** What becomes of the media, in the words of the recovery. */
export type MediaNews = 'mediaInterrupted' | 'mediaFailed' | 'mediaConnected' | 'mediaReset';

/** What is told of the media in use; never of one that has been replaced. */
export interface MediaListener {
  track(publicationId: string, consumer: Consumer): void;
  trackEnded(publicationId: string): void;
  data(data: ReceivedData): void;
  /** Whether a publication is to be received. */
  wants(publicationId: string): boolean;
  /** Resolves when the server was told how large a publication is shown, or that is not known soon. */
  sizeKnown(publicationId: string): Promise<void>;
  /** The media starts anew: nothing is received any more until it comes again. */
  mediaGone(): void;
}

/** The server no longer has the transports: this media is over, though nobody has said so. */
const MEDIA_IS_GONE: ReadonlySet<ErrorCode> = new Set(['TRANSPORT_NOT_FOUND', 'MEDIA_UNAVAILABLE']);

/** Holds the media session in use, and lets those who need one wait while there is none. */
export class MediaKeeper {
  readonly #options: ResolvedOptions;
  readonly #listener: MediaListener;
  readonly #tell: (news: MediaNews) => void;
  readonly #slot = new Slot<MediaSession>();
  readonly #bad = new Set<Direction>();
  /** Counts the sessions begun: only the latest is put to use. */
  #count = 0;
  #forceTcp: boolean;
  #closed = false;

  constructor(options: ResolvedOptions, listener: MediaListener, tell: (news: MediaNews) => void) {
    this.#options = options;
    this.#listener = listener;
    this.#tell = tell;
    this.#forceTcp = options.forceTcp;
  }

  /** From the next session on. */
  forceTcp(): void {
    this.#forceTcp = true;
  }

  /** The session in use, if there is one. */
  get current(): MediaSession | undefined {
    return this.#slot.current;
  }

  /** The session in use, or the next. Rejects once the keeper is closed. */
  get(): Promise<MediaSession> {
    return this.#slot.get();
  }

  /** Does something with the media. What fails because its media came to its end is done again on the next. */
  async use<T>(task: (media: MediaSession) => Promise<T>): Promise<T> {
    for (;;) {
      const media = await this.#slot.get();
      try {
        return await task(media);
      } catch (error) {
        if (this.#closed) throw error;
        if (media !== this.current) continue;
        if (!(error instanceof ParleyError) || !MEDIA_IS_GONE.has(error.code)) throw error;
        this.#tell('mediaReset');
      }
    }
  }

  /**
   * Puts new media in the place of the former. `expectsTracks` is whether there is something to be received already.
   * Rejects with MEDIA_UNAVAILABLE when it, too, was replaced meanwhile.
   */
  async start(signal: SignalClient, room: JoinedRoom, expectsTracks: boolean): Promise<MediaSession> {
    this.take();
    const count = (this.#count += 1);
    const { platform, publishDefaults } = this.#options;
    const media = await MediaSession.create(signal, room, {
      platform,
      publishDefaults,
      forceTcp: this.#forceTcp,
      wants: (publicationId) => this.#listener.wants(publicationId),
      sizeKnown: (publicationId) => this.#listener.sizeKnown(publicationId),
    });
    if (this.#closed || count !== this.#count) {
      media.close();
      throw new ParleyError('MEDIA_UNAVAILABLE');
    }
    this.#watch(media);
    const { canSubscribe, canPublish, hidden } = room.permissions;
    media.start({ canSubscribe, canPublish: canPublish && !hidden, expectsTracks });
    this.#slot.put(media);
    return media;
  }

  /** Closes the media in use. From now on, whoever needs it waits for the next. */
  take(): void {
    const former = this.#slot.take();
    if (!former) return;
    former.close();
    this.#bad.clear();
    this.#listener.mediaGone();
  }

  handle({ method, params }: AnyNotification): void {
    const media = this.current;
    if (method === 'media.consumerClosed') media?.removeConsumer(params.consumerId);
    else if (method === 'media.publishLayers' && this.#options.dynacast) media?.setWantedLayers(params);
    // A consumer of media that is being replaced fails, and comes again with the new media.
    else if (method === 'media.consumerCreated') media?.addConsumer(params).catch(() => undefined);
  }

  close(): void {
    this.#closed = true;
    this.current?.close();
    this.#slot.close(new ParleyError('WRONG_STATE'));
  }

  #watch(media: MediaSession): void {
    media.on('track', ({ publicationId, consumer }) => this.#listener.track(publicationId, consumer));
    media.on('trackEnded', (publicationId) => this.#listener.trackEnded(publicationId));
    media.on('data', (data) => this.#listener.data(data));
    media.on('broken', ({ code }) => {
      if (media === this.current && MEDIA_IS_GONE.has(code)) this.#tell('mediaReset');
    });
    media.on('transportHealth', (direction, health) => {
      if (media !== this.current) return;
      if (health === 'connected') this.#bad.delete(direction);
      else this.#bad.add(direction);
      if (health === 'failed') this.#tell('mediaFailed');
      else if (health === 'interrupted') this.#tell('mediaInterrupted');
      else if (this.#bad.size === 0) this.#tell('mediaConnected');
    });
  }
}
