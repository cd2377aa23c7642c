import type {
  AnyNotification,
  ErrorFrame,
  MethodName,
  MethodParams,
  MethodResult,
  NotificationFrame,
  NotificationParams,
  ResultFrame,
  ServerFrame,
} from '@parley/protocol';
import { CLOSE_CODES, MAX_FRAME_BYTES, PROTOCOL_VERSION } from '@parley/protocol/constants';
import { ParleyError } from '@parley/protocol/errors';
import { Emitter } from '../Emitter.ts';
import { SDK_NAME } from '../version.ts';
import type { ServerClock } from './ServerClock.ts';
import { discard, openSocket, type OpeningSocket, type SignalSocket } from './socket.ts';

export type SessionEnded = NotificationParams<'session.ended'>;

export interface SignalEvents {
  notification: [AnyNotification];
  /** The socket is gone; the session is being resumed. */
  dropped: [];
  resumed: [];
  /** The session cannot be resumed: it is unknown, or too much was missed. */
  lost: [ParleyError];
  /** The server said that it is over. */
  ended: [SessionEnded];
}

/** What a session needs from where it runs; a `Platform` has it. */
export interface SignalPlatform {
  readonly name: string;
  readonly userAgent: string;
  createWebSocket(url: string): SignalSocket;
  /** Calls back when the network may have become reachable; gives a function that stops it. */
  onOnline(listener: () => void): () => void;
}

export interface SignalOptions {
  url: string;
  token: string;
  platform: SignalPlatform;
  /** Milliseconds to wait before an attempt to resume, counted from 0. */
  delay: (attempt: number) => number;
  /** Is told the time of the server with each ping. */
  clock?: ServerClock;
}

interface Pending {
  text: string;
  resolve(result: never): void;
  reject(error: Error): void;
}

interface OpenSession {
  sessionId: string;
  resumeKey: string;
}

const RESUME_TIMEOUT_MS = 10_000;
/** Silence, counted in ping intervals, after which a socket is dead: the server answers every ping. */
const SILENT_PINGS = 2.5;

/**
 * The signalling session: requests, numbered notifications, and resume over as many sockets as it takes. A request that
 * was not answered when a socket dropped is sent again with the same id; the server carries it out once.
 */
export class SignalClient extends Emitter<SignalEvents> {
  /** Resolves when the client is closed, by whomever. */
  readonly over: Promise<void>;
  readonly #options: SignalOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #stopOnline: () => void;
  #tellOver: () => void = () => undefined;
  #socket: SignalSocket | undefined;
  #opening: OpeningSocket | undefined;
  #session: OpenSession | undefined;
  #lastId = 0;
  #lastSeq = 0;
  #attempt = 0;
  #heardAt = 0;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #heldUntil = 0;
  #closed = false;

  private constructor(options: SignalOptions) {
    super();
    this.#options = options;
    this.over = new Promise((resolve) => {
      this.#tellOver = resolve;
    });
    this.#stopOnline = options.platform.onOnline(() => this.#retryNow());
  }

