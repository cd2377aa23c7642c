import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { SocketAddress } from '../engine.ts';
import type { LegLink } from '../mixer/Leg.ts';

type Receive = (data: Buffer, from: SocketAddress) => void;

/** Addresses are numbers already: nothing is to be looked up. */
const lookup = (
  hostname: string,
  _: unknown,
  callback: (error: null, address: string, family: number) => void,
): void => callback(null, hostname, isIPv6(hostname) ? 6 : 4);

/** A UDP socket. Rejects with the system's error where the port is taken. */
export async function openSocket(ip: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: isIPv6(ip) ? 'udp6' : 'udp4', lookup, recvBufferSize: 256 * 1024 });
  try {
    // Asked for first: with a lookup like ours it listens at once.
    const listening = once(socket, 'listening');
    socket.bind(port, ip);
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  // Of single datagrams: a peer whose port is closed is no fault of ours.
  socket.on('error', () => undefined);
  return socket;
}

/** An even port for RTP, and the one above for RTCP. */
export class LegPorts implements LegLink {
  readonly #rtp: Socket;
  readonly #rtcp: Socket;

  static async open({ ip, port }: { ip: string; port: number }): Promise<LegPorts> {
    const rtp = await openSocket(ip, port);
    try {
      return new LegPorts(rtp, await openSocket(ip, port + 1));
    } catch (error) {
      rtp.close();
      throw error;
    }
  }

  private constructor(rtp: Socket, rtcp: Socket) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
  }

  listen({ onRtp, onRtcp }: { onRtp: Receive; onRtcp: Receive }): void {
    this.#rtp.on('message', onRtp);
    this.#rtcp.on('message', onRtcp);
  }

  sendRtp(data: Buffer, to: SocketAddress): void {
    sendTo(this.#rtp, data, to);
  }

  sendRtcp(data: Buffer, to: SocketAddress): void {
    sendTo(this.#rtcp, data, to);
  }

  async close(): Promise<void> {
    const closed = Promise.all([once(this.#rtp, 'close'), once(this.#rtcp, 'close')]);
    this.#rtp.close();
    this.#rtcp.close();
    await closed;
  }
}

/** What cannot be sent is lost, as on any network: also where the address is none, or the socket closed, which throws. */
export function sendTo(socket: Socket, data: Buffer, { address, port }: SocketAddress): void {
  try {
    socket.send(data, port, address, () => undefined);
  } catch {
    // One phone must not end the sound of all others in this worker.
  }
}
