import type {
  AnyNotification,
  ErrorFrame,
  MethodName,
  MethodParams,
  MethodResult,
  NotificationFrame,
  NotificationParams,
  ResultFrame,
} from '@parley/protocol';
import { CLOSE_CODES, PROTOCOL_VERSION } from '@parley/protocol/constants';
import { ParleyError } from '@parley/protocol/errors';
import { Emitter } from '../Emitter.ts';
import type { Platform } from '../platform/Platform.ts';
import { SDK_NAME } from '../version.ts';

type Hello = MethodResult<'session.hello'>;
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

interface Pending {
  text: string;
  resolve(result: never): void;
  reject(error: Error): void;
}

const OPEN_TIMEOUT_MS = 10_000;
/** Pings without an answer until the socket counts as dead. */
const MISSED_PINGS = 2.5;

/**
 * The signalling session: requests, numbered notifications, and resume over as many sockets as it takes. A request that
 * was not answered when a socket dropped is sent again with the same id; the server carries it out once.
 */
export class SignalClient extends Emitter<SignalEvents> {
  readonly #url: string;
  readonly #platform: Platform;
  readonly #delay: (attempt: number) => number;
  readonly #pending = new Map<number, Pending>();
  readonly #stopOnline: () => void;
  #socket: WebSocket | undefined;
  #hello: Hello | undefined;
  #resumeKey = '';
  #lastId = 0;
  #lastSeq = 0;
  #attempt = 0;
  #heardAt = 0;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #heldUntil = 0;
  #closed = false;

  private constructor(url: string, platform: Platform, delay: (attempt: number) => number) {
    super();
    this.#url = url;
    this.#platform = platform;
    this.#delay = delay;
    this.#stopOnline = platform.onOnline(() => this.#retryNow());
  }

  /** Opens a socket and a session on it. Rejects with the server's ParleyError; SHUTTING_DOWN when it cannot be reached. */
  static async connect(options: {
    url: string;
    token: string;
    platform: Platform;
    delay: (attempt: number) => number;
  }): Promise<SignalClient> {
    const client = new SignalClient(options.url, options.platform, options.delay);
    try {
      const socket = await client.#open();
      client.#adopt(socket);
      const hello = await client.request('session.hello', {
        protocolVersion: PROTOCOL_VERSION,
        token: options.token,
        client: {
          sdk: SDK_NAME,
          platform: options.platform.name,
          userAgent: options.platform.userAgent.slice(0, 512),
        },
      });
      client.#hello = hello;
      client.#resumeKey = hello.resumeKey;
      client.#pingTimer = setInterval(() => client.#ping(hello.pingInterval), hello.pingInterval);
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** Rejects with ParleyError. While the socket is down the request waits for the resume. */
  request<M extends MethodName>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
    if (this.#closed) return Promise.reject(new ParleyError('WRONG_STATE'));
    const id = (this.#lastId += 1);
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params });
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

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopOnline();
    clearInterval(this.#pingTimer);
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) {
      silence(socket);
      socket.close(1000);
    }
    for (const { reject } of this.#pending.values())
      reject(new ParleyError('SESSION_NOT_FOUND', { message: 'The connection was closed.' }));
    this.#pending.clear();
  }

  #open(): Promise<WebSocket> {
    return new Promise((resolve, reject) => {
      const unreachable = new ParleyError('SHUTTING_DOWN', {
        message: 'The server cannot be reached. Check your network connection, then try again.',
      });
      const socket = this.#platform.createWebSocket(this.#url);
      const timer = setTimeout(() => {
        silence(socket);
        socket.close();
        reject(unreachable);
      }, OPEN_TIMEOUT_MS);
      socket.onopen = () => {
        clearTimeout(timer);
        resolve(socket);
      };
      socket.onclose = () => {
        clearTimeout(timer);
        reject(unreachable);
      };
    });
  }

  #adopt(socket: WebSocket): void {
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(socket, String(data));
    socket.onclose = ({ code }) => this.#socketClosed(socket, code);
  }

  #receive(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    this.#heardAt = Date.now();
    const frame = JSON.parse(text) as ResultFrame | ErrorFrame | NotificationFrame;
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
    if (Date.now() - this.#heardAt > interval * MISSED_PINGS) this.#drop();
    else this.request('session.ping', { lastSeq: this.#lastSeq }).catch(() => undefined);
  }

  #drop(): void {
    const socket = this.#socket;
    if (!socket) return;
    silence(socket);
    socket.close();
    this.#socketClosed(socket, 1006);
  }

  #socketClosed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket || this.#closed) return;
    this.#socket = undefined;
    if (!this.#hello || code === CLOSE_CODES.superseded) {
      this.#fail(new ParleyError('SESSION_NOT_FOUND'));
      return;
    }
    this.#attempt = 0;
    this.emit('dropped');
    this.#scheduleResume();
  }

  #scheduleResume(): void {
    if (this.#closed) return;
    clearTimeout(this.#retryTimer);
    const wait = Math.max(this.#delay(this.#attempt), this.#heldUntil - Date.now());
    this.#attempt += 1;
    this.#retryTimer = setTimeout(() => void this.#resume(), wait);
  }

  #retryNow(): void {
    if (this.#closed || this.#socket || !this.#hello) return;
    this.#attempt = 0;
    this.#scheduleResume();
  }

  async #resume(): Promise<void> {
    try {
      const socket = await this.#open();
      if (this.#closed || this.#socket) {
        silence(socket);
        socket.close();
        return;
      }
      await this.#resumeOn(socket);
    } catch (error) {
      if (this.#closed) return;
      const code = error instanceof ParleyError ? error.code : undefined;
      if (code === 'SESSION_NOT_FOUND' || code === 'RESUME_GAP') this.#fail(error as ParleyError);
      else this.#scheduleResume();
    }
  }

  async #resumeOn(socket: WebSocket): Promise<void> {
    const id = (this.#lastId += 1);
    const params = {
      sessionId: this.#hello?.sessionId ?? '',
      resumeKey: this.#resumeKey,
      lastSeq: this.#lastSeq,
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('no answer to resume')), OPEN_TIMEOUT_MS);
        socket.onclose = () => reject(new Error('closed while resuming'));
        socket.onmessage = ({ data }: MessageEvent<unknown>) => {
          const frame = JSON.parse(String(data)) as ResultFrame<'session.resume'> | ErrorFrame;
          if ('error' in frame) reject(toError(frame));
          else resolve(this.#resumedOn(socket, frame.result.resumeKey));
        };
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'session.resume', params }));
      });
    } catch (error) {
      silence(socket);
      socket.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * NOTE: runs within the turn in which the answer came. What was missed follows at once, and may lead to new requests;
   * those asked before must go out first, since the server takes ids in rising order only.
   */
  #resumedOn(socket: WebSocket, resumeKey: string): void {
    this.#resumeKey = resumeKey;
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

function silence(socket: WebSocket): void {
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.onerror = () => undefined;
}

function toError({ error }: ErrorFrame): ParleyError {
  const { code, details } = error.data;
  return new ParleyError(code, { message: error.message, ...(details && { details }) });
}
