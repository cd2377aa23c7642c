import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { openDecoder, clockRateOf, type SoundDecoder } from '../codecs/SoundDecoder.ts';
import { openEncoder, type SoundEncoder } from '../codecs/SoundEncoder.ts';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import type { SettledSound, SoundCodec } from '../engine.ts';
import { OutStream } from '../rtp/OutStream.ts';
import { isRtcp, readRtp, type RtpPacket } from '../rtp/packet.ts';
import { noOpus } from './playing.ts';
import { tone } from './tones.ts';

const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8, G722: 9, opus: 111 } as const;

/** A phone that says one tone and remembers the last second that it heard. */
export class TestPhone {
  readonly codec: SoundCodec;
  readonly stream: OutStream;
  readonly packets: RtpPacket[] = [];
  hertz: number;
  readonly #socket: Socket;
  readonly #encoder: SoundEncoder;
  readonly #decoder: SoundDecoder;
  #timer: NodeJS.Timeout | undefined;
  #spoken = 0;
  #heard: Int16Array[] = [];
  /** Datagrams that are about to be sent, and that came, may be changed: encrypted, say. */
  seal: (data: Buffer) => Buffer = (data) => data;
  unseal: (data: Buffer) => Buffer | undefined = (data) => data;

  static async open(codec: SoundCodec, hertz: number, opus: OpusCodec = noOpus): Promise<TestPhone> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new TestPhone(socket, { codec, hertz, opus });
  }

  private constructor(
    socket: Socket,
    { codec, hertz, opus }: { codec: SoundCodec; hertz: number; opus: OpusCodec },
  ) {
    this.codec = codec;
    this.hertz = hertz;
    this.#socket = socket;
    this.#encoder = openEncoder(codec, opus);
    this.#decoder = openDecoder(codec, opus);
    this.stream = new OutStream();
    socket.on('message', (data) => this.#hear(data));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** What the engine is told of it. */
  sound(more: Partial<SettledSound> = {}): SettledSound {
    return {
      ...{ remote: { address: '127.0.0.1', port: this.port }, direction: 'sendrecv', codec: this.codec },
      ...{ payloadType: PAYLOAD_TYPES[this.codec], telephoneEvent: 101, srtp: undefined, ptime: 20 },
      ...more,
    };
  }

  /** Up to 0 Hz, which is silence, it can be changed while it speaks. */
  speakTo(port: number): void {
    const begin = performance.now();
    this.#timer = setInterval(() => {
      // What a busy machine has put off is made up for.
      while (this.#spoken * 20 < performance.now() - begin) this.#speak(port);
    }, 20);
  }

  #speak(port: number): void {
    const samples = tone(this.hertz, { from: this.#spoken * 320, peak: this.hertz === 0 ? 0 : 0.2 });
    this.#spoken += 1;
    const payload = this.#encoder.encode(samples);
    this.sendTo(port, this.stream.write({ payloadType: PAYLOAD_TYPES[this.codec], marker: false, payload }));
    this.stream.advance(clockRateOf(this.codec) / 50);
  }

  sendTo(port: number, data: Buffer): void {
    this.#socket.send(this.seal(data), port, '127.0.0.1');
  }

  /** The newest `ms` of what it heard. */
  heard(ms = 500): Int16Array {
    const all = new Int16Array(this.#heard.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#heard) {
      all.set(part, at);
      at += part.length;
    }
    return all.subarray(-ms * 16);
  }

  forget(): void {
    this.#heard = [];
    this.packets.length = 0;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#encoder.close();
    this.#decoder.close();
    this.#socket.close();
  }

  #hear(sealed: Buffer): void {
    const data = this.unseal(sealed);
    const packet = data && !isRtcp(data) ? readRtp(data) : undefined;
    if (!packet) return;
    this.packets.push(packet);
    if (packet.payloadType === PAYLOAD_TYPES[this.codec])
      this.#heard.push(this.#decoder.decode(packet.payload));
    if (this.#heard.length > 50) this.#heard.shift();
  }
}
