/** So many wrong ones for a name from one address, or for all names from it, and it has to wait. */
const MOST = { ofName: 10, ofSource: 50 };
/** How long, ms, since the last of them. */
const WAIT_MS = 5 * 60_000;
/** Names and addresses that are remembered; what was heard of longest ago makes room. */
const MAX_REMEMBERED = 10_000;

/** Characters. A longer name is nobody's: it is not remembered, only where it came from. */
export const MAX_USERNAME = 64;

/** Counts wrong passwords, so that nobody can try them all. */
export class WrongPasswords {
  readonly #now: () => number;
  readonly #counts = new Map<string, { count: number; at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Names and addresses that are remembered. */
  get size(): number {
    return this.#counts.size;
  }

  /** Whether this is the first for a while; never for a name that is not remembered. */
  count(username: string, source: string): boolean {
    this.#add(source);
    return username.length <= MAX_USERNAME && this.#add(keyOf(username, source)) === 1;
  }

  mayTry(username: string, source: string): boolean {
    return this.#countOf(keyOf(username, source)) < MOST.ofName && this.#countOf(source) < MOST.ofSource;
  }

  /** It was right. */
  forget(username: string, source: string): void {
    this.#counts.delete(keyOf(username, source));
  }

  #countOf(key: string): number {
    const known = this.#counts.get(key);
    return known && this.#now() - known.at < WAIT_MS ? known.count : 0;
  }

  #add(key: string): number {
    const count = this.#countOf(key) + 1;
    this.#counts.delete(key);
    this.#counts.set(key, { count, at: this.#now() });
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_REMEMBERED && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }
}

const keyOf = (username: string, source: string): string => `${source} ${username}`;
