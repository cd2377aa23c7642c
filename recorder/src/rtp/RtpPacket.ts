/** An RTP packet (RFC 3550 section 5.1) without what nobody here needs of its header. */
export interface RtpPacket {
  readonly payloadType: number;
  /** The last of a frame, as a rule. */
  readonly marker: boolean;
  /** 16 bits. */
  readonly sequenceNumber: number;
  /** 32 bits. */
  readonly timestamp: number;
  readonly ssrc: number;
  /** Header extensions as they came (RFC 8285), with their profile before them; empty when there are none. */
  readonly extensions: Buffer;
  /** Without padding; empty when there was only padding. */
  readonly payload: Buffer;
}

const VERSION = 2;
const FIXED_BYTES = 12;
const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x100;

/** Undefined for anything that is no whole RTP packet. The payload is a view of the buffer given. */
export function parseRtp(data: Buffer): RtpPacket | undefined {
  if (data.length < FIXED_BYTES) return undefined;
  const [flags = 0, type = 0] = data;
  if (flags >> 6 !== VERSION) return undefined;
  const extensionStart = FIXED_BYTES + (flags & 0x0f) * 4;
  let start = extensionStart;
  if (flags & 0x10) {
    if (data.length < start + 4) return undefined;
    start += 4 + data.readUInt16BE(start + 2) * 4;
  }
  const padding = flags & 0x20 ? (data[data.length - 1] ?? 0) : 0;
  const end = data.length - padding;
  if (start > end || (flags & 0x20 && padding === 0)) return undefined;
  return {
    payloadType: type & 0x7f,
    marker: type >= 0x80,
    sequenceNumber: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    extensions: data.subarray(extensionStart, start),
    payload: data.subarray(start, end),
  };
}

/** The value of a header extension in the one-byte or the two-byte form (RFC 8285 section 4); undefined when it is not there. */
export function findExtension({ extensions }: Pick<RtpPacket, 'extensions'>, id: number): Buffer | undefined {
  if (extensions.length < 4) return undefined;
  const profile = extensions.readUInt16BE(0);
  const isLong = profile >> 4 === TWO_BYTE_PROFILE;
  if (!isLong && profile !== ONE_BYTE_PROFILE) return undefined;
  for (let at = 4; at < extensions.length;) {
    const [first = 0, second = 0] = extensions.subarray(at, at + 2);
    // Padding.
    if (first === 0) at += 1;
    else {
      const found = isLong ? first : first >> 4;
      const start = at + (isLong ? 2 : 1);
      const end = start + (isLong ? second : (first & 0x0f) + 1);
      if (found === id && end <= extensions.length) return extensions.subarray(start, end);
      at = end;
    }
  }
  return undefined;
}

/** RTP and RTCP share one port: RTCP has packet types 192 to 223 where RTP has marker and payload type (RFC 5761 section 4). */
export const isRtcp = (data: Buffer): boolean => {
  const type = data[1] ?? 0;
  return type >= 192 && type <= 223;
};
