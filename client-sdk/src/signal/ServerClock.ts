/** How uncertain what is known becomes with age: clocks drift, and are put right. */
const AGING = 1 / 100;

/**
 * What time it is for the server, however this machine's clock is set: from answers that tell its time. It lay between request
 * and answer; that of the quickest answer counts, until it is too old.
 */
export class ServerClock {
  #offset = 0;
  /** ms */
  #uncertainty = Number.POSITIVE_INFINITY;
  #notedAt = 0;

  /** All in milliseconds since the epoch: the server's time, and by this clock when it was asked and answered. */
  note(serverTime: number, sentAt: number, receivedAt: number): void {
    const uncertainty = Math.abs(receivedAt - sentAt) / 2;
    const age = Math.abs(receivedAt - this.#notedAt);
    if (uncertainty > this.#uncertainty + age * AGING) return;
    this.#offset = serverTime - (sentAt + receivedAt) / 2;
    this.#uncertainty = uncertainty;
    this.#notedAt = receivedAt;
  }

  /** A moment of this machine's clock, by the server's. As it is where the server has not answered yet. */
  at(local: number): number {
    return local + this.#offset;
  }
}
