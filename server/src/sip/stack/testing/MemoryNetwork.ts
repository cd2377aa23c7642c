import { parseDatagram } from '../message/parseMessage.ts';
import type { SipMessage } from '../message/SipMessage.ts';
import { isSip, type Uri } from '../message/uri.ts';
import type { Flow, SocketAddress, TransportName } from '../transport/Flow.ts';
import type { Target } from '../transport/locate.ts';
import type { Network } from '../transport/Network.ts';
import { UserAgent, type UserAgentOptions } from '../UserAgent.ts';

export interface Sent {
  /** ms since the first. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** Method or status. */
  readonly what: string;
  readonly message: SipMessage;
}

type Receiver = (message: SipMessage, flow: Flow) => void;

class MemoryConnection implements Flow {
  readonly transport: TransportName = 'TCP';
  readonly reliable = true;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  closed = false;
  readonly #flow: Flow;
  readonly #listeners: (() => void)[] = [];

  constructor(flow: Flow) {
    this.#flow = flow;
    this.remote = flow.remote;
    this.local = flow.local;
  }

  send(data: Buffer, failed?: (error: unknown) => void): void {
    if (this.closed) failed?.(new Error('The connection is gone.'));
    else this.#flow.send(data, failed);
  }

  onceClosed(listener: () => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.closed = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}

/** Hosts that send each other messages without sockets, so that time can be a fake one. A packet takes 1 ms. */
export class MemoryNetwork {
  readonly sent: Sent[] = [];
  /** Empty lines that one host sent to another, to keep a way open. */
  readonly empty: { at: number; from: string; to: string }[] = [];
  /** Packets that get lost. */
  loses: (sent: Sent) => boolean = () => false;
  /** Whether all hosts speak TCP, too. */
  takesConnections = false;
  readonly #connections = new Map<string, MemoryConnection>();
  readonly #hosts = new Map<string, Receiver>();
  readonly #began = Date.now();

  /** A user agent at an address such as 192.0.2.1. */
  agent(address: string, options: UserAgentOptions = { handlers: {} }): UserAgent {
    const agent = UserAgent.over(this.#networkOf(address), options);
    this.#hosts.set(address, (message, flow) => agent.receive(message, flow));
    return agent;
  }

  /** A host that does what a test says. */
  host(address: string, receive: Receiver): void {
    this.#hosts.set(address, receive);
  }

  /** Methods and statuses that one host sent to another, in order. */
  whats(from: string, to?: string): string[] {
    return this.sent.filter((one) => one.from === from && (!to || one.to === to)).map(({ what }) => what);
  }

  times(from: string, what: string): number[] {
    return this.sent.filter((one) => one.from === from && one.what === what).map(({ at }) => at);
  }

  last(from: string, what: string): SipMessage | undefined {
    return this.sent.findLast((one) => one.from === from && one.what === what)?.message;
  }

  /** Breaks all connections. */
  breakConnections(): void {
    for (const connection of [...this.#connections.values()]) connection.close();
  }

  flow(from: string, to: string, transport: TransportName = 'UDP'): Flow {
    return {
      ...{ transport, reliable: transport !== 'UDP', closed: false },
      remote: { address: to, port: 5060 },
      local: { address: from, port: 5060 },
      send: (data, failed) => this.#send(data, { from, to, transport, failed }),
    };
  }

  #networkOf(from: string): Network {
    return {
      locate: (uri: Uri, usual: TransportName = 'UDP') => Promise.resolve(targetsOf(uri, usual)),
      flowTo: ({ transport, address }: SocketAddress & { transport: TransportName }) =>
        transport === 'UDP' || this.takesConnections
          ? Promise.resolve(transport === 'UDP' ? this.flow(from, address) : this.#connect(from, address))
          : Promise.reject(new Error('only UDP')),
    };
  }

  #connect(from: string, to: string): Flow {
    const key = `${from} ${to}`;
    const open = this.#connections.get(key);
    if (open) return open;
    const connection = new MemoryConnection(this.flow(from, to, 'TCP'));
    this.#connections.set(key, connection);
    connection.onceClosed(() => this.#connections.delete(key));
    return connection;
  }

  #send(
    data: Buffer,
    o: { from: string; to: string; transport: TransportName; failed: ((error: unknown) => void) | undefined },
  ): void {
    const { from, to, transport } = o;
    if (/^[\r\n]+$/.test(data.toString('latin1')))
      return void this.empty.push({ at: Date.now() - this.#began, from, to });
    const message = parseDatagram(data);
    const what = message.kind === 'request' ? message.method : String(message.status);
    const sent = { at: Date.now() - this.#began, from, to, what, message };
    this.sent.push(sent);
    const receive = this.#hosts.get(to);
    if (!receive || this.loses(sent)) return;
    setTimeout(() => receive(parseDatagram(data), this.flow(to, from, transport)), 1);
  }
}

/** `sip:x@a,b` would be two addresses: written as host `a.and.b` of last numbers, as in `sip:x@1.and.2`. */
function targetsOf(uri: Uri, transport: TransportName): Target[] {
  if (!isSip(uri)) return [];
  const hosts = uri.host.includes('.and.')
    ? uri.host.split('.and.').map((one) => `192.0.2.${one}`)
    : [uri.host];
  return hosts.map((address) => ({ transport, address, port: 5060, serverName: address }));
}
