/** The RTCP that a receiver of media needs: reads sender reports, writes receiver reports, NACK and PLI. */

/** RFC 3550 section 6.4.1. */
export interface SenderReport {
  readonly ssrc: number;
  /** Wall clock of the sender, ms since 1900. */
  readonly ntp: number;
  /** The middle 32 bits of the NTP time, for the receiver report that answers it. */
  readonly compactNtp: number;
  /** Of the media clock at that time, 32 bits. */
  readonly rtpTimestamp: number;
}

export interface ReceptionReport {
  readonly ssrc: number;
  /** Part of the packets lost since the last report, 0 to 1. */
  readonly fractionLost: number;
  readonly totalLost: number;
  /** Highest sequence number, extended by its wraps. */
  readonly highest: number;
  /** Of the last sender report, and how long ago that came, ms. */
  readonly answering?: { compactNtp: number; delay: number };
}

const SR = 200;
const RR = 201;
const RTPFB = 205;
const PSFB = 206;
const NACK = 1;
const PLI = 1;
/** A sender report up to its report blocks. */
const SR_BYTES = 28;
/** A NACK names a packet and any of the 16 that follow. */
const NACK_SPAN = 16;

/** The sender reports of a compound packet; what cannot be read ends it. */
export function parseSenderReports(data: Buffer): SenderReport[] {
  const reports: SenderReport[] = [];
  for (let start = 0; start + 4 <= data.length;) {
    const end = start + 4 + data.readUInt16BE(start + 2) * 4;
    if ((data[start] ?? 0) >> 6 !== 2 || end > data.length) break;
    if (data[start + 1] === SR && end - start >= SR_BYTES) {
      const [seconds, fraction] = [data.readUInt32BE(start + 8), data.readUInt32BE(start + 12)];
      reports.push({
        ssrc: data.readUInt32BE(start + 4),
        ntp: seconds * 1000 + (fraction * 1000) / 2 ** 32,
        compactNtp: (((seconds & 0xffff) << 16) >>> 0) | (fraction >>> 16),
        rtpTimestamp: data.readUInt32BE(start + 16),
      });
    }
    start = end;
  }
  return reports;
}

/** RFC 3550 section 6.4.2; at most 31 reports. */
export function receiverReport(own: number, reports: readonly ReceptionReport[]): Buffer {
  const packet = header(RR, reports.length, 1 + reports.length * 6);
  packet.writeUInt32BE(own, 4);
  reports.forEach(({ ssrc, fractionLost, totalLost, highest, answering }, index) => {
    const start = 8 + index * 24;
    packet.writeUInt32BE(ssrc, start);
    packet.writeUInt8(Math.min(255, Math.max(0, Math.floor(fractionLost * 256))), start + 4);
    packet.writeIntBE(Math.min(0x7fffff, Math.max(0, totalLost)), start + 5, 3);
    packet.writeUInt32BE(highest >>> 0, start + 8);
    packet.writeUInt32BE((answering?.compactNtp ?? 0) >>> 0, start + 16);
    packet.writeUInt32BE(
      Math.min(0xffff_ffff, Math.round(((answering?.delay ?? 0) / 1000) * 65_536)),
      start + 20,
    );
  });
  return packet;
}

/** Asks to send packets again (RFC 4585 section 6.2.1). The numbers rise; wraps are theirs to keep. */
export function nack(own: number, ssrc: number, missing: readonly number[]): Buffer {
  const entries: { first: number; mask: number }[] = [];
  for (const number of missing) {
    const last = entries.at(-1);
    const distance = last ? number - last.first : 0;
    if (last && distance >= 1 && distance <= NACK_SPAN) last.mask |= 1 << (distance - 1);
    else entries.push({ first: number, mask: 0 });
  }
  const packet = header(RTPFB, NACK, 2 + entries.length);
  packet.writeUInt32BE(own, 4);
  packet.writeUInt32BE(ssrc, 8);
  entries.forEach(({ first, mask }, index) => {
    packet.writeUInt16BE(first & 0xffff, 12 + index * 4);
    packet.writeUInt16BE(mask, 14 + index * 4);
  });
  return packet;
}

/** Asks for a key frame (RFC 4585 section 6.3.1). */
export function pictureLossIndication(own: number, ssrc: number): Buffer {
  const packet = header(PSFB, PLI, 2);
  packet.writeUInt32BE(own, 4);
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

function header(type: number, count: number, words: number): Buffer {
  const packet = Buffer.alloc(4 + words * 4);
  packet.writeUInt8(0x80 | count, 0);
  packet.writeUInt8(type, 1);
  packet.writeUInt16BE(words, 2);
  return packet;
}

const FIR = 4;

/** Whether a compound packet asks for a key frame, as PLI or as FIR (RFC 5104 section 4.3.1). */
export function asksForKeyFrame(data: Buffer): boolean {
  for (let start = 0; start + 4 <= data.length; start += 4 + data.readUInt16BE(start + 2) * 4) {
    const flags = data[start] ?? 0;
    if (flags >> 6 !== 2) return false;
    if (data[start + 1] === PSFB && [PLI, FIR].includes(flags & 0x1f)) return true;
  }
  return false;
}
