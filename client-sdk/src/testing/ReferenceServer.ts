import type { AddressInfo } from 'node:net';
import { ERRORS, type ErrorCode } from '@parley/protocol/errors';
import { WebSocketServer, type WebSocket } from 'ws';

/** What becomes of the socket around the next request. */
export type Cut = 'beforeExecution' | 'afterExecution';

interface Request {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

/** The session rules of the protocol on real sockets, with cuts where a test wants them. It knows nothing of rooms. */
export class ReferenceServer {
  readonly #server: WebSocketServer;
  readonly #answers = new Map<number, string>();
  readonly #notifications: string[] = [];
  readonly #cuts: Cut[] = [];
  #socket: WebSocket | undefined;
  #lastId = 0;
  #key = 'key-0';
  #forgotten = false;
  /** The requests that were carried out, in order. */
  readonly executed: Request[] = [];
  resumes = 0;

  static async create(): Promise<ReferenceServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    return new ReferenceServer(server);
  }

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('message', (data: Buffer) => {
        this.#greet(socket, JSON.parse(data.toString()) as Request);
        socket.on('message', (more: Buffer) => this.#receive(socket, JSON.parse(more.toString()) as Request));
      });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  /** Sends a notification, or keeps it until the client is back. `metadata` tells them apart. */
  notify(metadata: string): void {
    const seq = this.#notifications.length + 1;
    const text = JSON.stringify({
      jsonrpc: '2.0',
      seq,
      method: 'room.updated',
      params: { room: { settings: { metadata } } },
    });
    this.#notifications.push(text);
    this.#socket?.send(text);
  }

  cutNow(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  /** Cuts the socket around the next request that comes. */
  cutNext(cut: Cut): void {
    this.#cuts.push(cut);
  }

  /** Knows nothing of the session any more. */
  forget(): void {
    this.#forgotten = true;
    this.cutNow();
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #greet(socket: WebSocket, { id, method, params }: Request): void {
    if (method === 'session.hello') {
      const session = { sessionId: 'SE_1', resumeKey: this.#key, pingInterval: 60_000 };
      this.#lastId = id;
      socket.send(resultOf(id, session));
    } else {
      if (this.#forgotten || params['resumeKey'] !== this.#key) {
        socket.send(errorOf(id, 'SESSION_NOT_FOUND'));
        return;
      }
      this.resumes += 1;
      this.#key = `key-${this.resumes}`;
      // One that the client has already comes again, as after an acknowledgement that was lost.
      const missed = this.#notifications.slice(Math.max(0, Number(params['lastSeq']) - 1));
      socket.send(resultOf(id, { resumeKey: this.#key, missed: missed.length }));
      for (const text of missed) socket.send(text);
    }
    this.#socket = socket;
  }

  #receive(socket: WebSocket, request: Request): void {
    if (socket !== this.#socket) return;
    const cut = this.#cuts.shift();
    if (cut === 'beforeExecution') return this.cutNow();
    const answer = this.#answerTo(request);
    if (cut === 'afterExecution') return this.cutNow();
    socket.send(answer);
  }

  #answerTo(request: Request): string {
    const known = this.#answers.get(request.id);
    if (known !== undefined) return known;
    if (request.id <= this.#lastId) return errorOf(request.id, 'INVALID_REQUEST');
    this.#lastId = request.id;
    this.executed.push(request);
    const answer =
      request.method === 'media.unpublish'
        ? errorOf(request.id, 'PUBLICATION_NOT_FOUND')
        : resultOf(request.id, { echo: request.params });
    this.#answers.set(request.id, answer);
    return answer;
  }
}

function resultOf(id: number, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

function errorOf(id: number, code: ErrorCode): string {
  const { rpc, message } = ERRORS[code];
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: rpc, message, data: { code } } });
}
