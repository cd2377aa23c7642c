import type { MeetingStore } from './ports.ts';

/** How often it is written down that meetings go on, ms. A crash is known about as exactly. */
export const BEAT_MS = 10_000;

/** Writes down that the process lives as long as anybody is in a meeting, so that after a crash it is known until when. */
export class Heartbeat {
  /** The last beat of a former process, ms since the epoch; null when there was none. */
  readonly former: number | null;
  readonly #timer: NodeJS.Timeout;

  constructor(store: Pick<MeetingStore, 'beat' | 'lastBeat'>, isAnybodyIn: () => boolean) {
    this.former = store.lastBeat();
    this.#timer = setInterval(() => {
      if (isAnybodyIn()) store.beat(Date.now());
    }, BEAT_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
