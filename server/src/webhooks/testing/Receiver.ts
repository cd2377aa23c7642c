/** A receiver of events: a real HTTP server that answers as it is told to. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { WebhookEvent } from '@parley/protocol';
import { vi } from 'vitest';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Milliseconds since the process started. */
  at: number;
}

/** Answers one request; the first for each that is not there. */
type Answer = (response: ServerResponse, received: Received) => void;

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end();

/** Never answers. */
export const silence: Answer = () => undefined;

export class Receiver {
  readonly received: Received[] = [];
  /** What is answered next, one after the other; then `otherwise`. */
  readonly script: Answer[] = [];
  otherwise: Answer = status(200);
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(at: { host?: string; port?: number } = {}): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('connection', (socket: Socket) => {
      receiver.#sockets.add(socket);
      socket.on('close', () => receiver.#sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const { method = '', url = '', headers } = request;
        const received = { method, path: url, headers, body, at: performance.now() };
        receiver.received.push(received);
        (receiver.script.shift() ?? receiver.otherwise)(response, received);
      });
    });
    server.listen(at.port ?? 0, at.host ?? '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** What was posted, in order. */
  get events(): WebhookEvent[] {
    return this.received.map(({ body }) => JSON.parse(body.toString()) as WebhookEvent);
  }

  get names(): string[] {
    return this.events.map(({ event }) => event);
  }

  /** Waits until so many requests came. */
  async until(count: number): Promise<void> {
    await vi.waitFor(
      () => {
        if (this.received.length < count) throw new Error(`received ${this.names.join(', ')}`);
      },
      { timeout: 5000, interval: 5 },
    );
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }
}
