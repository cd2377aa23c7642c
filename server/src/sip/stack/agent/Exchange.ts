import { EventEmitter } from 'node:events';
import { isIP } from 'node:net';
import { parseNameAddress } from '../message/NameAddress.ts';
import { cseqOf, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { isSip, parseUri, type Uri } from '../message/uri.ts';
import type { ClientTransaction } from '../transaction/ClientTransaction.ts';
import { PATIENCE } from '../transaction/timers.ts';
import type { Flow } from '../transport/Flow.ts';
import type { Target } from '../transport/locate.ts';
import type { Core } from './Core.ts';
import type { Path } from './Path.ts';
import { cancelOf } from './cancel.ts';
import { isLarge, stamp } from './stamp.ts';

export interface ExchangeEvents {
  /** Provisional answers, and the one that ends it; of an INVITE each copy of the 2xx, too. */
  response: [SipResponse, ClientTransaction];
  /** Of an INVITE: a 2xx that came from where nothing was expected any more. It is to be acknowledged and ended with BYE. */
  stray: [SipResponse, ClientTransaction];
  /** There is no answer: nobody could be reached, or nobody spoke. */
  failed: [reason: Failure];
}

export type Failure = 'timeout' | 'transport' | 'nowhere';

export interface ExchangeOptions {
  /** User part of Contact; absent, the request has none. */
  contactUser?: string | undefined;
  /** Where the next hop is not what the path or the URI says. */
  hop?: Uri | undefined;
  /** Number of a changed request; one more than before otherwise. */
  nextSequence?: (() => number) | undefined;
  /** Changes the request so that it is sent once more after a refusal such as 422 or 423. */
  amend?: ((response: SipResponse, request: SipRequest) => boolean) | undefined;
  /** After so long without a final answer it has failed, ms. */
  timeoutMs?: number | undefined;
  /** Where there is another address: after so long without any answer that is tried, ms. */
  failoverMs?: number | undefined;
}

const FAILOVER_MS = 6_000;
/** Changed requests after which a peer is not humoured any more. */
const MAX_CHANGES = 6;

/**
 * A request until it is answered, over as many transactions as that takes: challenges are answered (RFC 3261, section 22), what does not answer
 * or says 503 is passed over for the next address (RFC 3263, section 4.3).
 */
export class Exchange extends EventEmitter<ExchangeEvents> {
  readonly #core: Core;
  readonly #path: Path;
  readonly #options: ExchangeOptions;
  #request: SipRequest;
  #ways: (() => Promise<{ flow: Flow; target?: Target }>)[] = [];
  #current: ClientTransaction | undefined;
  /** Which of 401 and 407 of the present address were answered already. */
  readonly #challenged = new Set<number>();
  #changes = 0;
  #isOver = false;
  #cancelReason: string | undefined;
  #isCancelled = false;
  #patience: NodeJS.Timeout | undefined;
  #failover: NodeJS.Timeout | undefined;

  /** `request`: without Via. */
  constructor(core: Core, request: SipRequest, o: ExchangeOptions & { path: Path }) {
    super();
    this.#core = core;
    this.#path = o.path;
    this.#options = o;
    this.#request = request;
  }

  start(): this {
    const { timeoutMs } = this.#options;
    if (timeoutMs !== undefined) this.#patience = setTimeout(() => this.#fail('timeout'), timeoutMs);
    void this.#begin();
    return this;
  }

  /** The request as it was sent last; undefined while it was not. */
  get transaction(): ClientTransaction | undefined {
    return this.#current;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Takes an INVITE back as soon as that is allowed (RFC 3261, section 9.1). Nothing is tried again afterwards. */
  cancel(reason?: string): void {
    this.#isCancelled = true;
    this.#cancelReason = reason;
    clearTimeout(this.#failover);
    if (!this.#current) this.#close();
    else if (this.#current.state === 'proceeding') this.#sendCancel(this.#current);
  }

  async #begin(): Promise<void> {
    const { flow } = this.#path;
    if (flow && !flow.closed) this.#ways.push(() => Promise.resolve({ flow }));
    // A URI or a route that nobody can read leads nowhere.
    else this.#ways.push(...(await this.#located().catch(() => [])));
    await this.#next('nowhere');
  }

  async #located(): Promise<(() => Promise<{ flow: Flow; target: Target }>)[]> {
    const { path, options, core } = { path: this.#path, options: this.#options, core: this.#core };
    const hop = options.hop ?? path.proxy ?? firstRoute(this.#request) ?? parseUri(this.#request.uri);
    const targets = await core.network.locate(hop, path.transport ?? path.flow?.transport);
    return targets.map((target) => async () => ({
      flow: await core.network.flowTo(target, this.#tlsFor(target)),
      target,
    }));
  }

  #tlsFor({ serverName }: Target): Path['tls'] {
    return { ...(isIP(serverName) === 0 && { servername: serverName }), ...this.#path.tls };
  }

  /** On to the next address, if there is one. */
  async #next(reason: Failure): Promise<void> {
    clearTimeout(this.#failover);
    // A server knows nothing of what another has asked: its challenge is a first one, and says nothing against the password.
    this.#challenged.clear();
    let failure = reason;
    while (!this.#isOver && !this.#isCancelled) {
      const way = this.#ways.shift();
      if (!way) return this.#fail(failure);
      try {
        const { flow, target } = await way();
        if (!this.#isOver) await this.#sendBy(flow, target);
        return;
      } catch {
        failure = 'transport';
      }
    }
    this.#close();
  }

  /** Over a connection where it is too large for UDP, and somebody listens there. */
  async #sendBy(flow: Flow, target: Target | undefined): Promise<void> {
    const large = target?.transport === 'UDP' && isLarge(this.#stamped(flow));
    const wider = large
      ? await this.#core.network.flowTo({ ...target, transport: 'TCP', insteadOf: 'UDP' }).catch(() => flow)
      : flow;
    if (!this.#isOver) this.#send(wider);
  }

  #stamped(flow: Flow): SipRequest {
    return stamp(this.#request, flow, this.#options.contactUser);
  }

  #send(flow: Flow): void {
    const request = this.#stamped(flow);
    this.#path.digest?.authorize(request);
    const transaction = this.#core.transactions.send(request, flow);
    this.#current = transaction;
    transaction.on('response', (response) => {
      if (transaction === this.#current) this.#receive(response, transaction);
      else this.#receiveStray(response, transaction);
    });
    transaction.once('failed', (reason) => {
      if (transaction === this.#current) void this.#next(reason);
    });
    if (this.#ways.length > 0) this.#failover = setTimeout(() => void this.#next('timeout'), this.#wait);
  }

  get #wait(): number {
    return this.#options.failoverMs ?? FAILOVER_MS;
  }

  #receive(response: SipResponse, transaction: ClientTransaction): void {
    clearTimeout(this.#failover);
    const { status } = response;
    if (this.#isCancelled) {
      if (status < 200) this.#sendCancel(transaction);
      else this.#settle(response, transaction);
    } else if (status >= 300 && this.#triesAgain(response, transaction)) return;
    else if (status < 200) this.emit('response', response, transaction);
    else this.#settle(response, transaction);
  }

  #settle(response: SipResponse, transaction: ClientTransaction): void {
    this.#close();
    this.emit('response', response, transaction);
  }

  /** Whether the request is on its way again. */
  #triesAgain(response: SipResponse, transaction: ClientTransaction): boolean {
    const { status } = response;
    if (status === 503 && this.#ways.length > 0) {
      void this.#next('transport');
      return true;
    }
    const changed = status === 401 || status === 407 ? this.#answers(response) : this.#amends(response);
    this.#changes += 1;
    if (!changed || this.#changes > MAX_CHANGES) return false;
    const sequence = this.#options.nextSequence?.() ?? cseqOf(this.#request).sequence + 1;
    const headers = this.#request.headers.clone().set('cseq', `${sequence} ${this.#request.method}`);
    this.#request = { ...this.#request, headers };
    this.#send(transaction.flow);
    return true;
  }

  #answers(response: SipResponse): boolean {
    const isAccepted = this.#path.digest?.accept(response, this.#challenged.has(response.status)) === true;
    this.#challenged.add(response.status);
    return isAccepted;
  }

  #amends(response: SipResponse): boolean {
    const changed: SipRequest = { ...this.#request, headers: this.#request.headers.clone() };
    if (this.#options.amend?.(response, changed) !== true) return false;
    this.#request = changed;
    return true;
  }

  /** An address that was given up speaks after all. */
  #receiveStray(response: SipResponse, transaction: ClientTransaction): void {
    if (transaction.request.method !== 'INVITE') return;
    if (response.status < 200) this.#sendCancel(transaction);
    else if (response.status < 300) this.emit('stray', response, transaction);
  }

  #cancelled = new WeakSet<ClientTransaction>();

  #sendCancel(transaction: ClientTransaction): void {
    if (this.#cancelled.has(transaction)) return;
    this.#cancelled.add(transaction);
    this.#core.transactions.send(cancelOf(transaction.request, this.#cancelReason), transaction.flow);
    // RFC 3261, section 9.1: it may never be answered, as by a peer of RFC 2543.
    const patience = setTimeout(() => this.#giveUp(transaction), PATIENCE);
    transaction.once('ended', () => clearTimeout(patience));
  }

  #giveUp(transaction: ClientTransaction): void {
    if (transaction.state !== 'proceeding') return;
    transaction.end();
    if (transaction === this.#current) this.#fail('timeout');
  }

  #fail(reason: Failure): void {
    if (this.#isOver) return;
    this.#close();
    this.emit('failed', reason);
  }

  #close(): void {
    this.#isOver = true;
    clearTimeout(this.#failover);
    clearTimeout(this.#patience);
  }
}

function firstRoute({ headers }: SipRequest): Uri | undefined {
  const [route] = headers.all('route');
  if (route === undefined) return undefined;
  const { uri } = parseNameAddress(route);
  return isSip(uri) ? uri : undefined;
}
