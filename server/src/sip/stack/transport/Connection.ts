import type { Socket } from 'node:net';
import { MalformedMessage } from '../message/parseMessage.ts';
import { writeMessage, type SipMessage } from '../message/SipMessage.ts';
import { StreamReader } from '../message/StreamReader.ts';
import type { Flow, SocketAddress } from './Flow.ts';
import { answerToMalformed, check, noteSource } from './receive.ts';
import type { Reception } from './Reception.ts';

/** Bytes that may wait for a peer that does not read. */
const MAX_BACKLOG = 1024 * 1024;
const PONG = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);
/** A peer that sends too much is not read for so long; what it sends meanwhile waits at its own side. */
const PAUSE_MS = 100;
/** Pauses in a row after which it is no peer any more. */
const MAX_PAUSES = 100;

/** One TCP or TLS connection, whoever opened it. */
export class Connection implements Flow {
  readonly transport: 'TCP' | 'TLS';
  readonly reliable = true;
  readonly remote: SocketAddress;
  readonly local: SocketAddress;
  /** Whether this side has opened it: who opens it keeps it open. */
  readonly isOurs: boolean;
  readonly #socket: Socket;
  readonly #reception: Reception;
  readonly #reader = new StreamReader();
  #pauses = 0;

  constructor(
    socket: Socket,
    o: { transport: 'TCP' | 'TLS'; local: SocketAddress; idleMs: number; isOurs?: boolean },
    reception: Reception,
  ) {
    this.transport = o.transport;
    this.local = o.local;
    this.isOurs = o.isOurs === true;
    this.remote = { address: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
    this.#socket = socket;
    this.#reception = reception;
    socket.setNoDelay(true);
    socket.setTimeout(o.idleMs, () => socket.destroy());
    socket.on('data', (data) => this.#receive(data));
    // Half open is of no use: what is answered would go nowhere soon.
    socket.on('end', () => socket.destroySoon());
    socket.on('error', () => socket.destroy());
  }

  get closed(): boolean {
    return this.#socket.destroyed || !this.#socket.writable;
  }

  send(data: Buffer, failed?: (error: unknown) => void): void {
    if (this.closed || this.#socket.writableLength > MAX_BACKLOG) {
      this.#socket.destroy();
      setImmediate(() => failed?.(new Error('The connection is gone.')));
      return;
    }
    this.#socket.write(data, (error) => {
      if (error) failed?.(error);
    });
  }

  /** Asks whether the other side is there (RFC 5626, section 4.4.1); an answer that does not come ends it by its idle time. */
  ping(): void {
    this.send(Buffer.from('\r\n\r\n'));
  }

  close(): void {
    this.#socket.destroy();
  }

  onceClosed(listener: () => void): void {
    this.#socket.once('close', listener);
  }

  #receive(data: Buffer): void {
    const items = this.#reader.push(data);
    try {
      for (;;) {
        if (this.closed) return;
        if (!this.#reception.admits(this.remote.address)) return this.#pause();
        this.#pauses = 0;
        const next = items.next();
        if (next.done === true) return;
        if (next.value === 'ping') this.send(PONG);
        else if (next.value !== 'pong') this.#dealWith(next.value);
      }
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      const answer = answerToMalformed(error);
      if (answer) this.#socket.end(writeMessage(answer));
      else this.#socket.destroy();
    }
  }

  /** What has come and was not read yet stays in the reader. */
  #pause(): void {
    this.#pauses += 1;
    if (this.#pauses > MAX_PAUSES) return void this.#socket.destroy();
    this.#socket.pause();
    setTimeout(() => {
      if (this.closed) return;
      this.#socket.resume();
      this.#receive(NOTHING);
    }, PAUSE_MS);
  }

  #dealWith(message: SipMessage): void {
    const checked = check(message, this.#reception.abilities);
    if (!checked) return;
    if ('answer' in checked) return this.send(writeMessage(checked.answer));
    if (message.kind === 'request') noteSource(message, this.remote);
    this.#reception.receive(message, this);
  }
}

/** IPv4 as it comes to a socket of both kinds. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
