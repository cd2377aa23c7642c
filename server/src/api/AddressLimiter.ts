import { ParleyError } from '@parley/protocol';
import { networkOf } from '../util/networkOf.ts';

interface Bucket {
  tokens: number;
  /** Milliseconds of the monotonic clock. */
  filledAt: number;
}

const MAX_BUCKETS = 10_000;

/** A token bucket for each address, so that nobody tries names or floods from one place. */
export class AddressLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;

  constructor(limits: { burst: number; perSecond: number; now?: () => number }) {
    this.#burst = limits.burst;
    this.#perSecond = limits.perSecond;
    this.#now = limits.now ?? (() => performance.now());
  }

  /** Takes one token. Answers 0, or the seconds to wait when there is none. */
  take(address: string): number {
    const key = networkOf(address);
    const bucket = this.#filled(key);
    // Put back at the end, so that the first of the map is the one not seen for the longest time.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#forget();
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / this.#perSecond);
    bucket.tokens -= 1;
    return 0;
  }

  /** Throws RATE_LIMITED. */
  assertMay(address: string): void {
    const retryAfter = this.take(address);
    if (retryAfter > 0) throw new ParleyError('RATE_LIMITED', { details: { retryAfter } });
  }

  #filled(key: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, filledAt: now };
    const gained = ((now - bucket.filledAt) / 1000) * this.#perSecond;
    return { tokens: Math.min(this.#burst, bucket.tokens + gained), filledAt: now };
  }

  #forget(): void {
    if (this.#buckets.size <= MAX_BUCKETS) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
