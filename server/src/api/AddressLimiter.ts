import { isIPv6 } from 'node:net';

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

/** One customer has a whole /64 of IPv6 (RFC 6177), and one IPv4 address, which may come in IPv6 clothes. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1]) return mapped[1];
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = groups(tail ?? '');
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const all = [...before, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
