import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { ERRORS, ParleyError, type ErrorBody, type ErrorCode } from '@parley/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { isOriginAllowed, type OriginRules } from '../auth/origins.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { SessionEnd } from '../room/ports.ts';
import { networkOf } from '../util/networkOf.ts';
import { Connection } from './Connection.ts';
import { encodeError } from './encode.ts';
import { SessionOpener, type OpenerOptions } from './SessionOpener.ts';

/**
 * Hard limit of ws, above that of the protocol: what lies between is read and answered with FRAME_TOO_LARGE, what is
 * larger closes the socket with 1009 unread.
 */
const MAX_PAYLOAD_BYTES = 256 * 1024;
/** How long saying goodbye to all may take, in ms. */
const GOODBYE_MS = 1000;

export interface SignallingOptions extends OpenerOptions {
  origins: OriginRules;
  /** Believe X-Forwarded-For of a proxy. */
  trustProxy: boolean;
  logger: Logger;
  metrics: Metrics;
}

/** The WebSocket endpoint `/ws`. */
export class SignallingServer {
  readonly #options: SignallingOptions;
  readonly #opener: SessionOpener;
  readonly #connections = new Map<WebSocket, Connection>();
  readonly #perAddress = new Map<string, number>();
  readonly #webSocketServer = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#opener = new SessionOpener(options);
  }

  /** Answers WebSocket upgrades of this web server. */
  attach(server: HttpServer | HttpsServer): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Tells every session why it is over, closes all sockets, and resolves when they are closed. */
  async close(end: SessionEnd): Promise<void> {
    this.#opener.sessions.close(end);
    for (const connection of this.#connections.values()) connection.close('goingAway');
    await this.#allClosed(GOODBYE_MS);
    for (const socket of this.#connections.keys()) socket.terminate();
    this.#webSocketServer.close();
  }

  #allClosed(deadline: number): Promise<void> {
    const sockets = [...this.#connections.keys()];
    const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, deadline)));
    return Promise.race([Promise.all(closed), late]).then(() => clearTimeout(timer));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const address = this.#addressOf(request);
    const refusal = this.#findRefusal(request, address);
    if (refusal) {
      refuse(socket, refusal);
      return;
    }
    this.#webSocketServer.handleUpgrade(request, socket, head, (webSocket) =>
      this.#accept(webSocket, address),
    );
  }

  #findRefusal(request: IncomingMessage, address: string): ErrorCode | undefined {
    // NOTE: not by URL, which throws at targets such as `//`.
    if (request.url?.split('?', 1)[0] !== '/ws') return 'NOT_FOUND';
    if (this.#opener.sessions.closing) return 'SHUTTING_DOWN';
    if (!isOriginAllowed(request.headers.origin, request.headers.host ?? '', this.#options.origins))
      return 'ORIGIN_REFUSED';
    const { maxSocketsPerAddress } = this.#options.config;
    if (maxSocketsPerAddress > 0 && (this.#perAddress.get(address) ?? 0) >= maxSocketsPerAddress)
      return 'RATE_LIMITED';
    return undefined;
  }

  #accept(socket: WebSocket, address: string): void {
    this.#count(address, 1);
    this.#options.metrics.sockets.inc();
    socket.on('close', () => {
      this.#count(address, -1);
      this.#connections.delete(socket);
      this.#options.metrics.sockets.dec();
    });
    const { helloTimeout, pingTimeout } = this.#options.config;
    let asked = false;
    const connection: Connection = new Connection(
      socket,
      { helloTimeout, pingTimeout, logger: this.#options.logger },
      {
        request: (request) => {
          if (asked) {
            // What comes before the first answer belongs to no session yet.
            const details = { reason: 'the answer to the first request comes first' };
            connection.send(encodeError(request.id, new ParleyError('WRONG_STATE', { details })));
            return;
          }
          asked = true;
          void this.#opener.open(connection, request, address);
        },
        closed: () => undefined,
      },
    );
    this.#connections.set(socket, connection);
    // The server may have begun to close while the handshake was under way.
    if (this.#opener.sessions.closing) connection.close('goingAway');
  }

  #count(address: string, change: number): void {
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }

  /** The network of whoever asks. Of the addresses a proxy hands on, the last is the one it saw itself; those before it are hearsay. */
  #addressOf({ headers, socket }: IncomingMessage): string {
    const forwarded = this.#options.trustProxy ? [headers['x-forwarded-for']].flat().at(-1) : undefined;
    return networkOf(forwarded?.split(',').at(-1)?.trim() || (socket.remoteAddress ?? 'unknown'));
  }
}

/** Answers an upgrade with the error body that REST uses. */
function refuse(socket: Duplex, code: ErrorCode): void {
  const { http, message } = ERRORS[code];
  const error: ErrorBody = { error: { code, message } };
  const body = JSON.stringify(error);
  socket.end(
    `HTTP/1.1 ${http} ${STATUS_CODES[http] ?? ''}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
