import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { MalformedMessage, parseDatagram } from '../message/parseMessage.ts';
import { topVia, writeMessage, type SipMessage } from '../message/SipMessage.ts';
import type { Flow, SocketAddress } from './Flow.ts';
import { answerToMalformed, check, noteSource, replyAddress } from './receive.ts';
import type { Reception } from './Reception.ts';

/** One UDP socket on which SIP is spoken. */
export class UdpEndpoint {
  readonly #socket: Socket;
  readonly #reception: Reception;
  readonly #advertised: SocketAddress;
  #isClosed = false;

  /** Rejects with the system's error when the address cannot be used. */
  static async open(listen: SocketAddress, reception: Reception): Promise<UdpEndpoint> {
    const socket = createSocket(isIPv6(listen.address) ? 'udp6' : 'udp4');
    socket.bind(listen.port, listen.address);
    await once(socket, 'listening');
    return new UdpEndpoint(socket, reception);
  }

  private constructor(socket: Socket, reception: Reception) {
    this.#socket = socket;
    this.#reception = reception;
    const { address, port } = socket.address();
    this.#advertised = { address: reception.advertised ?? address, port };
    socket.on('message', (data, from) => this.#receive(data, from));
    // Of single datagrams: a peer whose port is closed is no fault of ours.
    socket.on('error', () => undefined);
  }

  get port(): number {
    return this.#advertised.port;
  }

  flowTo(remote: SocketAddress): Flow {
    return {
      ...{ transport: 'UDP', reliable: false, remote, local: this.#advertised, closed: false },
      send: (data, failed) => {
        // Timers of what is over may still want to say something.
        if (this.#isClosed) return failed?.(new Error('The socket is closed.'));
        try {
          this.#socket.send(data, remote.port, remote.address, (error) => {
            if (error) failed?.(error);
          });
        } catch (error) {
          // Of an address or a port that is none.
          if (failed) setImmediate(failed, error);
        }
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #receive(data: Buffer, source: RemoteInfo): void {
    if (!this.#reception.admits(source.address)) return;
    // Some phones keep their way through a translator open by empty lines or zeros. From port 0 nobody can be answered.
    if (data.length < 20 || source.port === 0) return;
    let message: SipMessage;
    try {
      message = parseDatagram(data);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      const answer = answerToMalformed(error);
      if (answer) this.flowTo(source).send(writeMessage(answer));
      return;
    }
    const checked = check(message, this.#reception.abilities);
    if (!checked) return;
    if ('answer' in checked) return this.flowTo(source).send(writeMessage(checked.answer));
    if (message.kind === 'response') return this.#reception.receive(message, this.flowTo(source));
    const reply = replyAddress(topVia(message), source);
    noteSource(message, source);
    this.#reception.receive(message, this.flowTo(reply), source);
  }
}
