import { once } from 'node:events';
import { WebSocket } from 'ws';
import { vi } from 'vitest';

/** Answers come within milliseconds; looking every 50 would be most of a test's time. */
const FAST = { timeout: 3000, interval: 2 };

export interface Frame {
  id?: number | null;
  seq?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data: { code: string; details?: Record<string, unknown> } };
}

/** A socket that says exactly what it is told to and remembers what it heard. */
export class RawClient {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  closeCode: number | undefined;
  #nextId = 1;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.frames.push(JSON.parse(data.toString()) as Frame));
    socket.on('close', (code) => (this.closeCode = code));
    socket.on('error', () => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<RawClient> {
    const client = new RawClient(new WebSocket(url, { headers }));
    await once(client.socket, 'open');
    return client;
  }

  sendText(text: string | Uint8Array): void {
    this.socket.send(text);
  }

  /** Sends a request and waits for its answer. */
  async request(method: string, params: unknown = {}, id = this.#nextId): Promise<Frame> {
    this.#nextId = Math.max(this.#nextId, id) + 1;
    const before = this.frames.length;
    this.sendText(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return vi.waitFor(() => {
      const answer = this.frames.slice(before).find((frame) => frame.id === id);
      if (!answer) throw new Error(`no answer to ${method}`);
      return answer;
    }, FAST);
  }

  get notifications(): Frame[] {
    return this.frames.filter((frame) => frame.seq !== undefined);
  }

  async closed(): Promise<number> {
    return vi.waitFor(() => {
      if (this.closeCode === undefined) throw new Error('still open');
      return this.closeCode;
    }, FAST);
  }

  /** Cuts the connection without a goodbye. */
  async cut(): Promise<void> {
    this.socket.terminate();
    await this.closed();
  }
}
