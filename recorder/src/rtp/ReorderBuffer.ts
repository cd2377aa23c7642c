import type { RtpPacket } from './RtpPacket.ts';
import { Unwrapper } from './Unwrapper.ts';

/** A packet in its turn. */
export interface InOrder {
  readonly packet: RtpPacket;
  readonly arrivedAt: number;
  /** What should have come before it did not. */
  readonly afterLoss: boolean;
}

/** So far ahead of what is known, a number begins something new instead of telling of a loss. */
const MAX_JUMP = 3000;
/** More than this is not kept while a gap is waited for. */
const MAX_WAITING = 2000;
/** More than this is not asked for at once. */
const MAX_MISSING = 128;

/**
 * Brings packets into the order in which they were sent. A gap is waited for; what comes after it stays here meanwhile. What
 * comes twice, or too late, is dropped.
 */
export class ReorderBuffer {
  readonly #wait: number;
  readonly #numbers = new Unwrapper(16);
  readonly #waiting = new Map<number, { packet: RtpPacket; arrivedAt: number }>();
  /** Number of the packet whose turn it is. */
  #next: number | undefined;
  #highest = -1;
  /** Since when the next one is missing. */
  #gapSince: number | undefined;
  #lost = 0;
  #afterLoss = false;

  /** `wait` is how long a gap may last, ms. */
  constructor(wait: number) {
    this.#wait = wait;
  }

  /** Highest number so far, extended by its wraps. */
  get highest(): number {
    return this.#highest;
  }

  /** How many were given up. */
  get lost(): number {
    return this.#lost;
  }

  /** Since when the packet whose turn it is has been missing; undefined when none is. */
  get gapSince(): number | undefined {
    return this.#gapSince;
  }

  /** Numbers that are missing, rising. */
  get missing(): number[] {
    const missing: number[] = [];
    if (this.#waiting.size === 0 || this.#next === undefined) return missing;
    for (let number = this.#next; number < this.#highest && missing.length < MAX_MISSING; number += 1)
      if (!this.#waiting.has(number)) missing.push(number);
    return missing;
  }

  /** Gives all whose turn it is now. `now` never goes back. */
  push(packet: RtpPacket, now: number): InOrder[] {
    const number = this.#numbers.peek(packet.sequenceNumber);
    if (this.#next !== undefined && Math.abs(number - this.#highest) > MAX_JUMP)
      return this.#restart(packet, now);
    this.#next ??= number;
    if (number < this.#next || this.#waiting.has(number)) return [];
    // NOTE: only forwards, so that one that is late does not pull the reference back.
    if (number > this.#highest) this.#highest = this.#numbers.unwrap(packet.sequenceNumber);
    this.#waiting.set(number, { packet, arrivedAt: now });
    return this.poll(now);
  }

  /** Gives those for whose sake a gap has lasted too long by now. */
  poll(now: number): InOrder[] {
    const ready = this.#takeReady();
    while (
      this.#gapSince !== undefined &&
      (now - this.#gapSince >= this.#wait || this.#waiting.size > MAX_WAITING)
    ) {
      this.#skipGap();
      ready.push(...this.#takeReady());
    }
    if (this.#waiting.size > 0) this.#gapSince ??= now;
    return ready;
  }

  #takeReady(): InOrder[] {
    const ready: InOrder[] = [];
    while (this.#next !== undefined) {
      const entry = this.#waiting.get(this.#next);
      if (!entry) break;
      this.#waiting.delete(this.#next);
      ready.push({ ...entry, afterLoss: this.#afterLoss });
      this.#afterLoss = false;
      this.#next += 1;
      this.#gapSince = undefined;
    }
    return ready;
  }

  #skipGap(): void {
    const first = Math.min(...this.#waiting.keys());
    this.#lost += first - (this.#next ?? first);
    this.#next = first;
    this.#afterLoss = true;
  }

  /** The sender began anew. What is still here belongs to what was before, and comes first. */
  #restart(packet: RtpPacket, now: number): InOrder[] {
    const rest: InOrder[] = [];
    while (this.#waiting.size > 0) {
      this.#skipGap();
      rest.push(...this.#takeReady());
    }
    this.#highest = this.#next = this.#numbers.unwrap(packet.sequenceNumber);
    this.#gapSince = undefined;
    this.#afterLoss = true;
    this.#waiting.set(this.#next, { packet, arrivedAt: now });
    return [...rest, ...this.#takeReady()];
  }
}
