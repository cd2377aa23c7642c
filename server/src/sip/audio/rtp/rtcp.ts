/** Reports of senders and receivers (RFC 3550, section 6.4), read and written. Everything else in a compound packet is passed over. */

export interface ReportBlock {
  /** Whom it is about. */
  readonly ssrc: number;
  /** Since the last report, 0 to 1. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In units of the clock. */
  readonly jitter: number;
  /** The middle 32 bits of the last sender report that came. */
  readonly lastSenderReport: number;
  /** Since then, in 1/65536 s. */
  readonly delay: number;
}

export interface SenderInfo {
  /** Ms since 1970. */
  readonly wallClock: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** One report, of whoever `ssrc` is. */
export interface Report {
  readonly ssrc: number;
  readonly sender: (SenderInfo & { readonly middle: number }) | undefined;
  readonly blocks: readonly ReportBlock[];
}

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const DESCRIPTION = 202;
const GOODBYE = 203;
const BLOCK = 24;
/** Seconds from 1900 to 1970. */
const NTP_EPOCH = 2_208_988_800;

/** The middle 32 bits of an NTP timestamp, in 1/65536 s. */
export const middleOf = (wallClock: number): number =>
  Math.floor(((wallClock / 1000 + NTP_EPOCH) * 65_536) % 2 ** 32) >>> 0;

/** The reports in a compound packet, as far as it can be read. */
export function readRtcp(data: Buffer): Report[] {
  const reports: Report[] = [];
  let at = 0;
  while (at + 8 <= data.length && (data[at] ?? 0) >> 6 === 2) {
    const type = data[at + 1] ?? 0;
    const end = at + 4 + data.readUInt16BE(at + 2) * 4;
    if (end > data.length) break;
    if (type === SENDER_REPORT || type === RECEIVER_REPORT) {
      const report = readReport(data.subarray(at, end), type);
      if (report) reports.push(report);
    }
    at = end;
  }
  return reports;
}

function readReport(data: Buffer, type: number): Report | undefined {
  const count = (data[0] ?? 0) & 0x1f;
  const from = type === SENDER_REPORT ? 28 : 8;
  if (data.length < from + count * BLOCK) return undefined;
  const sender =
    type === RECEIVER_REPORT
      ? undefined
      : {
          wallClock: (data.readUInt32BE(8) - NTP_EPOCH + data.readUInt32BE(12) / 2 ** 32) * 1000,
          middle: (((data.readUInt32BE(8) & 0xffff) << 16) | data.readUInt16BE(12)) >>> 0,
          rtpTimestamp: data.readUInt32BE(16),
          packets: data.readUInt32BE(20),
          octets: data.readUInt32BE(24),
        };
  const blocks = Array.from({ length: count }, (_, index) => readBlock(data, from + index * BLOCK));
  return { ssrc: data.readUInt32BE(4), sender, blocks };
}

function readBlock(data: Buffer, at: number): ReportBlock {
  return {
    ssrc: data.readUInt32BE(at),
    fractionLost: (data[at + 4] ?? 0) / 256,
    cumulativeLost: data.readIntBE(at + 5, 3),
    highestSequence: data.readUInt32BE(at + 8),
    jitter: data.readUInt32BE(at + 12),
    lastSenderReport: data.readUInt32BE(at + 16),
    delay: data.readUInt32BE(at + 20),
  };
}

/** A compound packet: a report, a name as it must have (section 6.1), and a goodbye where there is one to say. */
export function writeRtcp({
  ssrc,
  sender,
  blocks = [],
  cname,
  goodbye = false,
}: {
  ssrc: number;
  sender?: SenderInfo | undefined;
  blocks?: readonly ReportBlock[];
  cname: string;
  goodbye?: boolean;
}): Buffer {
  const head = packet(sender ? SENDER_REPORT : RECEIVER_REPORT, {
    count: blocks.length,
    length: (sender ? 28 : 8) + blocks.length * BLOCK,
    ssrc,
  });
  if (sender) writeSender(head, sender);
  blocks.forEach((block, index) => writeBlock(head, block, (sender ? 28 : 8) + index * BLOCK));
  const name = Buffer.from(cname);
  // One item CNAME, and at least one zero behind it.
  const description = packet(DESCRIPTION, {
    count: 1,
    length: 8 + Math.ceil((name.length + 3) / 4) * 4,
    ssrc,
  });
  description[8] = 1;
  description[9] = name.length;
  name.copy(description, 10);
  return Buffer.concat([
    head,
    description,
    ...(goodbye ? [packet(GOODBYE, { count: 1, length: 8, ssrc })] : []),
  ]);
}

function packet(
  type: number,
  { count, length, ssrc }: { count: number; length: number; ssrc: number },
): Buffer {
  const data = Buffer.alloc(length);
  data[0] = 0x80 | count;
  data[1] = type;
  data.writeUInt16BE(length / 4 - 1, 2);
  data.writeUInt32BE(ssrc >>> 0, 4);
  return data;
}

function writeSender(data: Buffer, { wallClock, rtpTimestamp, packets, octets }: SenderInfo): void {
  const seconds = wallClock / 1000 + NTP_EPOCH;
  data.writeUInt32BE(Math.floor(seconds) >>> 0, 8);
  data.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32) >>> 0, 12);
  data.writeUInt32BE(rtpTimestamp >>> 0, 16);
  data.writeUInt32BE(packets >>> 0, 20);
  data.writeUInt32BE(octets >>> 0, 24);
}

function writeBlock(data: Buffer, block: ReportBlock, at: number): void {
  data.writeUInt32BE(block.ssrc >>> 0, at);
  data[at + 4] = Math.min(255, Math.floor(block.fractionLost * 256));
  data.writeIntBE(Math.max(-0x80_0000, Math.min(0x7f_ffff, block.cumulativeLost)), at + 5, 3);
  data.writeUInt32BE(block.highestSequence >>> 0, at + 8);
  data.writeUInt32BE(Math.round(block.jitter) >>> 0, at + 12);
  data.writeUInt32BE(block.lastSenderReport >>> 0, at + 16);
  data.writeUInt32BE(block.delay >>> 0, at + 20);
}
