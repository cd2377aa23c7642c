import { CLOSE_CODES, ParleyError } from '@parley/protocol';
import type { RawData, WebSocket } from 'ws';
import type { Logger } from '../observability/logger.ts';
import { decodeFrame, FrameError, type RawRequest } from './decodeFrame.ts';
import { encodeError } from './encode.ts';

const MAX_BAD_FRAMES = 10;
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** How long a closing handshake may take before the socket is cut, in ms. */
const CLOSE_GRACE_MS = 500;

/** Codes of the protocol, and the one for sockets that have no session when the server goes (RFC 6455 section 7.4.1). */
const CODES = { ...CLOSE_CODES, goingAway: 1001 } as const;
export type CloseReason = keyof typeof CODES;

export interface ConnectionOptions {
  /** Milliseconds until a socket that has opened no session is closed. */
  helloTimeout: number;
  /** Milliseconds of silence after which the socket is dead. */
  pingTimeout: number;
  logger: Logger;
}

/** Whom a connection brings what it hears. */
export interface ConnectionListener {
  request(request: RawRequest): void;
  closed(): void;
}

/** One WebSocket: framing, limits and liveness. It knows nothing of rooms. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  #listener: ConnectionListener;
  #timer: NodeJS.Timeout;
  #timeoutReason: CloseReason = 'helloTimeout';
  #badFrames = 0;
  #allowance = MAX_BUFFERED_BYTES;
  #closing = false;

  constructor(socket: WebSocket, options: ConnectionOptions, listener: ConnectionListener) {
    this.#socket = socket;
    this.#options = options;
    this.#listener = listener;
    this.#timer = setTimeout(() => this.close(this.#timeoutReason), options.helloTimeout);
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('close', () => this.#closed());
    // NOTE: ws reports protocol faults here and then closes; without a listener the process would end.
    socket.on('error', (error) => options.logger.debug({ err: error }, 'socket error'));
  }

  /** Nothing more can be said on it. */
  get closed(): boolean {
    return this.#closing;
  }

  /** Gives the connection to a session. From now on it may be silent only for the ping timeout. */
  handTo(listener: ConnectionListener): void {
    this.#listener = listener;
    if (this.#closing) {
      // The socket went while the session was being opened.
      listener.closed();
      return;
    }
    clearTimeout(this.#timer);
    this.#timeoutReason = 'pingTimeout';
    this.#timer = setTimeout(() => this.close(this.#timeoutReason), this.#options.pingTimeout);
  }

  send(text: string): void {
    if (this.#closing || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text);
    if (this.#socket.bufferedAmount > this.#allowance) this.close('tooSlow');
  }

  /** Sends what was missed. It comes all at once by the server's doing, so it is not held against the client. */
  replay(texts: readonly string[]): void {
    for (const text of texts) this.#allowance += Buffer.byteLength(text);
    for (const text of texts) this.send(text);
  }

  /** Closes after what was sent so far; cuts the socket if the other side does not answer. */
  close(reason: CloseReason): void {
    if (this.#closing) return;
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#socket.close(CODES[reason], reason);
    this.#timer = setTimeout(() => this.#socket.terminate(), CLOSE_GRACE_MS);
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#closing) return;
    if (this.#timeoutReason === 'pingTimeout') this.#timer.refresh();
    let request: RawRequest;
    try {
      request = decodeFrame(
        Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [new Uint8Array(data)]),
        isBinary,
      );
    } catch (error) {
      this.#refuseFrame(error);
      return;
    }
    this.#badFrames = 0;
    this.#listener.request(request);
  }

  #refuseFrame(error: unknown): void {
    const id = error instanceof FrameError ? error.requestId : null;
    this.send(
      encodeError(
        id,
        error instanceof ParleyError ? error : new ParleyError('PARSE_ERROR', { cause: error }),
      ),
    );
    this.#badFrames += 1;
    if (this.#badFrames > MAX_BAD_FRAMES) this.close('badFrame');
  }

  #closed(): void {
    clearTimeout(this.#timer);
    this.#closing = true;
    this.#listener.closed();
  }
}
