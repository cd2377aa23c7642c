import { WebSocket } from 'ws';
import type { Frame } from './RawClient.ts';

interface Ticket {
  sessionId: string;
  resumeKey: string;
}

/**
 * A client as docs/decisions/0003-sessions.md wants it: when the socket drops it resumes, then sends again what was
 * not answered, in order and with the same ids. It fails at once when something comes twice or out of order.
 */
export class ResumingClient {
  readonly faults: string[] = [];
  readonly answers = new Map<number, Frame>();
  lastSeq = 0;
  resumes = 0;
  readonly #url: string;
  readonly #ticket: Ticket;
  readonly #unanswered = new Map<number, string>();
  #socket: WebSocket | undefined;
  #open = false;
  #nextId = 100;
  #stopped = false;

  /** Begins by resuming a session that was opened elsewhere. */
  constructor(url: string, ticket: Ticket) {
    this.#url = url;
    this.#ticket = { ...ticket };
    this.#connect();
  }

  get idle(): boolean {
    return this.#open && this.#unanswered.size === 0;
  }

  ask(method: string, params: unknown): number {
    const id = (this.#nextId += 1);
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
    this.#unanswered.set(id, text);
    if (this.#open) this.#socket?.send(text);
    return id;
  }

  ping(): void {
    this.ask('session.ping', { lastSeq: this.lastSeq });
  }

  /** Hangs up in the midst of whatever goes on; it comes back by itself. */
  cut(): void {
    this.#socket?.terminate();
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.terminate();
  }

  #connect(): void {
    if (this.#stopped) return;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    const id = (this.#nextId += 1);
    socket.on('open', () => {
      const params = { ...this.#ticket, lastSeq: this.lastSeq };
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'session.resume', params }));
    });
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString()) as Frame, id));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#open = false;
      setImmediate(() => this.#connect());
    });
  }

  #hear(frame: Frame, resumeId: number): void {
    if (frame.id === resumeId) this.#resumed(frame);
    else if (frame.seq !== undefined) this.#count(frame.seq);
    else if (typeof frame.id === 'number' && this.#unanswered.delete(frame.id))
      this.answers.set(frame.id, frame);
    else this.faults.push(`unexpected: ${JSON.stringify(frame)}`);
  }

  #resumed({ result, error }: Frame): void {
    if (!result) {
      this.faults.push(`resume refused: ${JSON.stringify(error)}`);
      this.stop();
      return;
    }
    this.resumes += 1;
    this.#ticket.resumeKey = String(result['resumeKey']);
    this.#open = true;
    for (const text of this.#unanswered.values()) this.#socket?.send(text);
  }

  #count(seq: number): void {
    if (!this.#open) this.faults.push(`notification ${seq} before the answer to resume`);
    if (seq !== this.lastSeq + 1) this.faults.push(`notification ${seq} after ${this.lastSeq}`);
    this.lastSeq = seq;
  }
}
