import { HOUR_MS } from '../../util/HourlySweep.ts';

export interface PinLimits {
  triesPerCall: number;
  /** Within an hour, as those that follow. */
  triesPerCaller: number;
  triesPerTrunk: number;
  triesInAll: number;
}

/** Who tries a PIN. */
export interface PinTrier {
  legId: string;
  /** Number of the caller, empty when withheld. */
  from: string;
  trunkId: string | null;
}

const MAX_KEYS = 10_000;

/**
 * Counts wrong PINs: by call, by caller, by trunk and of all. Numbers of callers can be made up, so that the last two hold where
 * the others do not. All who withhold their number on a trunk are one caller.
 */
export class PinGuard {
  readonly #limits: PinLimits;
  readonly #now: () => number;
  readonly #ofLeg = new Map<string, number>();
  readonly #wrong = new Map<string, number[]>();

  constructor(limits: PinLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Whether a caller has to wait, before they enter anything. */
  isLocked({ from, trunkId }: Omit<PinTrier, 'legId'>): boolean {
    return this.#keysOf({ from, trunkId }).some(([key, max]) => this.#recent(key).length >= max);
  }

  /** Whether this call may try once more. */
  mayTry(trier: PinTrier): boolean {
    return this.triesLeft(trier.legId) > 0 && !this.isLocked(trier);
  }

  triesLeft(legId: string): number {
    return Math.max(0, this.#limits.triesPerCall - (this.#ofLeg.get(legId) ?? 0));
  }

  /** What was tried is wrong. Gives how many tries the call has left. */
  count(trier: PinTrier): number {
    this.#ofLeg.set(trier.legId, (this.#ofLeg.get(trier.legId) ?? 0) + 1);
    for (const [key] of this.#keysOf(trier)) this.#add(key);
    return this.isLocked(trier) ? 0 : this.triesLeft(trier.legId);
  }

  legEnded(legId: string): void {
    this.#ofLeg.delete(legId);
  }

  #keysOf({ from, trunkId }: Omit<PinTrier, 'legId'>): [key: string, max: number][] {
    const trunk = `trunk ${trunkId ?? ''}`;
    return [
      [from === '' ? `withheld on ${trunk}` : `caller ${from}`, this.#limits.triesPerCaller],
      [trunk, this.#limits.triesPerTrunk],
      ['all', this.#limits.triesInAll],
    ];
  }

  #add(key: string): void {
    const tries = [...this.#recent(key), this.#now()];
    // Put back at the end, so that the first of the map is the one not tried for the longest time.
    this.#wrong.delete(key);
    this.#wrong.set(key, tries);
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > MAX_KEYS && oldest !== undefined) this.#wrong.delete(oldest);
  }

  #recent(key: string): number[] {
    const since = this.#now() - HOUR_MS;
    return (this.#wrong.get(key) ?? []).filter((at) => at > since);
  }
}
