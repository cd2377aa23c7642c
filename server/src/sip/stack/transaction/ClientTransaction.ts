import { EventEmitter } from 'node:events';
import { Headers } from '../message/Headers.ts';
import { NO_BODY, cseqOf, writeMessage, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import type { Flow } from '../transport/Flow.ts';
import { sendBy } from '../transport/sendBy.ts';
import { PATIENCE, Retransmission, T1, T2, T4, TIMER_D } from './timers.ts';

export interface ClientTransactionEvents {
  /** Every provisional answer, the final one, and each copy of a 2xx to an INVITE. */
  response: [SipResponse];
  /** No final answer will come: none came in 32 s, or the way is gone. */
  failed: [reason: 'timeout' | 'transport'];
  /** It is over; nothing is left of it. */
  ended: [];
}

type State = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'ended';

/** A request of ours until its final answer (RFC 3261, section 17.1; for INVITE with the accepted state of RFC 6026). */
export class ClientTransaction extends EventEmitter<ClientTransactionEvents> {
  readonly request: SipRequest;
  readonly flow: Flow;
  #state: State = 'calling';
  #resend: Retransmission | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(request: SipRequest, flow: Flow) {
    super();
    this.request = request;
    this.flow = flow;
  }

  get state(): State {
    return this.#state;
  }

  get #isInvite(): boolean {
    return this.request.method === 'INVITE';
  }

  /** Sends the request. */
  start(): void {
    const data = this.#written();
    if (!data) return this.#fail('transport');
    const send = (): void => sendBy(this.flow, data, () => this.#fail('transport'));
    // Timers A and E. An INVITE goes on doubling, since a person may be asked to wait; others stop at T2.
    if (!this.flow.reliable)
      this.#resend = new Retransmission(send, { first: T1, longest: this.#isInvite ? PATIENCE : T2 });
    this.#timer = setTimeout(() => this.#fail('timeout'), PATIENCE);
    send();
  }

  /** An answer that belongs to this transaction has come. */
  receive(response: SipResponse): void {
    if (this.#state === 'ended') return;
    if (response.status < 200) this.#provisional(response);
    else if (this.#isInvite) this.#finalOfInvite(response);
    else if (this.#state !== 'completed') {
      this.#complete('completed', this.flow.reliable ? 0 : T4);
      this.emit('response', response);
    }
  }

  /** Ends it at once. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#resend?.stop();
    clearTimeout(this.#timer);
    this.emit('ended');
  }

  /** undefined where what it is made of cannot be sent. */
  #written(): Buffer | undefined {
    try {
      return writeMessage(this.request);
    } catch (error) {
      if (error instanceof SipSyntaxError) return undefined;
      throw error;
    }
  }

  #provisional(response: SipResponse): void {
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return;
    this.#state = 'proceeding';
    if (this.#isInvite) {
      // It rings: for how long is not for the transaction to say.
      this.#resend?.stop();
      clearTimeout(this.#timer);
    }
    this.emit('response', response);
  }

  #finalOfInvite(response: SipResponse): void {
    const isOk = response.status < 300;
    if (this.#state === 'completed') {
      if (!isOk) this.#acknowledge(response);
    } else if (this.#state === 'accepted') {
      // A copy, or the answer of another phone to which the call was forked.
      if (isOk) this.emit('response', response);
    } else {
      if (!isOk) this.#acknowledge(response);
      const completedFor = this.flow.reliable ? 0 : TIMER_D;
      this.#complete(isOk ? 'accepted' : 'completed', isOk ? PATIENCE : completedFor);
      this.emit('response', response);
    }
  }

  #complete(state: 'completed' | 'accepted', keep: number): void {
    this.#state = state;
    this.#resend?.stop();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), keep);
  }

  /** RFC 3261, section 17.1.1.3: what is not 2xx is acknowledged by the transaction itself. */
  #acknowledge(response: SipResponse): void {
    const { uri, headers } = this.request;
    const ack: SipRequest = {
      ...{ kind: 'request', method: 'ACK', uri, body: NO_BODY },
      headers: Headers.of({
        Via: headers.get('via'),
        Route: headers.all('route'),
        'Max-Forwards': 70,
        From: headers.get('from'),
        To: response.headers.get('to'),
        'Call-ID': headers.get('call-id'),
        CSeq: `${cseqOf(this.request).sequence} ACK`,
      }),
    };
    sendBy(this.flow, writeMessage(ack));
  }

  #fail(reason: 'timeout' | 'transport'): void {
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return;
    this.emit('failed', reason);
    this.end();
  }
}
