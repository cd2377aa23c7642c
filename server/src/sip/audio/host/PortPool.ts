/** How long a port rests after a call: what the other side sends on must not get into the next. */
const DRAIN_MS = 30_000;

/** Even ports of a range, the longest unused first. */
export class PortPool {
  readonly #free: number[];
  readonly #draining: { port: number; until: number }[] = [];
  readonly #now: () => number;

  /** Both ends belong to it. `now`: ms of a clock that only goes forward. */
  constructor({ from, to }: { from: number; to: number }, now: () => number = () => performance.now()) {
    const first = from + (from & 1);
    const count = Math.max(0, Math.floor((to - first + 1) / 2));
    this.#free = Array.from({ length: count }, (_, index) => first + 2 * index);
    this.#now = now;
  }

  /** undefined where none is left. */
  take(): number | undefined {
    const now = this.#now();
    for (let next = this.#draining[0]; next && next.until <= now; next = this.#draining[0]) {
      this.#draining.shift();
      this.#free.push(next.port);
    }
    return this.#free.shift();
  }

  /** A call is over, or somebody else has the port: it may be tried again later; at once where it does not rest, since nobody was told to send to it. */
  giveBack(port: number, { rests = true }: { rests?: boolean } = {}): void {
    if (!rests) this.#free.push(port);
    else this.#draining.push({ port, until: this.#now() + DRAIN_MS });
  }
}
