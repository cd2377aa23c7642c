import { EventEmitter } from 'node:events';
import { cseqOf, topVia, type SipMessage, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { parseNameAddress } from '../message/NameAddress.ts';
import { uniqueBranchOf } from '../message/Via.ts';
import type { Flow } from '../transport/Flow.ts';
import { ClientTransaction } from './ClientTransaction.ts';
import { ServerTransaction } from './ServerTransaction.ts';

export interface TransactionLayerEvents {
  /** A request that was not there before; ACK and what is matched to a transaction is none. */
  request: [ServerTransaction];
  /** An ACK that belongs to no transaction: one to a 2xx, whose branch is its own. */
  ack: [SipRequest, Flow];
}

/** All transactions of a user agent, and which of them a message belongs to. */
export class TransactionLayer extends EventEmitter<TransactionLayerEvents> {
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();

  /** How many there are. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  /** Sends a request; its top Via must have a branch of its own. */
  send(request: SipRequest, flow: Flow): ClientTransaction {
    const transaction = new ClientTransaction(request, flow);
    const key = clientKeyOf(request);
    this.#clients.set(key, transaction);
    transaction.once('ended', () => this.#clients.delete(key));
    // Later, so that who asks can listen first.
    setImmediate(() => transaction.start());
    return transaction;
  }

  /** A message that is well made has come by a flow. */
  receive(message: SipMessage, flow: Flow): void {
    if (message.kind === 'response') this.#clients.get(clientKeyOf(message))?.receive(message);
    else if (message.method === 'ACK') this.#acknowledged(message, flow);
    else this.#requested(message, flow);
  }

  /** The INVITE that a CANCEL means (RFC 3261, section 9.2). */
  findInvite(cancel: SipRequest): ServerTransaction | undefined {
    return this.#servers.get(serverKeyOf(cancel, 'INVITE'));
  }

  /** Resolves when none of ours waits for its answer. */
  async untilQuiet(): Promise<void> {
    for (;;) {
      const busy = [...this.#clients.values()].find(
        ({ state }) => state === 'calling' || state === 'proceeding',
      );
      if (!busy) return;
      await new Promise<void>((resolve) => {
        busy.once('ended', resolve);
        busy.on('response', ({ status }) => {
          if (status >= 200) resolve();
        });
      });
    }
  }

  /** Ends all of them at once. */
  close(): void {
    for (const transaction of [...this.#clients.values(), ...this.#servers.values()]) transaction.end();
  }

  #acknowledged(ack: SipRequest, flow: Flow): void {
    const transaction = this.#servers.get(serverKeyOf(ack, 'INVITE'));
    if (transaction) transaction.acknowledge(ack);
    else this.emit('ack', ack, flow);
  }

  #requested(request: SipRequest, flow: Flow): void {
    const key = serverKeyOf(request, request.method);
    const existing = this.#servers.get(key);
    if (existing) return existing.repeated();
    const transaction = new ServerTransaction(request, flow);
    this.#servers.set(key, transaction);
    transaction.once('ended', () => this.#servers.delete(key));
    this.emit('request', transaction);
  }
}

const clientKeyOf = (message: SipRequest | SipResponse): string =>
  `${topVia(message).params.get('branch') ?? ''} ${cseqOf(message).method}`;

/**
 * RFC 3261, section 17.2.3. Without the port of sent-by: behind some address translators the CANCEL of a call has another one than its INVITE.
 * Those without a unique branch are told apart as RFC 2543 did.
 */
function serverKeyOf(request: SipRequest, method: string): string {
  const via = topVia(request);
  const branch = uniqueBranchOf(via);
  if (branch !== undefined) return `${branch} ${via.host} ${method}`;
  const { headers } = request;
  const tag = parseNameAddress(headers.get('from') ?? '').params.get('tag') ?? '';
  return [headers.get('call-id'), tag, cseqOf(request).sequence, via.host, method].join(' ');
}
