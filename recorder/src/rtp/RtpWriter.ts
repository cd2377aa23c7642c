import { randomInt } from 'node:crypto';

export interface RtpFormat {
  readonly ssrc: number;
  readonly payloadType: number;
  /** Number of the first packet; any by default. */
  readonly sequenceNumber?: number;
}

/** Numbers the packets of one stream (RFC 3550 section 5.1). */
export class RtpWriter {
  readonly #format: RtpFormat;
  #sequenceNumber: number;

  constructor(format: RtpFormat) {
    this.#format = format;
    this.#sequenceNumber = format.sequenceNumber ?? randomInt(0x7fff);
  }

  /** Number of the packet that is written next. */
  get sequenceNumber(): number {
    return this.#sequenceNumber;
  }

  /** `timestamp` of the media clock; it wraps here. */
  write(payload: Buffer, { timestamp, marker }: { timestamp: number; marker: boolean }): Buffer {
    const { ssrc, payloadType } = this.#format;
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(payloadType | (marker ? 0x80 : 0), 1);
    header.writeUInt16BE(this.#sequenceNumber, 2);
    header.writeUInt32BE(Math.round(timestamp) % 2 ** 32, 4);
    header.writeUInt32BE(ssrc, 8);
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
    return Buffer.concat([header, payload]);
  }
}
