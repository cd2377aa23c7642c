import { PATIENCE, Retransmission, T1, T2 } from '../transaction/timers.ts';

/** A 2xx to an INVITE is sent again until it is acknowledged, over connections, too (RFC 3261, section 13.3.1.4). */
export class OkUntilAck {
  readonly sequence: number;
  readonly #resend: Retransmission;
  readonly #timer: NodeJS.Timeout;

  /** `sequence`: of the INVITE, and so of its ACK. */
  constructor(sequence: number, o: { send: () => void; lost: () => void }) {
    this.sequence = sequence;
    this.#resend = new Retransmission(o.send, { first: T1, longest: T2 });
    this.#timer = setTimeout(() => {
      this.#resend.stop();
      o.lost();
    }, PATIENCE);
  }

  stop(): void {
    this.#resend.stop();
    clearTimeout(this.#timer);
  }
}
