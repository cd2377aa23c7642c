/** What is to be done when its time has come. */
export interface SessionTimerTasks {
  /** It is our turn to show that the call is alive. */
  refresh(): void;
  /** The peer has not shown it in time. */
  expire(): void;
}

/** The timer of an established call (RFC 4028, section 10). */
export class SessionTimer {
  readonly #tasks: SessionTimerTasks;
  #interval = 0;
  #refreshes = false;
  #timers: NodeJS.Timeout[] = [];

  constructor(tasks: SessionTimerTasks) {
    this.#tasks = tasks;
  }

  /** s; 0 while there is no timer. */
  get interval(): number {
    return this.#interval;
  }

  /** Whether the next refresh is ours. */
  get refreshes(): boolean {
    return this.#refreshes;
  }

  /** From now on, as it was agreed: again after each refresh. */
  start(interval: number, refreshes: boolean): void {
    this.stop();
    this.#interval = interval;
    this.#refreshes = refreshes;
    const end = (interval - Math.min(32, interval / 3)) * 1000;
    // The end counts for us as well: where refreshing comes to nothing, nobody is there.
    this.#timers = [setTimeout(() => this.#tasks.expire(), refreshes ? interval * 1000 : end)];
    if (refreshes) this.#timers.push(setTimeout(() => this.#tasks.refresh(), (interval / 2) * 1000));
  }

  /** The refresh was refused, but the peer is there: once more before the end. */
  refreshSoon(): void {
    if (this.#timers.length > 0)
      this.#timers.push(setTimeout(() => this.#tasks.refresh(), (this.#interval / 8) * 1000));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }
}
