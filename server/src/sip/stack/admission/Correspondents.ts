/** Addresses that are remembered; the one that was heard of longest ago makes room. */
const MAX_ADDRESSES = 1_000;
/** As long as a call may go without a sign of life: a session timer of half an hour (RFC 4028), and some minutes. */
const KEPT_MS = 35 * 60_000;

/** Addresses that this side wrote to: their answers, and what they say in the calls that began so, are heard. */
export class Correspondents {
  readonly #lastAt = new Map<string, number>();

  note(address: string): void {
    this.#lastAt.delete(address);
    this.#lastAt.set(address, Date.now());
    const [oldest] = this.#lastAt.keys();
    if (this.#lastAt.size > MAX_ADDRESSES && oldest !== undefined) this.#lastAt.delete(oldest);
  }

  /** Whether one is heard; who is, stays known for another while. */
  hears(address: string): boolean {
    const lastAt = this.#lastAt.get(address);
    if (lastAt === undefined) return false;
    if (Date.now() - lastAt > KEPT_MS) return !this.#lastAt.delete(address);
    this.note(address);
    return true;
  }
}
