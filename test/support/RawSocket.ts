import { once } from 'node:events';
import { WebSocket } from 'ws';
import { joinToken } from './tokens.ts';
import { waitFor } from './waitFor.ts';

export interface Frame {
  id?: number | null;
  seq?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string; data: { code: string } };
}

/** A socket that says whatever it is told to. */
export class RawSocket {
  readonly #socket: WebSocket;
  readonly frames: Frame[] = [];
  closeCode: number | undefined;
  /** Gets each frame in the turn in which it comes. */
  onFrame: ((frame: Frame) => void) | undefined;
  /** Of the last request. In a session it only ever rises, also on another socket. */
  lastId = 0;
  readonly #waiting = new Map<number, (frame: Frame | undefined) => void>();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      this.frames.push(frame);
      this.onFrame?.(frame);
      if (typeof frame.id === 'number') this.#waiting.get(frame.id)?.(frame);
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      for (const resolve of this.#waiting.values()) resolve(undefined);
    });
    socket.on('error', () => undefined);
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<RawSocket> {
    const raw = new RawSocket(new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers }));
    await once(raw.#socket, 'open');
    return raw;
  }

  /** A socket whose session has joined. */
  static async join(
    url: string,
    join: { room: string; identity: string; token?: string },
  ): Promise<RawSocket> {
    const raw = await RawSocket.open(url);
    await raw.hello(join.token ?? joinToken(join.room, join.identity));
    await raw.request('room.join');
    return raw;
  }

  hello(token: string): Promise<Frame> {
    return this.request('session.hello', { protocolVersion: '1.0', token, client: { sdk: 'raw' } });
  }

  send(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  request(method: string, params: unknown = {}): Promise<Frame> {
    const id = (this.lastId += 1);
    this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return this.answerTo(id);
  }

  /** As `request`, and at once; undefined when the socket is closed before there is an answer. */
  async ask(method: string, params: unknown = {}): Promise<Frame | undefined> {
    const id = (this.lastId += 1);
    const answered = new Promise<Frame | undefined>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    if (this.closeCode === undefined) this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    else this.#waiting.get(id)?.(undefined);
    return answered;
  }

  async answerTo(id: number | null): Promise<Frame> {
    const frame = await waitFor(
      `an answer to request ${id}`,
      () => this.frames.find((one) => 'id' in one && one.id === id),
      {
        interval: 5,
        done: (found) => found !== undefined,
      },
    );
    return frame ?? {};
  }

  /** The code with which a request is refused; `ok` when it is not. */
  async codeOf(method: string, params: unknown = {}): Promise<string> {
    return (await this.request(method, params)).error?.data.code ?? 'ok';
  }

  /** Is there for the server as long as it is open. One that is silent is taken for lost after a while. */
  keepAlive(): void {
    const lastSeq = () => this.frames.findLast(({ seq }) => seq !== undefined)?.seq ?? 0;
    const timer = setInterval(() => void this.ask('session.ping', { lastSeq: lastSeq() }), 4000);
    this.#socket.once('close', () => clearInterval(timer));
  }

  closed(timeout = 15_000): Promise<number | undefined> {
    return waitFor('the socket to be closed', () => this.closeCode, {
      timeout,
      done: (code) => code !== undefined,
    });
  }

  close(): void {
    this.#socket.close();
  }
}
