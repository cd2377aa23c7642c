import { randomInt } from 'node:crypto';
import type { SenderInfo } from './rtcp.ts';
import { writeRtp, type RtpFields } from './packet.ts';

/** Where a stream has got to: what another needs to go on with it. */
export interface OutProgress {
  readonly ssrc: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** One stream of RTP that goes out: its numbers, which begin by chance (RFC 3550, section 5.1). */
export class OutStream {
  readonly ssrc: number;
  #sequence: number;
  #timestamp: number;
  #packets: number;
  #octets: number;

  constructor(from: Partial<OutProgress> = {}) {
    this.ssrc = from.ssrc ?? randomInt(1, 2 ** 32);
    this.#sequence = from.sequence ?? randomInt(0, 2 ** 15);
    this.#timestamp = from.timestamp ?? randomInt(0, 2 ** 32);
    this.#packets = from.packets ?? 0;
    this.#octets = from.octets ?? 0;
  }

  /** Of what is sent now. */
  get timestamp(): number {
    return this.#timestamp;
  }

  get packets(): number {
    return this.#packets;
  }

  get progress(): OutProgress {
    const { ssrc } = this;
    const [sequence, timestamp] = [this.#sequence, this.#timestamp];
    return { ssrc, sequence, timestamp, packets: this.#packets, octets: this.#octets };
  }

  /** Time goes on, whether anything is sent or not. */
  advance(units: number): void {
    this.#timestamp = (this.#timestamp + units) >>> 0;
  }

  write(
    fields: Pick<RtpFields, 'payloadType' | 'marker' | 'payload' | 'audioLevel'> & { timestamp?: number },
  ): Buffer {
    const { timestamp = this.#timestamp } = fields;
    const data = writeRtp({ ...fields, ssrc: this.ssrc, sequence: this.#sequence, timestamp });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#packets += 1;
    this.#octets += fields.payload.length;
    return data;
  }

  /** What a sender report says. */
  get senderInfo(): SenderInfo {
    return {
      ...{ wallClock: Date.now(), rtpTimestamp: this.#timestamp },
      ...{ packets: this.#packets, octets: this.#octets },
    };
  }
}
