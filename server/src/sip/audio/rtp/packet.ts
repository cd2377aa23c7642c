/** RTP packets, read and written (RFC 3550, section 5.1), with header extensions of one byte (RFC 8285, section 4.2). */

export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
  /** Elements of the extension, where it is one of one byte. */
  readonly extensions: Buffer | undefined;
}

const HEADER = 12;
const ONE_BYTE = 0xbede;
const STOP = 15;

/** What RTCP looks like, where both come on one port (RFC 5761, section 4). */
export const isRtcp = (data: Buffer): boolean => {
  const type = data[1] ?? 0;
  return type >= 192 && type <= 223;
};

/** undefined for what is no RTP. */
export function readRtp(data: Buffer): RtpPacket | undefined {
  const first = data[0] ?? 0;
  if (data.length < HEADER || first >> 6 !== 2) return undefined;
  let at = HEADER + (first & 0x0f) * 4;
  let extensions: Buffer | undefined;
  if ((first & 0x10) !== 0) {
    if (at + 4 > data.length) return undefined;
    const length = data.readUInt16BE(at + 2) * 4;
    if (data.readUInt16BE(at) === ONE_BYTE) extensions = data.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  const padding = (first & 0x20) === 0 ? 0 : (data[data.length - 1] ?? 0);
  const end = data.length - padding;
  if (at > end || ((first & 0x20) !== 0 && padding === 0)) return undefined;
  const second = data[1] ?? 0;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(at, end),
    extensions,
  };
}

/** How loud the packet says that it is, dBov, 0 down to -127 (RFC 6464); undefined where it does not say. */
export function readAudioLevel({ extensions }: RtpPacket, id: number): number | undefined {
  if (!extensions) return undefined;
  let at = 0;
  while (at < extensions.length) {
    const head = extensions[at] ?? 0;
    // Padding.
    if (head === 0) {
      at += 1;
      continue;
    }
    const element = head >> 4;
    if (element === STOP) return undefined;
    if (element === id) {
      const value = extensions[at + 1];
      return value === undefined ? undefined : 0 - (value & 0x7f);
    }
    at += 2 + (head & 0x0f);
  }
  return undefined;
}

export interface RtpFields {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
  /** Written as ssrc-audio-level. `level` in dBov, 0 down to -127. */
  readonly audioLevel?: { readonly id: number; readonly level: number; readonly voice: boolean };
}

export function writeRtp(fields: RtpFields): Buffer {
  const { audioLevel, payload } = fields;
  const header = HEADER + (audioLevel ? 8 : 0);
  const data = Buffer.allocUnsafe(header + payload.length);
  data[0] = 0x80 | (audioLevel ? 0x10 : 0);
  data[1] = (fields.marker ? 0x80 : 0) | fields.payloadType;
  data.writeUInt16BE(fields.sequence & 0xffff, 2);
  data.writeUInt32BE(fields.timestamp >>> 0, 4);
  data.writeUInt32BE(fields.ssrc >>> 0, 8);
  if (audioLevel) {
    data.writeUInt32BE(((ONE_BYTE << 16) | 1) >>> 0, HEADER);
    data[HEADER + 4] = audioLevel.id << 4;
    const level = Math.max(0, Math.min(127, Math.round(-audioLevel.level)));
    data[HEADER + 5] = (audioLevel.voice ? 0x80 : 0) | level;
    data[HEADER + 6] = 0;
    data[HEADER + 7] = 0;
  }
  data.set(payload, header);
  return data;
}
