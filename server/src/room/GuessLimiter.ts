import { setTimeout as delay } from 'node:timers/promises';
import { ParleyError } from '@parley/protocol';

/** How long a wrong try is remembered, in ms. */
const WINDOW_MS = 30 * 60_000;
const MAX_PER_NETWORK = 10;
const MAX_PER_ROOM = 30;
/** How long each try at a room waits that too many tried, in ms. It is not refused, or whoever guesses could lock others out. */
const DELAY_MS = 5000;
const MAX_KEYS = 10_000;

/** Counts wrong passwords: by network, so that one place cannot go on, and by room, so that many places cannot either. */
export class GuessLimiter {
  readonly #tries = new Map<string, number[]>();
  readonly #now: () => number;
  readonly #delay: number;

  constructor(options: { now?: () => number; delay?: number } = {}) {
    this.#now = options.now ?? Date.now;
    this.#delay = options.delay ?? DELAY_MS;
  }

  /** Waits, where too many tried at this room. Throws TOO_MANY_TRIES for a network that tried too often. */
  async admit(network: string, room: string): Promise<void> {
    const tries = this.#recent(`network ${network}`);
    if (tries.length >= MAX_PER_NETWORK) {
      const retryAfter = Math.ceil(((tries[0] ?? 0) + WINDOW_MS - this.#now()) / 1000);
      throw new ParleyError('TOO_MANY_TRIES', { details: { retryAfter } });
    }
    if (this.#recent(`room ${room}`).length >= MAX_PER_ROOM) await delay(this.#delay);
  }

  /** A try was wrong. Gives whether the room has just been tried too often, which its hosts should know. */
  count(network: string, room: string): boolean {
    this.#add(`network ${network}`);
    return this.#add(`room ${room}`) === MAX_PER_ROOM;
  }

  #add(key: string): number {
    const tries = [...this.#recent(key), this.#now()];
    // Put back at the end, so that the first of the map is the one not tried for the longest time.
    this.#tries.delete(key);
    this.#tries.set(key, tries);
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > MAX_KEYS && oldest !== undefined) this.#tries.delete(oldest);
    return tries.length;
  }

  #recent(key: string): number[] {
    const since = this.#now() - WINDOW_MS;
    return (this.#tries.get(key) ?? []).filter((at) => at > since);
  }
}
