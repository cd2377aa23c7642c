import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { StreamReader } from '../message/StreamReader.ts';
import { parseDatagram } from '../message/parseMessage.ts';
import type { SipMessage } from '../message/SipMessage.ts';

/** What a test sends by a socket of its own, byte by byte as it wants, and what comes back. */
export interface SipSocket {
  readonly port: number;
  readonly received: SipMessage[];
  readonly closed: boolean;
  send(data: Buffer | string): void;
  /** Resolves with the first message of which this is true; rejects after 5 s. */
  next(what: (message: SipMessage) => boolean): Promise<SipMessage>;
  close(): void;
}

const WAIT_MS = 5_000;

class Inbox {
  readonly received: SipMessage[] = [];
  readonly #waiting = new Set<() => void>();

  take(message: SipMessage): void {
    this.received.push(message);
    for (const look of this.#waiting) look();
  }

  next(what: (message: SipMessage) => boolean): Promise<SipMessage> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.received.find(what);
        if (!found) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(found);
      };
      const seen = (): string =>
        this.received.map((one) => (one.kind === 'request' ? one.method : one.status)).join(' ');
      const timer = setTimeout(() => reject(new Error(`It did not come; what came: ${seen()}`)), WAIT_MS);
      this.#waiting.add(look);
      look();
    });
  }
}

export async function udpTo(port: number): Promise<SipSocket> {
  const socket: UdpSocket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const inbox = new Inbox();
  socket.on('message', (data) => inbox.take(parseDatagram(data)));
  return {
    ...{ port: socket.address().port, received: inbox.received, closed: false },
    send: (data) => void socket.send(data, port, '127.0.0.1'),
    next: (what) => inbox.next(what),
    close: () => void socket.close(),
  };
}

export async function tcpTo(port: number): Promise<SipSocket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  return overStream(socket);
}

/** For a connection that is there already, as one of TLS. */
export function overStream(socket: Socket): SipSocket {
  const inbox = new Inbox();
  const reader = new StreamReader();
  socket.on('data', (data) => {
    for (const item of reader.push(data)) if (typeof item !== 'string') inbox.take(item);
  });
  socket.on('error', () => undefined);
  return {
    ...{ port: socket.localPort ?? 0, received: inbox.received },
    get closed() {
      return socket.destroyed || socket.readableEnded;
    },
    send: (data) => void socket.write(data),
    next: (what) => inbox.next(what),
    close: () => void socket.destroy(),
  };
}

let count = 0;

/** An OPTIONS, with the Call-ID that its answer has. */
export function options(o: { transport?: string; port?: number; body?: Buffer } = {}): {
  data: Buffer;
  callId: string;
} {
  count += 1;
  const callId = `options-${count}`;
  const { transport = 'UDP', port = 5060, body = Buffer.alloc(0) } = o;
  const head = [
    'OPTIONS sip:parley@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/${transport} 127.0.0.1:${port};rport;branch=z9hG4bKo${count}`,
    'From: <sip:test@127.0.0.1>;tag=t',
    'To: <sip:parley@127.0.0.1>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
  ].join('\r\n');
  return { data: Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]), callId };
}

/** Whether a message is the answer in a call. */
export const answers =
  (callId: string, status = 200) =>
  (message: SipMessage): boolean =>
    message.kind === 'response' && message.status === status && message.headers.get('call-id') === callId;
