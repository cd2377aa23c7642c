import ipaddr from 'ipaddr.js';
import { ask } from '../agent/ask.ts';
import type { Core } from '../agent/Core.ts';
import { Exchange, type ExchangeOptions } from '../agent/Exchange.ts';
import type { Path } from '../agent/Path.ts';
import { stamp } from '../agent/stamp.ts';
import type { Content, Dialog } from '../dialog/Dialog.ts';
import { writeMessage, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { isSip, type Uri } from '../message/uri.ts';
import type { Flow } from '../transport/Flow.ts';
import { sendBy } from '../transport/sendBy.ts';

export interface DialogLinkOptions {
  readonly path: Path;
  /** The way by which the dialog came to be. */
  readonly flow: Flow;
  /** User part of our Contact. */
  readonly contactUser: string;
}

/** A dialog and the way to its other end: requests within it are sent here. */
export class DialogLink {
  readonly dialog: Dialog;
  readonly core: Core;
  readonly contactUser: string;
  readonly #path: Path;
  #flow: Flow;
  /** The last ACK by the number of its INVITE, to be sent again to each copy of the 2xx. */
  readonly #acks = new Map<number, () => void>();

  constructor(core: Core, dialog: Dialog, o: DialogLinkOptions) {
    this.core = core;
    this.dialog = dialog;
    this.contactUser = o.contactUser;
    this.#path = o.path;
    this.#flow = o.flow;
  }

  get flow(): Flow {
    return this.#flow;
  }

  /** Requests of the peer may come by another way than before: a connection that it had to open again. */
  set flow(flow: Flow) {
    this.#flow = flow;
  }

  /** Sends a request within the dialog. Resolves with the final answer; never rejects. */
  ask(method: string, content?: Content, options: ExchangeOptions = {}): Promise<SipResponse> {
    return ask(this.core, this.#withProduct(this.dialog.next(method, content)), this.#options(options));
  }

  /** The same for an INVITE, whose answers are several. */
  invite(content: Content, options: ExchangeOptions = {}): Exchange {
    const request = this.#withProduct(this.dialog.next('INVITE', content));
    return new Exchange(this.core, request, this.#options({ contactUser: this.contactUser, ...options }));
  }

  /** Acknowledges a 2xx (RFC 3261, section 13.2.2.4). `content`: the answer, where the offer came late. */
  acknowledge(sequence: number, content?: Content): void {
    const ack = this.#withProduct(this.dialog.ack(sequence, content));
    const way = this.#wayThere();
    this.#path.digest?.authorize(ack);
    this.#acks.clear();
    const send = (flow: Flow): void => {
      const data = writeMessage(stamp(ack, flow));
      this.#acks.set(sequence, () => sendBy(flow, data));
      sendBy(flow, data);
    };
    if ('flow' in way) send(way.flow);
    // An ACK that cannot be sent is one that got lost: the other side will ask for it, or give up.
    else
      void this.#open(way.hop)
        .then(send)
        .catch(() => undefined);
  }

  /** A copy of a 2xx has come. */
  acknowledgeAgain(sequence: number): void {
    this.#acks.get(sequence)?.();
  }

  #withProduct(request: SipRequest): SipRequest {
    if (this.core.product !== undefined) request.headers.set('user-agent', this.core.product);
    return request;
  }

  #options(options: ExchangeOptions): ExchangeOptions & { path: Path } {
    const way = this.#wayThere();
    return {
      ...{ nextSequence: () => this.dialog.nextSequence(), ...options },
      hop: 'hop' in way ? way.hop : undefined,
      path: {
        ...this.#path,
        flow: 'flow' in way ? way.flow : undefined,
        transport: this.#flow.transport,
      },
    };
  }

  async #open(hop: Uri): Promise<Flow> {
    const { network } = this.core;
    let failure: unknown = new Error('No address was found.');
    for (const target of await network.locate(hop, this.#flow.transport))
      try {
        return await network.flowTo(target, { servername: target.serverName, ...this.#path.tls });
      } catch (error) {
        failure = error;
      }
    throw failure;
  }

  /** A connection to the next hop is used again; UDP goes where the route says, but to the source where that cannot be reached. */
  #wayThere(): { flow: Flow } | { hop: Uri } {
    const { nextHop } = this.dialog;
    const fixed = this.#path.flow;
    if (fixed && !fixed.closed) return { flow: fixed };
    const where = whereIs(nextHop, this.#flow);
    const isOpen = this.#flow.reliable && !this.#flow.closed;
    if (where === 'hidden' || (isOpen && where === 'there')) return { flow: this.#flow };
    return { hop: nextHop };
  }
}

/**
 * Where a hop is, beside the other end of a way: there (or known by a name only), elsewhere, or hidden behind a translator: a phone that names an
 * address of its own network, but came from another one.
 */
function whereIs(hop: Uri, { remote }: Flow): 'there' | 'elsewhere' | 'hidden' {
  if (!isSip(hop)) return 'hidden';
  const host = hop.host.replace(/^\[|\]$/g, '');
  if (host === remote.address || !ipaddr.isValid(host) || !ipaddr.isValid(remote.address)) return 'there';
  return isPublic(remote.address) && !isPublic(host) ? 'hidden' : 'elsewhere';
}

const isPublic = (address: string): boolean => ipaddr.process(address).range() === 'unicast';
