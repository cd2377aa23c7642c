import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { ERRORS, type ErrorBody, type ErrorCode } from '@parley/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { isOriginAllowed, type OriginRules } from '../auth/origins.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';
import type { SessionEnd } from '../room/ports.ts';
import { Connection } from './Connection.ts';
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
  readonly #sockets = new Set<WebSocket>();
  readonly #perAddress = new Map<string, number>();
  readonly #webSocketServer = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  #closing = false;

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
    this.#closing = true;
    for (const session of this.#opener.live) session.end(end);
    this.#opener.close();
    const deadline = performance.now() + GOODBYE_MS;
    while (this.#sockets.size > 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const socket of this.#sockets) socket.terminate();
    this.#webSocketServer.close();
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
    if (new URL(request.url ?? '/', 'http://localhost').pathname !== '/ws') return 'NOT_FOUND';
    if (this.#closing) return 'SHUTTING_DOWN';
    if (!isOriginAllowed(request.headers.origin, request.headers.host ?? '', this.#options.origins))
      return 'ORIGIN_REFUSED';
    const { maxSocketsPerAddress } = this.#options.config;
    if (maxSocketsPerAddress > 0 && (this.#perAddress.get(address) ?? 0) >= maxSocketsPerAddress)
      return 'RATE_LIMITED';
    return undefined;
  }

  #accept(socket: WebSocket, address: string): void {
    this.#count(address, 1);
    this.#sockets.add(socket);
    this.#options.metrics.sockets.inc();
    socket.on('close', () => {
      this.#count(address, -1);
      this.#sockets.delete(socket);
      this.#options.metrics.sockets.dec();
    });
    const { helloTimeout, pingTimeout } = this.#options.config;
    let asked = false;
    const connection: Connection = new Connection(
      socket,
      { address, helloTimeout, pingTimeout, logger: this.#options.logger },
      {
        request: (request) => {
          // What comes before the first answer belongs to no session yet.
          if (asked) return connection.close('refused');
          asked = true;
          void this.#opener.open(connection, request);
        },
        closed: () => undefined,
      },
    );
  }

  #count(address: string, change: number): void {
    const count = (this.#perAddress.get(address) ?? 0) + change;
    if (count > 0) this.#perAddress.set(address, count);
    else this.#perAddress.delete(address);
  }

  #addressOf(request: IncomingMessage): string {
    const forwarded = this.#options.trustProxy ? request.headers['x-forwarded-for'] : undefined;
    const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim();
    return first || (request.socket.remoteAddress ?? 'unknown');
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
