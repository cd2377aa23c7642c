import { once } from 'node:events';
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import {
  connect as connectTls,
  createServer as createTlsServer,
  type ConnectionOptions,
  type TlsOptions,
} from 'node:tls';
import { Connection, plainAddress } from './Connection.ts';
import type { SocketAddress } from './Flow.ts';
import type { Reception } from './Reception.ts';

export interface StreamEndpointOptions {
  transport: 'TCP' | 'TLS';
  /** Absent: connections are only opened, not taken. */
  listen?: SocketAddress | undefined;
  /** Key and certificate of the listener; only for TLS. */
  tls?: TlsOptions;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Without a word: phones ask every two minutes at the most (RFC 5626, section 4.4.1). */
const IDLE_MS = 10 * 60_000;
const MAX_CONNECTIONS = 1_000;

/** A listener for TCP or TLS, and the connections that it took or opened. */
export class StreamEndpoint {
  readonly #server: Server;
  readonly #reception: Reception;
  readonly #options: StreamEndpointOptions;
  readonly #connections = new Set<Connection>();
  readonly #sockets = new Set<Socket>();
  /** Where it listens, as peers are told. */
  #local: SocketAddress | undefined;

  /** Rejects with the system's error when the address cannot be used. */
  static async open(options: StreamEndpointOptions, reception: Reception): Promise<StreamEndpoint> {
    const endpoint = new StreamEndpoint(options, reception);
    if (!options.listen) return endpoint;
    endpoint.#server.listen(options.listen.port, options.listen.address);
    await once(endpoint.#server, 'listening');
    const bound = endpoint.#server.address();
    if (bound && typeof bound === 'object')
      endpoint.#local = { address: reception.advertised ?? bound.address, port: bound.port };
    return endpoint;
  }

  private constructor(options: StreamEndpointOptions, reception: Reception) {
    this.#options = options;
    this.#reception = reception;
    const isTls = options.transport === 'TLS';
    this.#server = isTls ? createTlsServer(options.tls ?? {}) : createServer();
    this.#server.maxConnections = MAX_CONNECTIONS;
    // Before the handshake of TLS, which costs more than anything that a stranger should cause.
    this.#server.on('connection', (socket: Socket) => this.#watch(socket));
    this.#server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
      if (!socket.destroyed) this.#adopt(socket);
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  /** undefined where it does not listen. */
  get port(): number | undefined {
    return this.#local?.port;
  }

  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** The connection to a peer: the one there is, or a new one. Rejects when it cannot be opened. `tls`: for TLS, as of node:tls. */
  async flowTo(remote: SocketAddress, tls: ConnectionOptions = {}): Promise<Connection> {
    for (const connection of this.#connections)
      if (
        !connection.closed &&
        connection.remote.port === remote.port &&
        connection.remote.address === remote.address
      )
        return connection;
    const target = { host: remote.address, port: remote.port };
    const isTls = this.#options.transport === 'TLS';
    const socket = isTls ? connectTls({ ...tls, ...target }) : connectTcp(target);
    this.#watch(socket);
    try {
      await once(socket, isTls ? 'secureConnect' : 'connect', {
        signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
      });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return this.#adopt(socket, true);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #watch(socket: Socket): void {
    socket.on('error', () => undefined);
    const { remoteAddress } = socket;
    // Those that are being opened have no address yet: whom to call is our own choice.
    if (remoteAddress !== undefined && !this.#reception.admits(plainAddress(remoteAddress))) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #adopt(socket: Socket, isOurs = false): Connection {
    const { transport } = this.#options;
    const local = this.#local ?? { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
    const connection = new Connection(socket, { transport, local, idleMs: IDLE_MS, isOurs }, this.#reception);
    this.#connections.add(connection);
    connection.onceClosed(() => this.#connections.delete(connection));
    return connection;
  }
}
