import type { Feed } from '../media/Feed.ts';
import type { Publication } from '../media/Publication.ts';
import type { Logger } from '../observability/logger.ts';
import type { Feeding } from '../room/ports.ts';
import type { Room } from '../room/Room.ts';
import { newId } from '../util/ids.ts';

/** What somebody sees who watches the composite of a room. */
export interface Viewing {
  publications: readonly Publication[];
  /** They have gone. Calling it again does nothing. */
  leave(): void;
}

interface Shared {
  feed: Feed;
  stop(): void;
  viewers: Set<() => void>;
  timer?: NodeJS.Timeout;
}

/** For so long it is made for nobody: players come back when their page is loaded again, ms. */
const LINGER_MS = 5_000;

/** The composites of rooms, each made once for all who watch it, and for as long as somebody does. */
export class Composites {
  readonly #feeding: Feeding;
  readonly #logger: Logger;
  readonly #shared = new Map<string, Promise<Shared>>();

  constructor(feeding: Feeding, logger: Logger) {
    this.#feeding = feeding;
    this.#logger = logger;
  }

  /**
   * Somebody watches; `ended` is called when there is nothing to watch any more. Rejects with MEDIA_UNAVAILABLE, RECORDING_OFF,
   * RECORDING_CAPACITY, RECORDING_FFMPEG_MISSING, RECORDING_FAILED.
   */
  async join(room: Room, ended: () => void): Promise<Viewing> {
    const { roomId } = room;
    const coming = this.#shared.get(roomId) ?? this.#begin(room);
    this.#shared.set(roomId, coming);
    const shared = await coming;
    clearTimeout(shared.timer);
    shared.viewers.add(ended);
    return {
      publications: shared.feed.publications,
      leave: () => {
        if (!shared.viewers.delete(ended) || shared.viewers.size > 0) return;
        shared.timer = setTimeout(() => shared.stop(), LINGER_MS).unref();
      },
    };
  }

  /** Ends them all. */
  close(): void {
    for (const coming of this.#shared.values())
      coming.then(
        ({ stop }) => stop(),
        () => undefined,
      );
  }

  #begin(room: Room): Promise<Shared> {
    const coming = this.#open(room, () => {
      if (this.#shared.get(room.roomId) === coming) this.#shared.delete(room.roomId);
    });
    coming.catch(() => {
      if (this.#shared.get(room.roomId) === coming) this.#shared.delete(room.roomId);
    });
    return coming;
  }

  async #open(room: Room, forget: () => void): Promise<Shared> {
    const feed = await room.createFeed();
    const viewers = new Set<() => void>();
    let isOver = false;
    const end = (why: string): void => {
      if (isOver) return;
      isOver = true;
      forget();
      feed.close();
      this.#logger.info({ room: room.name, why }, 'composite ended');
      for (const viewer of [...viewers]) viewer();
    };
    try {
      const job = this.#feeding.begin(room, {
        feedId: newId('FD'),
        address: feed.address,
        opened: (port) => {
          feed.connect(port).catch((err: unknown) => this.#logger.debug({ err }, 'feed not connected'));
        },
        ended: end,
      });
      feed.onClose(() => job.stop());
      await job.running;
      this.#logger.info({ room: room.name }, 'composite started');
      return { feed, viewers, stop: () => job.stop() };
    } catch (error) {
      end('It could not be started.');
      throw error;
    }
  }
}