  /** Opens a socket and a session on it. Rejects with the server's ParleyError; SHUTTING_DOWN when it cannot be reached. */
  static async connect(options: SignalOptions): Promise<SignalClient> {
    const client = new SignalClient(options);
    try {
      await client.#sayHello();
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Rejects with ParleyError. While the socket is down the request waits for the resume. */
  request<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
    if (this.#closed) return Promise.reject(new ParleyError('SESSION_NOT_FOUND'));
    const { id, text } = this.#frame(method, params);
    // The server could not even read whose request it was, so no answer would ever come.
    if (new TextEncoder().encode(text).length > MAX_FRAME_BYTES)
      return Promise.reject(new ParleyError('FRAME_TOO_LARGE', { details: { maxBytes: MAX_FRAME_BYTES } }));
    return new Promise<MethodResult<M>>((resolve, reject) => {
      this.#pending.set(id, { text, resolve: resolve, reject });
      this.#socket?.send(text);
    });
  }

  /** Cuts the socket and keeps it down for `ms`, as a bad network would. */
  simulateDrop(ms = 0): void {
    this.#heldUntil = Date.now() + ms;
    this.#drop();
  }

  /** Forgets the session, as if the server had. */
  simulateLoss(): void {
    this.#fail(new ParleyError('SESSION_NOT_FOUND'));
  }

  /** Ends it without a word to the server. Requests that were not answered are rejected with SESSION_NOT_FOUND. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopOnline();
    clearInterval(this.#pingTimer);
    clearTimeout(this.#retryTimer);
    this.#opening?.cancel();
    if (this.#socket) discard(this.#socket, 1000);
    this.#socket = undefined;
    for (const { reject } of this.#pending.values())
      reject(new ParleyError('SESSION_NOT_FOUND', { message: 'The connection was closed.' }));
    this.#pending.clear();
    this.#tellOver();
  }

  async #sayHello(): Promise<void> {
    const { platform, token } = this.#options;
    this.#adopt(await this.#open());
    const { sessionId, resumeKey, pingInterval } = await this.request('session.hello', {
      protocolVersion: PROTOCOL_VERSION,
      token,
      client: { sdk: SDK_NAME, platform: platform.name, userAgent: platform.userAgent.slice(0, 512) },
    });
    this.#session = { sessionId, resumeKey };
    this.#pingTimer = setInterval(() => this.#ping(pingInterval), pingInterval);
    // So that the time of the server is known before anything is shown.
    if (this.#options.clock) this.#ping(pingInterval);
  }

  async #open(): Promise<SignalSocket> {
    const opening = openSocket(this.#options.platform.createWebSocket(this.#options.url));
    this.#opening = opening;
    try {
      return await opening.opened;
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
    }
  }

  #frame<M extends MethodName>(method: M, params: MethodParams<M>): { id: number; text: string } {
    const id = (this.#lastId += 1);
    return { id, text: JSON.stringify({ jsonrpc: '2.0', id, method, params }) };
  }

  #adopt(socket: SignalSocket): void {
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.onmessage = ({ data }) => this.#receive(socket, String(data));
    socket.onclose = ({ code }) => this.#socketClosed(socket, code);
  }

  #receive(socket: SignalSocket, text: string): void {
    if (socket !== this.#socket) return;
    this.#heardAt = Date.now();
    const frame = JSON.parse(text) as ServerFrame;
    if ('seq' in frame) this.#notified(frame);
    else if (typeof frame.id === 'number') this.#answered(frame.id, frame);
  }

  #notified(frame: NotificationFrame): void {
    // A number that is known was replayed although it had arrived.
    if (frame.seq <= this.#lastSeq) return;
    this.#lastSeq = frame.seq;
    if (frame.method === 'session.ended') {
      this.close();
      this.emit('ended', frame.params);
    } else this.emit('notification', frame);
  }

  #answered(id: number, frame: ResultFrame | ErrorFrame): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    if ('error' in frame) pending.reject(toError(frame));
    else pending.resolve(frame.result as never);
  }

  #ping(interval: number): void {
    if (!this.#socket) return;
    if (Date.now() - this.#heardAt > interval * SILENT_PINGS) this.#drop();
    else void this.#askTime();
  }

  async #askTime(): Promise<void> {
    const sentAt = Date.now();
    try {
      const { serverTime } = await this.request('session.ping', { lastSeq: this.#lastSeq });
      this.#options.clock?.note(serverTime, sentAt, Date.now());
    } catch {
      // The session is over, which others are told of.
    }
  }

  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    discard(socket);
    this.#socketClosed(socket, 1006);
  }

  #socketClosed(socket: SignalSocket, code: number): void {
    if (socket !== this.#socket || this.#closed) return;
    this.#socket = undefined;
    if (!this.#session || code === CLOSE_CODES.superseded) {
      this.#fail(new ParleyError('SESSION_NOT_FOUND'));
      return;
    }
    this.#attempt = 0;
    this.emit('dropped');
    this.#scheduleResume();
  }

  #scheduleResume(): void {
    if (this.#closed || this.#socket) return;
    clearTimeout(this.#retryTimer);
    const wait = Math.max(this.#options.delay(this.#attempt), this.#heldUntil - Date.now());
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => void this.#resume(), wait);
  }

  /** The network is back: neither the next attempt nor a socket that was asked for before is worth waiting for. */
  #retryNow(): void {
    if (this.#closed || this.#socket || !this.#session) return;
    this.#attempt = 0;
    if (this.#opening) this.#opening.cancel();
    else if (this.#retryTimer !== undefined) this.#scheduleResume();
  }

  async #resume(): Promise<void> {
    this.#retryTimer = undefined;
    try {
      await this.#resumeOn(await this.#open());
    } catch (error) {
      if (error instanceof ParleyError && (error.code === 'SESSION_NOT_FOUND' || error.code === 'RESUME_GAP'))
        this.#fail(error);
      else this.#scheduleResume();
    }
  }

  async #resumeOn(socket: SignalSocket): Promise<void> {
    if (this.#closed || !this.#session) return discard(socket);
    const { text } = this.#frame('session.resume', { ...this.#session, lastSeq: this.#lastSeq });
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('no answer to resume')), RESUME_TIMEOUT_MS);
        socket.onclose = () => reject(new Error('closed while resuming'));
        socket.onmessage = ({ data }) => {
          const frame = JSON.parse(String(data)) as ResultFrame<'session.resume'> | ErrorFrame;
          if ('error' in frame) reject(toError(frame));
          else resolve(this.#resumedOn(socket, frame.result.resumeKey));
        };
        socket.send(text);
      });
    } catch (error) {
      discard(socket);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * NOTE: runs within the turn in which the answer came. What was missed follows at once, and may lead to new requests;
   * those asked before must go out first, since the server takes ids in rising order only.
   */
  #resumedOn(socket: SignalSocket, resumeKey: string): void {
    if (this.#closed || !this.#session) return discard(socket);
    this.#session = { ...this.#session, resumeKey };
    this.#adopt(socket);
    for (const { text } of this.#pending.values()) socket.send(text);
    this.emit('resumed');
  }

  #fail(error: ParleyError): void {
    if (this.#closed) return;
    this.close();
    this.emit('lost', error);
  }
}

function toError({ error }: ErrorFrame): ParleyError {
  const { code, details } = error.data;
  return new ParleyError(code, { message: error.message, ...(details && { details }) });
}
