/** Times of RFC 3261, table 4, in ms. */
export const T1 = 500;
export const T2 = 4_000;
export const T4 = 5_000;
/** Timers B, F, H, J, L and M: as long as an answer may take. */
export const PATIENCE = 64 * T1;
/** Timer D over UDP: how long the other side may repeat its final answer. */
export const TIMER_D = 32_000;

/** Sends again and again, the wait doubling up to `longest`, until it is stopped. */
export class Retransmission {
  #timer: NodeJS.Timeout | undefined;

  constructor(send: () => void, o: { first: number; longest: number }) {
    const again = (wait: number): void => {
      this.#timer = setTimeout(() => {
        send();
        again(Math.min(wait * 2, o.longest));
      }, wait);
    };
    again(o.first);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
