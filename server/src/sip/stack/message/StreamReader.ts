import type { SipMessage } from './SipMessage.ts';
import {
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  MalformedMessage,
  MessageTooLarge,
  contentLengthOf,
  endOfHead,
  parseHead,
} from './parseMessage.ts';

/** What a stream brings: a message, or an empty line by which the other side asks whether this one is there (RFC 5626, section 4.4.1). */
export type FromStream = SipMessage | 'ping' | 'pong';

const CRLF = '\r\n';

/**
 * Cuts a stream (TCP, TLS) into messages by their Content-Length (RFC 3261, section 18.3). Once something was malformed, nobody knows where the
 * next message begins: the connection is to be closed.
 */
export class StreamReader {
  #data: Buffer = Buffer.alloc(0);
  /** Up to where an end of the head was looked for: a head that comes byte by byte is not read again each time. */
  #searched = 0;

  /** What was completed by these bytes; what is not taken now is there at the next call. Throws MalformedMessage. */
  push(chunk: Buffer): Generator<FromStream, void> {
    this.#data = this.#data.length === 0 ? chunk : Buffer.concat([this.#data, chunk]);
    return this.#items();
  }

  *#items(): Generator<FromStream, void> {
    for (;;) {
      const next = this.#keepAlive() ?? this.#message();
      if (next === undefined) return;
      yield next;
    }
  }

  #keepAlive(): 'ping' | 'pong' | undefined {
    if (this.#startsWith(CRLF + CRLF)) {
      this.#drop(4);
      return 'ping';
    }
    // A single one is an answer, unless the second of a ping is still on its way.
    if (this.#data.length <= 2 || !this.#startsWith(CRLF) || this.#data[2] === 0x0d) return undefined;
    this.#drop(2);
    return 'pong';
  }

  #message(): SipMessage | undefined {
    const end = endOfHead(this.#data, Math.max(0, this.#searched - 3));
    if (end === undefined) {
      this.#searched = this.#data.length;
      if (this.#data.length > MAX_HEAD_BYTES) throw new MalformedMessage('The header is too large.');
      return undefined;
    }
    const message = parseHead(this.#data.subarray(0, end));
    const length = contentLengthOf(message);
    if (length === undefined)
      throw new MalformedMessage('Over a stream there must be a Content-Length.', message);
    if (length > MAX_BODY_BYTES) throw new MessageTooLarge('The body is too large.', message);
    if (this.#data.length < end + length) return undefined;
    const body = Buffer.from(this.#data.subarray(end, end + length));
    this.#drop(end + length);
    return { ...message, body };
  }

  #startsWith(text: string): boolean {
    return this.#data.subarray(0, text.length).toString('latin1') === text;
  }

  #drop(length: number): void {
    this.#data = this.#data.subarray(length);
    this.#searched = 0;
  }
}
