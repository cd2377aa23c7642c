import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** How often it sends, ms. */
const TICK_MS = 5;

const SDP = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
  ...['m=audio 9 RTP/AVP 0 101', 'a=rtpmap:101 telephone-event/8000', ''],
].join('\r\n');

/** Sends messages of all kinds from one address, as many a second as it is told: legal ones, torn ones, and no messages at all. */
export class Flood {
  sent = 0;
  readonly #socket: Socket;
  readonly #to: { port: number; address: string };
  #timer: NodeJS.Timeout | undefined;

  /** `from`: another address of loopback than that of who is flooded. */
  static async open(from: string, to: { port: number; address: string }): Promise<Flood> {
    const socket = createSocket('udp4');
    socket.bind(0, from);
    await once(socket, 'listening');
    return new Flood(socket, to);
  }

  private constructor(socket: Socket, to: { port: number; address: string }) {
    this.#socket = socket;
    this.#to = to;
    socket.on('error', () => undefined);
  }

  start(perSecond: number): void {
    const begun = performance.now();
    const before = this.sent;
    this.#timer = setInterval(() => {
      const due = before + (perSecond * (performance.now() - begun)) / 1000;
      while (this.sent < due) this.#send();
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.stop();
    this.#socket.close();
  }

  #send(): void {
    this.sent += 1;
    this.#socket.send(this.#message(), this.#to.port, this.#to.address);
  }

  #message(): Buffer {
    const whole = Buffer.from(
      this.#text(['OPTIONS', 'INVITE', 'REGISTER', 'MESSAGE', 'BYE'][this.sent % 5] ?? ''),
    );
    switch (this.sent % 4) {
      case 0:
        return randomBytes(1 + (this.sent % 1200));
      case 1:
        return whole.subarray(0, this.sent % whole.length);
      default:
        return whole;
    }
  }

  #text(method: string): string {
    const { address, port } = this.#socket.address();
    const id = `${this.sent}-${port}`;
    const body = method === 'INVITE' ? SDP : '';
    return [
      `${method} sip:+49301${this.sent}@127.0.0.1 SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${port};rport;branch=z9hG4bK${id}`,
      `From: "Flood ${id}" <sip:${id}@${address}>;tag=${id}`,
      `To: <sip:+49301${this.sent}@127.0.0.1>`,
      `Call-ID: ${id}`,
      `CSeq: 1 ${method}`,
      `Contact: <sip:flood@${address}:${port}>`,
      'Max-Forwards: 70',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }
}
