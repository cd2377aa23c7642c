import { findDescription } from '../message/body.ts';
import type { SipResponse } from '../message/SipMessage.ts';
import type { Conversation } from './Conversation.ts';

const isReliable = ({ headers }: SipResponse): boolean =>
  headers.has('rseq') && headers.tokens('require').includes('100rel');

/** One of the phones that an INVITE has reached, while it rings: its provisional answers, acknowledged where that is wanted (RFC 3262, section 4). */
export class Fork {
  readonly conversation: Conversation;
  #last: number | undefined;

  constructor(conversation: Conversation) {
    this.conversation = conversation;
  }

  /**
   * Takes a provisional answer. `offered`: whether the INVITE had an offer. Gives whether it is a new one, and whether sound was agreed on by it.
   * `sequence`: of the INVITE.
   */
  receive(
    response: SipResponse,
    o: { offered: boolean; sequence: number },
  ): { isNew: boolean; hasSound: boolean } {
    const { offers } = this.conversation;
    const number = Number(response.headers.get('rseq'));
    const reliable = isReliable(response);
    if (reliable && this.#last !== undefined && number !== this.#last + 1)
      return { isNew: false, hasSound: false };
    const { sdp } = findDescription(response);
    const isOffer = sdp !== undefined && !o.offered && !offers.isAnswered;
    const answer = isOffer && reliable ? offers.answer(sdp) : undefined;
    const accepted = sdp !== undefined && o.offered && offers.accept(sdp);
    if (reliable) {
      this.#last = number;
      this.#acknowledge({ number, sequence: o.sequence, answer });
    }
    this.conversation.learn(response);
    return { isNew: true, hasSound: accepted || answer !== undefined };
  }

  /** Whether late offer was answered by a PRACK, so that the ACK has nothing to say. */
  hasAnswered = false;

  #acknowledge({
    number,
    sequence,
    answer,
  }: {
    number: number;
    sequence: number;
    answer: string | undefined;
  }): void {
    if (answer !== undefined) this.hasAnswered = true;
    const headers = {
      RAck: `${number} ${sequence} INVITE`,
      'Content-Type': answer === undefined ? undefined : 'application/sdp',
    };
    void this.conversation.link.ask('PRACK', { headers, body: Buffer.from(answer ?? '') });
  }
}
