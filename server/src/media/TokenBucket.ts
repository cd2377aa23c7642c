/** Allows `rate` units a second on average, and up to `burst` at once. */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number;

  constructor(options: { rate: number; burst: number; now: number }) {
    this.#rate = options.rate;
    this.#burst = options.burst;
    this.#tokens = options.burst;
    this.#filledAt = options.now;
  }

  /** Takes an amount, or nothing when there is too little. `now` is in ms and never goes back. */
  take(amount: number, now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#rate);
    this.#filledAt = now;
    if (amount > this.#tokens) return false;
    this.#tokens -= amount;
    return true;
  }
}
