import { BLOCK_MS } from './audio/format.ts';

export interface ClockTicks {
  /** The picture of this moment is due. */
  onPicture(index: number): void;
  /** Sound of 20 ms is due; each index comes once, in order. */
  onSound(index: number): void;
  /** Pictures whose time passed while the process did something else. */
  onMissed(count: number): void;
}

/**
 * The beat of a programme: pictures and sound by one monotonic clock, so that they never drift apart. Sound is never left
 * out, since it cannot be made up for; of pictures that are overdue only the newest is made, in its own place in time.
 */
export class ProgramClock {
  /** ms of `performance.now()`. */
  readonly startedAt: number;
  readonly #pictureMs: number;
  readonly #ticks: ClockTicks;
  #pictures = 0;
  #sounds = 0;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(frameRate: number, ticks: ClockTicks, startedAt = performance.now()) {
    this.startedAt = startedAt;
    this.#pictureMs = 1000 / frameRate;
    this.#ticks = ticks;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#timer = setTimeout(this.#onDue, 0);
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  /** When the process was held up, packets wait to be read, too: they come first, and are not taken for late. */
  readonly #onDue = (): void => void setImmediate(this.#tick);

  readonly #tick = (): void => {
    if (!this.#isRunning) return;
    this.advance(performance.now() - this.startedAt);
    const next = Math.min(this.#pictures * this.#pictureMs, (this.#sounds + 1) * BLOCK_MS);
    this.#timer = setTimeout(this.#onDue, Math.max(1, next - (performance.now() - this.startedAt)));
  };

  /** Makes what is due at `now`, ms since the beginning. Sound of 20 ms is due when they are over. */
  advance(now: number): void {
    while ((this.#sounds + 1) * BLOCK_MS <= now) this.#ticks.onSound(this.#sounds++);
    const due = Math.floor(now / this.#pictureMs);
    if (due < this.#pictures) return;
    if (due > this.#pictures) this.#ticks.onMissed(due - this.#pictures);
    this.#pictures = due + 1;
    this.#ticks.onPicture(due);
  }
}
