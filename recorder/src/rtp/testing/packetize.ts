/** RTP as a sender writes it, for tests. */
import { parseRtp, type RtpPacket } from '../RtpPacket.ts';

export interface PacketFields {
  sequenceNumber: number;
  timestamp?: number;
  marker?: boolean;
  payload: Buffer;
  ssrc?: number;
  payloadType?: number;
  /** Whole header extension: profile, length and data. */
  extension?: Buffer;
}

export function rtpBytes(fields: PacketFields): Buffer {
  const {
    sequenceNumber,
    payload,
    timestamp = 0,
    marker = false,
    ssrc = 1,
    payloadType = 96,
    extension,
  } = fields;
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80 | (extension ? 0x10 : 0), 0);
  header.writeUInt8((marker ? 0x80 : 0) | payloadType, 1);
  header.writeUInt16BE(sequenceNumber & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, extension ?? Buffer.alloc(0), payload]);
}

export function rtpPacket(fields: PacketFields): RtpPacket {
  const packet = parseRtp(rtpBytes(fields));
  if (!packet) throw new Error('not an RTP packet');
  return packet;
}

/** Splits a VP8 frame as RFC 7741 says, each packet with the simplest descriptor. */
export function vp8Payloads(frame: Buffer, maxBytes: number): Buffer[] {
  const payloads: Buffer[] = [];
  for (let start = 0; start < frame.length; start += maxBytes)
    payloads.push(
      Buffer.concat([Buffer.from([start === 0 ? 0x10 : 0x00]), frame.subarray(start, start + maxBytes)]),
    );
  return payloads;
}
