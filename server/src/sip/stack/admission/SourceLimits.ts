import { TokenBucket } from '../../../util/TokenBucket.ts';

/** Sources that are remembered; the one that was heard of longest ago makes room. */
const MAX_SOURCES = 10_000;

/** How many packets a second each source may send on average, and how many at once. */
export interface SourceRate {
  readonly rate: number;
  readonly burst: number;
}

/** One bucket for each source, so that nobody is slowed down by another. */
export class SourceLimits {
  readonly #rate: SourceRate;
  readonly #buckets = new Map<string, TokenBucket>();
  #refused = 0;

  constructor(rate: SourceRate) {
    this.#rate = rate;
  }

  /** Packets that were not let through. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether one more of a source is let through. */
  take(address: string): boolean {
    const bucket = this.#buckets.get(address) ?? new TokenBucket(this.#rate.rate, this.#rate.burst);
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_SOURCES && oldest !== undefined) this.#buckets.delete(oldest);
    const isTaken = bucket.take();
    if (!isTaken) this.#refused += 1;
    return isTaken;
  }
}

/** What `admits` of a user agent can be: known addresses only, and not too much of each. Over a connection a message costs two. */
export function admission(
  isKnown: (address: string) => boolean,
  limits: SourceLimits,
): (address: string) => boolean {
  return (address) => isKnown(address) && limits.take(address);
}
