import { randomInt } from 'node:crypto';
import { cseqOf, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { PATIENCE, Retransmission, T1 } from '../transaction/timers.ts';

const RACK = /^\s*(\d{1,10})\s+(\d{1,10})\s+(\S+)\s*$/;

/** Provisional answers that are to arrive, one after the other (RFC 3262, section 3). */
export class ReliableAnswers {
  readonly #invite: SipRequest;
  readonly #send: (response: SipResponse) => void;
  readonly #lost: () => void;
  #number = randomInt(1, 2 ** 16);
  readonly #waiting: SipResponse[] = [];
  #current: { number: number; resend: Retransmission; timer: NodeJS.Timeout } | undefined;
  #settled: (() => void)[] = [];

  /** `lost`: the peer did not acknowledge one in 32 s. */
  constructor(invite: SipRequest, o: { send: (response: SipResponse) => void; lost: () => void }) {
    this.#invite = invite;
    this.#send = o.send;
    this.#lost = o.lost;
  }

  send(response: SipResponse): void {
    this.#waiting.push(response);
    this.#next();
  }

  /** A PRACK. False where it means nothing that was sent. */
  acknowledge(prack: SipRequest): boolean {
    const [, number, sequence, method] = RACK.exec(prack.headers.get('rack') ?? '') ?? [];
    const isRight =
      this.#current?.number === Number(number) &&
      cseqOf(this.#invite).sequence === Number(sequence) &&
      method === 'INVITE';
    if (!isRight) return false;
    this.#stop();
    this.#next();
    return true;
  }

  /** When nothing is under way: a 2xx waits for that where a description was sent. */
  settled(): Promise<void> {
    if (!this.#current) return Promise.resolve();
    return new Promise((resolve) => this.#settled.push(resolve));
  }

  close(): void {
    this.#waiting.length = 0;
    this.#stop();
    this.#next();
  }

  #next(): void {
    if (this.#current) return;
    const response = this.#waiting.shift();
    if (!response) {
      for (const settle of this.#settled.splice(0)) settle();
      return;
    }
    this.#number += 1;
    response.headers.set('require', '100rel').set('rseq', this.#number);
    const send = (): void => this.#send(response);
    this.#current = {
      number: this.#number,
      // It goes on doubling (RFC 3262, section 3).
      resend: new Retransmission(send, { first: T1, longest: PATIENCE }),
      timer: setTimeout(() => {
        this.#stop();
        this.#lost();
      }, PATIENCE),
    };
    send();
  }

  #stop(): void {
    this.#current?.resend.stop();
    clearTimeout(this.#current?.timer);
    this.#current = undefined;
  }
}
