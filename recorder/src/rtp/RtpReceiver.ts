import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { ReportClock } from './ReportClock.ts';
import { parseSenderReports, receiverReport, type ReceptionReport } from './rtcp.ts';
import { isRtcp, parseRtp } from './RtpPacket.ts';
import { RtpStream, type RtpStreamOptions } from './RtpStream.ts';

export interface Address {
  ip: string;
  port: number;
}

/** A key frame of each of many people may come while this process is busy. The system may give less. */
const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;
const TICK_MS = 20;
const REPORT_INTERVAL_MS = 1_000;
/** As many as fit into one report (RFC 3550 section 6.4.2). */
const MAX_REPORTS = 31;

/** One UDP socket on which a server sends RTP and RTCP of many streams; from anywhere else it takes nothing. */
export class RtpReceiver {
  readonly #socket: Socket;
  /** Own SSRC, in what is sent back. */
  readonly #ssrc = randomInt(1, 0xffff_ffff);
  readonly #streams = new Map<number, RtpStream>();
  readonly #timer: NodeJS.Timeout;
  #clock = new ReportClock();
  #server: Address | undefined;
  #reportedAt = 0;
  #closed = false;

  /** `ip` is the address to receive at. Rejects when no port is to be had. */
  static async open(ip = '127.0.0.1'): Promise<RtpReceiver> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: RECEIVE_BUFFER_BYTES });
    socket.bind(0, ip);
    await once(socket, 'listening');
    return new RtpReceiver(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('message', (data, from) => this.#receive(data, from));
    // The port at the other end may be closed already; what was sent there is lost, as any packet may be.
    socket.on('error', () => undefined);
    this.#timer = setInterval(() => this.#tick(performance.now()), TICK_MS);
  }

  /** Where it receives. */
  get address(): Address {
    const { address: ip, port } = this.#socket.address();
    return { ip, port };
  }

  /** From now on this is where media comes from. What came from elsewhere ends. */
  setServer(server: Address): void {
    this.#server = server;
    this.#clock = new ReportClock();
    this.#streams.clear();
  }

  /** Takes a stream; another one of the same SSRC ends. */
  addStream(options: RtpStreamOptions): RtpStream {
    const stream = new RtpStream(options, {
      ssrc: this.#ssrc,
      clock: this.#clock,
      send: (rtcp) => this.#send(rtcp),
    });
    this.#streams.set(options.ssrc, stream);
    return stream;
  }

  removeStream(stream: RtpStream): void {
    if (this.#streams.get(stream.ssrc) === stream) this.#streams.delete(stream.ssrc);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    this.#streams.clear();
    this.#socket.close();
  }

  #receive(data: Buffer, { address, port }: RemoteInfo): void {
    if (address !== this.#server?.ip || port !== this.#server.port) return;
    const now = performance.now();
    if (isRtcp(data)) {
      for (const report of parseSenderReports(data)) {
        this.#clock.observe(report.ntp, now);
        this.#streams.get(report.ssrc)?.handleReport(report, now);
      }
      return;
    }
    const packet = parseRtp(data);
    if (packet) this.#streams.get(packet.ssrc)?.handlePacket(packet, now);
  }

  #tick(now: number): void {
    for (const stream of this.#streams.values()) stream.tick(now);
    if (now - this.#reportedAt < REPORT_INTERVAL_MS) return;
    this.#reportedAt = now;
    const reports: ReceptionReport[] = [...this.#streams.values()].flatMap(
      (stream) => stream.report(now) ?? [],
    );
    for (let start = 0; start < reports.length; start += MAX_REPORTS)
      this.#send(receiverReport(this.#ssrc, reports.slice(start, start + MAX_REPORTS)));
  }

  #send(rtcp: Buffer): void {
    if (this.#server && !this.#closed) this.#socket.send(rtcp, this.#server.port, this.#server.ip);
  }
}
