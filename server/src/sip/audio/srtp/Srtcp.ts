import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKeys, keyStream, packetIv, type SessionKeys, type SrtpSuite } from './keys.ts';
import { ReplayWindow } from './ReplayWindow.ts';

const CLEAR = 8;
const INDEX = 4;
/** Of RTCP it is as long in every suite (RFC 4568, section 6.2). */
const TAG = 10;
const ENCRYPTED = 0x8000_0000;

/** RTCP of one direction of a call, encrypted and authenticated (RFC 3711, section 3.4). */
export class Srtcp {
  readonly #keys: SessionKeys;
  readonly #window = new ReplayWindow();
  #index = 0;

  constructor(suite: SrtpSuite, master: Buffer) {
    this.#keys = deriveKeys(master, suite, 'rtcp');
  }

  protect(packet: Buffer): Buffer {
    this.#index = (this.#index + 1) % ENCRYPTED;
    const data = Buffer.concat([this.#crypt(packet, this.#index), Buffer.alloc(INDEX)]);
    data.writeUInt32BE((this.#index | ENCRYPTED) >>> 0, packet.length);
    return Buffer.concat([data, this.#tagOf(data)]);
  }

  /** undefined for what was not sent by the peer, was changed, or came before. */
  unprotect(packet: Buffer): Buffer | undefined {
    const end = packet.length - TAG;
    if (end < CLEAR + INDEX) return undefined;
    const data = packet.subarray(0, end);
    if (!timingSafeEqual(this.#tagOf(data), packet.subarray(end))) return undefined;
    const word = data.readUInt32BE(end - INDEX);
    const index = word & ~ENCRYPTED;
    if (!this.#window.admits(index)) return undefined;
    this.#window.add(index);
    const content = data.subarray(0, end - INDEX);
    return word >>> 0 >= ENCRYPTED ? this.#crypt(content, index) : content;
  }

  /** For a side that goes on elsewhere: how far it has got. */
  get index(): number {
    return this.#index;
  }

  set index(index: number) {
    this.#index = index;
  }

  #crypt(packet: Buffer, index: number): Buffer {
    const { cipher, salt } = this.#keys;
    const iv = packetIv(salt, packet.readUInt32BE(4), index);
    return Buffer.concat([packet.subarray(0, CLEAR), keyStream(cipher, iv, packet.subarray(CLEAR))]);
  }

  #tagOf(data: Buffer): Buffer {
    return createHmac('sha1', this.#keys.auth).update(data).digest().subarray(0, TAG);
  }
}
