import { EventEmitter } from 'node:events';
import { writeMessage, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import type { Flow } from '../transport/Flow.ts';
import { sendBy } from '../transport/sendBy.ts';
import { PATIENCE, Retransmission, T1, T2, T4 } from './timers.ts';

export interface ServerTransactionEvents {
  /** The INVITE that this is was cancelled; a final answer is still to be given, usually 487. */
  cancelled: [SipRequest];
  /** An ACK to a 2xx. */
  acknowledged: [SipRequest];
  /** A final answer that is not 2xx was never acknowledged, or the way is gone. */
  failed: [reason: 'timeout' | 'transport'];
  /** It is over; nothing is left of it. */
  ended: [];
}

type State = 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'ended';

/**
 * A request of a peer until it is answered (RFC 3261, section 17.2; for INVITE with the accepted state of RFC 6026). A 2xx to an INVITE is
 * repeated by who gave it, since only the ACK of the dialog ends that.
 */
export class ServerTransaction extends EventEmitter<ServerTransactionEvents> {
  readonly request: SipRequest;
  readonly flow: Flow;
  #state: State = 'proceeding';
  #last: Buffer | undefined;
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

  get isInvite(): boolean {
    return this.request.method === 'INVITE';
  }

  /** The same request again: it is answered as before. */
  repeated(): void {
    if (this.#last && (this.#state === 'proceeding' || this.#state === 'completed')) this.#send(this.#last);
  }

  /** Gives an answer. After a final one no other is given. */
  respond(response: SipResponse): void {
    if (this.#state !== 'proceeding') return;
    this.#last = writeMessage(response);
    this.#send(this.#last);
    if (response.status < 200) return;
    if (!this.isInvite) this.#keep('completed', this.flow.reliable ? 0 : PATIENCE);
    else if (response.status < 300) this.#keep('accepted', PATIENCE);
    else this.#waitForAck(this.#last);
  }

  /** Sends the 2xx of this INVITE once more: until its ACK has come that is for who gave it to do. */
  repeater(response: SipResponse): () => void {
    const data = writeMessage(response);
    return () => {
      if (this.#state === 'accepted') this.#send(data);
    };
  }

  /** An ACK of this INVITE. */
  acknowledge(ack: SipRequest): void {
    if (this.#state === 'accepted') this.emit('acknowledged', ack);
    if (this.#state !== 'completed') return;
    this.#resend?.stop();
    this.#keep('confirmed', this.flow.reliable ? 0 : T4);
  }

  /** The peer takes its INVITE back. */
  cancel(request: SipRequest): void {
    if (this.#state === 'proceeding') this.emit('cancelled', request);
  }

  /** Ends it at once. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#resend?.stop();
    clearTimeout(this.#timer);
    this.emit('ended');
  }

  #waitForAck(data: Buffer): void {
    this.#state = 'completed';
    if (!this.flow.reliable)
      this.#resend = new Retransmission(() => this.#send(data), { first: T1, longest: T2 });
    this.#timer = setTimeout(() => this.#fail('timeout'), PATIENCE);
  }

  #keep(state: 'completed' | 'confirmed' | 'accepted', keep: number): void {
    this.#state = state;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), keep);
  }

  #send(data: Buffer): void {
    sendBy(this.flow, data, () => this.#fail('transport'));
  }

  #fail(reason: 'timeout' | 'transport'): void {
    if (this.#state === 'ended') return;
    this.emit('failed', reason);
    this.end();
  }
}
