import { createHmac, timingSafeEqual } from 'node:crypto';
import { SUITES, deriveKeys, keyStream, packetIv, type SessionKeys, type SrtpSuite } from './keys.ts';
import { ReplayWindow } from './ReplayWindow.ts';

const MIN_HEADER = 12;

/** By SSRC: index of the newest packet. */
export type SrtpProgress = readonly (readonly [ssrc: number, highest: number])[];

/** RTP of one direction of a call, encrypted and authenticated (RFC 3711). One for what is sent, one for what comes. */
export class Srtp {
  readonly #keys: SessionKeys;
  readonly #tagLength: number;
  /** By SSRC: how far each has got. */
  readonly #streams = new Map<number, { highest: number; window: ReplayWindow }>();

  /** `master`: key and salt, as `inline:` carries them. */
  constructor(suite: SrtpSuite, master: Buffer) {
    this.#keys = deriveKeys(master, suite, 'rtp');
    this.#tagLength = SUITES[suite].tagLength;
  }

  /** How far each stream has got, for one that goes on elsewhere with the same keys. */
  get progress(): SrtpProgress {
    return [...this.#streams].map(([ssrc, { highest }]) => [ssrc, highest]);
  }

  /** Goes on where another has got to. */
  resume(progress: SrtpProgress): void {
    for (const [ssrc, highest] of progress) {
      const stream = this.#stream(ssrc);
      stream.highest = highest;
      if (highest >= 0) stream.window.add(highest);
    }
  }

  protect(packet: Buffer): Buffer {
    const ssrc = packet.readUInt32BE(8);
    const index = this.#indexOf(ssrc, packet.readUInt16BE(2));
    this.#stream(ssrc).highest = index;
    const at = headerLength(packet);
    const data = this.#crypt(packet, { at, ssrc, index });
    return Buffer.concat([data, this.#tagOf(data, index)]);
  }

  /** undefined for what was not sent by the peer, was changed, or came before. */
  unprotect(packet: Buffer): Buffer | undefined {
    const end = packet.length - this.#tagLength;
    if (end < MIN_HEADER) return undefined;
    const at = headerLength(packet);
    if (at > end) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const index = this.#indexOf(ssrc, packet.readUInt16BE(2));
    const known = this.#streams.get(ssrc);
    if (index < 0 || known?.window.admits(index) === false) return undefined;
    const data = packet.subarray(0, end);
    if (!timingSafeEqual(this.#tagOf(data, index), packet.subarray(end))) return undefined;
    // Only now: packets that anybody may have made must not move what is known of the stream.
    const stream = this.#stream(ssrc);
    stream.highest = Math.max(stream.highest, index);
    stream.window.add(index);
    return this.#crypt(data, { at, ssrc, index });
  }

  #stream(ssrc: number) {
    const stream = this.#streams.get(ssrc) ?? { highest: -1, window: new ReplayWindow() };
    this.#streams.set(ssrc, stream);
    return stream;
  }

  /** The sequence number with the count of its wraps, the nearest to what came last (RFC 3711, section 3.3.1). */
  #indexOf(ssrc: number, sequenceNumber: number): number {
    const highest = this.#streams.get(ssrc)?.highest ?? -1;
    if (highest < 0) return sequenceNumber;
    const step = ((sequenceNumber - (highest & 0xffff) + 0x1_8000) & 0xffff) - 0x8000;
    return highest + step;
  }

  #crypt(packet: Buffer, { at, ssrc, index }: { at: number; ssrc: number; index: number }): Buffer {
    const { cipher, salt } = this.#keys;
    return Buffer.concat([
      packet.subarray(0, at),
      keyStream(cipher, packetIv(salt, ssrc, index), packet.subarray(at)),
    ]);
  }

  #tagOf(data: Buffer, index: number): Buffer {
    const wraps = Buffer.alloc(4);
    wraps.writeUInt32BE(Math.floor(index / 0x1_0000) >>> 0);
    return createHmac('sha1', this.#keys.auth)
      .update(data)
      .update(wraps)
      .digest()
      .subarray(0, this.#tagLength);
  }
}

/** With sources and extension; longer than the packet where that is broken. */
function headerLength(packet: Buffer): number {
  const first = packet[0] ?? 0;
  const fixed = MIN_HEADER + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return fixed;
  return fixed + 4 > packet.length ? Number.MAX_SAFE_INTEGER : fixed + 4 + packet.readUInt16BE(fixed + 2) * 4;
}
