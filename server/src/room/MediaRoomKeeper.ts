import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError, type NotificationParams } from '@parley/protocol';
import type { MediaRoom } from '../media/MediaRoom.ts';
import type { Logger } from '../observability/logger.ts';

/** Where media rooms come from: the worker pool. */
export interface MediaRoomSource {
  createMediaRoom(): Promise<MediaRoom>;
}

export interface MediaRoomListener {
  /** A new media room stands in for one whose worker died. */
  replaced(mediaRoom: MediaRoom, generation: number): void;
  speakers(speakers: NotificationParams<'room.activeSpeakers'>, zoneId: string): void;
}

const RETRY_DELAY_MS = 100;

/** Sees to it that a room has a living media room as long as it is wanted, whatever becomes of the workers. */
export class MediaRoomKeeper {
  readonly #source: MediaRoomSource;
  readonly #logger: Logger;
  readonly #listener: MediaRoomListener;
  #current: Promise<MediaRoom> | undefined;
  #generation = 0;

  constructor(source: MediaRoomSource, logger: Logger, listener: MediaRoomListener) {
    this.#source = source;
    this.#logger = logger;
    this.#listener = listener;
  }

  /** Counts the media rooms there have been. */
  get generation(): number {
    return this.#generation;
  }

  /** The media room, made when there is none. Throws MEDIA_UNAVAILABLE. */
  get(): Promise<MediaRoom> {
    if (!this.#current) {
      const creation = this.#create();
      this.#current = creation;
      creation.catch(() => {
        if (this.#current === creation) this.#current = undefined;
      });
    }
    return this.#current;
  }

  close(): void {
    const current = this.#current;
    this.#current = undefined;
    // A creation that failed has told its caller.
    current?.then((mediaRoom) => mediaRoom.close()).catch(() => undefined);
  }

  async #create(): Promise<MediaRoom> {
    try {
      const mediaRoom = await this.#source.createMediaRoom();
      this.#generation += 1;
      mediaRoom.on('speakers', (speakers, zoneId) => this.#listener.speakers(speakers, zoneId));
      mediaRoom.on('died', () => this.#replace());
      return mediaRoom;
    } catch (cause) {
      throw cause instanceof ParleyError ? cause : new ParleyError('MEDIA_UNAVAILABLE', { cause });
    }
  }

  /** Whoever asks for the media room meanwhile waits for the new one. */
  #replace(): void {
    if (!this.#current) return;
    this.#logger.warn({ generation: this.#generation }, 'media worker died, moving the room');
    const replacement: Promise<MediaRoom> = this.#createUntilItWorks(() => this.#current === replacement);
    this.#current = replacement;
    replacement.then(
      (mediaRoom) => {
        if (this.#current !== replacement) return;
        this.#logger.info({ generation: this.#generation }, 'room moved to another media worker');
        this.#listener.replaced(mediaRoom, this.#generation);
      },
      () => undefined,
    );
  }

  async #createUntilItWorks(wanted: () => boolean): Promise<MediaRoom> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#create();
      } catch (error) {
        if (!wanted()) throw error;
        // Said once: the workers' own log tells how their replacement goes.
        if (attempt === 0)
          this.#logger.warn({ err: error }, 'no media worker for the room, trying until there is one');
        await delay(RETRY_DELAY_MS);
      }
    }
  }
}
