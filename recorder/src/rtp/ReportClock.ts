/**
 * Where the wall clock that sender reports carry lies on the clock of this process. All reports come from one server, which
 * sends them as it writes them: the one that took least time tells best.
 */
export class ReportClock {
  #offset: number | undefined;

  /** A report came: what it says the time is, and what time it is here, ms. */
  observe(ntp: number, now: number): void {
    const offset = now - ntp;
    // Rises slowly, so that clocks may drift and one lucky report is not believed for ever.
    this.#offset =
      this.#offset === undefined || Math.abs(offset - this.#offset) > MAX_DRIFT_MS
        ? offset
        : Math.min(offset, this.#offset + RISE_MS);
  }

  /** What is added to a time of the reports to get that here, ms; undefined before the first report. */
  get offset(): number | undefined {
    return this.#offset;
  }
}

/** More than this is no drift: the wall clock was set, or another server writes the reports. */
const MAX_DRIFT_MS = 1000;
/** By how much one report may move it up, ms. */
const RISE_MS = 0.2;
