import type { Core, DialogOwner } from './agent/Core.ts';
import { EXTENSIONS, METHODS } from './agent/Core.ts';
import { ask } from './agent/ask.ts';
import { Incoming, type Handlers, type IncomingCall } from './incoming/Incoming.ts';
import type { Path } from './agent/Path.ts';
import type { Abilities } from './message/checkRequest.ts';
import { SipSyntaxError } from './message/SipSyntaxError.ts';
import type { SipMessage, SipRequest, SipResponse } from './message/SipMessage.ts';
import type { InviteSession } from './session/InviteSession.ts';
import type { InviteOptions } from './session/inviteRequest.ts';
import { DEFAULT_TIMER, type TimerSettings } from './session/timerSettings.ts';
import { OutgoingSession } from './session/OutgoingSession.ts';
import { TransactionLayer } from './transaction/TransactionLayer.ts';
import { Endpoints, type Listen } from './transport/Endpoints.ts';
import type { Flow, SocketAddress, TransportName } from './transport/Flow.ts';
import type { Names } from './transport/locate.ts';
import type { Network } from './transport/Network.ts';
import { systemNames } from './transport/systemNames.ts';

export interface UserAgentOptions {
  /** Who takes what comes from outside any dialog. What has no handler is refused. */
  readonly handlers: Handlers;
  /** Value of User-Agent and Server. Absent: peers are not told. */
  readonly product?: string | undefined;
  /** How long calls are kept without a sign of life; half an hour otherwise. */
  readonly timer?: TimerSettings | undefined;
  /** Transactions of peers at one time, above which new ones get 503. */
  readonly maxTransactions?: number | undefined;
  /** Told of what a handler threw; a request was answered with 500. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface ListenOptions extends UserAgentOptions {
  readonly listen: readonly Listen[];
  /** Address at which peers reach this side, where it is another one. */
  readonly advertised?: string | undefined;
  /** Asked before anything of a packet is read. Absent: everybody is heard. */
  readonly admits?: ((address: string) => boolean) | undefined;
  /** Told of each address that this side writes to unasked, before it does. */
  readonly reaches?: ((address: string) => void) | undefined;
  readonly names?: Names | undefined;
}

/** How long it takes to say BYE to everybody at the most, ms. */
const CLOSE_MS = 4_000;
const MAX_TRANSACTIONS = 5_000;

/** A SIP user agent (RFC 3261): makes and takes calls, and refuses what it is not for. Knows nothing of what calls are about. */
export class UserAgent implements Core {
  readonly transactions = new TransactionLayer();
  readonly dialogs = new Map<string, DialogOwner>();
  readonly product: string | undefined;
  readonly timer: TimerSettings;
  readonly #sessions = new Set<InviteSession>();
  readonly #incoming: Incoming;
  readonly #onError: ((error: unknown) => void) | undefined;
  #network: Network | undefined;
  #endpoints: Endpoints | undefined;
  #isClosing = false;

  /** Rejects with the system's error when an address cannot be listened at. */
  static async open(options: ListenOptions): Promise<UserAgent> {
    const { listen, advertised, reaches, names = systemNames, admits = () => true } = options;
    const agent = new UserAgent(options);
    const reception = {
      ...{ abilities: ABILITIES, advertised, admits, reaches },
      receive: (message: SipMessage, flow: Flow) => agent.receive(message, flow),
    };
    agent.#endpoints = await Endpoints.open(listen, { reception, names });
    agent.#network = agent.#endpoints;
    return agent;
  }

  /** One whose messages go another way than by sockets: see `receive`. */
  static over(network: Network, options: UserAgentOptions): UserAgent {
    const agent = new UserAgent(options);
    agent.#network = network;
    return agent;
  }

  private constructor({
    handlers,
    product,
    timer = DEFAULT_TIMER,
    maxTransactions = MAX_TRANSACTIONS,
    onError,
  }: UserAgentOptions) {
    this.product = product;
    this.timer = timer;
    this.#onError = onError;
    this.#incoming = new Incoming(this, {
      ...{ handlers, onError, sessions: this.#sessions },
      isFull: () => this.#isClosing || this.transactions.size > maxTransactions,
    });
    this.transactions.on('request', (transaction) => this.#incoming.receive(transaction));
    this.transactions.on('ack', (ack, flow) => this.#incoming.acknowledged(ack, flow));
  }

  get network(): Network {
    if (!this.#network) throw new Error('The user agent is not open yet.');
    return this.#network;
  }

  /** Where it listens. */
  get listening(): readonly (SocketAddress & { transport: TransportName })[] {
    return this.#endpoints?.listening ?? [];
  }

  /** Calls there are, in and out. */
  get sessions(): ReadonlySet<InviteSession> {
    return this.#sessions;
  }

  /** A well made message that has come by a flow. */
  receive(message: SipMessage, flow: Flow): void {
    try {
      this.transactions.receive(message, flow);
    } catch (error) {
      // Answers and ACKs have nobody who could be told that they cannot be read.
      if (!(error instanceof SipSyntaxError)) this.#onError?.(error);
    }
  }

  /** Calls somebody. Listeners are to be added at once. Throws SipSyntaxError for headers that cannot be sent. */
  invite(options: InviteOptions): OutgoingSession {
    const session = new OutgoingSession(this, options);
    this.#sessions.add(session);
    session.once('ended', () => this.#sessions.delete(session));
    return session.start();
  }

  /** Sends a request outside any dialog, without Via; resolves with its final answer, made up where there is none. Never rejects. */
  ask(
    request: SipRequest,
    path: Path,
    o: { timeoutMs?: number; contactUser?: string } = {},
  ): Promise<SipResponse> {
    return ask(this, request, { path, ...o });
  }

  /** Ends all calls, and closes all sockets. Takes 4 s at the most. */
  async close(): Promise<void> {
    this.#isClosing = true;
    const ends = [...this.#sessions].map((session) =>
      session.end({ protocol: 'SIP', cause: 503, text: 'Going down' }),
    );
    await atMost(CLOSE_MS, Promise.all([...ends, this.transactions.untilQuiet()]));
    this.transactions.close();
    await this.#endpoints?.close();
  }
}

const ABILITIES: Abilities = { methods: METHODS, extensions: EXTENSIONS };

/** Waits, but not for ever. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, end]);
  clearTimeout(timer);
}

export type { Handlers, IncomingCall };
