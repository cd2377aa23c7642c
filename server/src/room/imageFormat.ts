/** Which pictures are shown, told by their first bytes alone: a name or a declared type proves nothing. Pure. */

export interface ImageFormat {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp';
  /** Pixels. */
  width: number;
  height: number;
}

/** As much of a file as is looked at, bytes. The size of a JPEG stands behind its colour profile and thumbnail. */
export const HEAD_BYTES = 256 * 1024;

/** Pixels of the largest picture that is shown: a small file may hold one that fills the memory of who looks at it. */
const MAX_PIXELS = 64_000_000;

/** The format of a picture that browsers can be given to show; undefined for all else, SVG among it. */
export function imageFormatOf(head: Uint8Array): ImageFormat | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  // Whatever lies beyond what was read is no picture that could be trusted.
  const format = [png, gif, webp, jpeg].map((read) => attempt(() => read(bytes))).find(Boolean);
  if (!format || format.width === 0 || format.height === 0) return undefined;
  return format.width * format.height <= MAX_PIXELS ? format : undefined;
}

/** https://www.w3.org/TR/png-3/#11IHDR */
function png(bytes: Buffer): ImageFormat | undefined {
  if (bytes.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n' || bytes.toString('latin1', 12, 16) !== 'IHDR')
    return undefined;
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, section 18 */
function gif(bytes: Buffer): ImageFormat | undefined {
  if (!/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return undefined;
  return { type: 'image/gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

/** RFC 9649 section 2 */
function webp(bytes: Buffer): ImageFormat | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
    return undefined;
  const type = 'image/webp';
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { type, width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { type, width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return undefined;
  }
}

/** ITU-T T.81, annex B: segments follow one another; the frame header has the size. */
function jpeg(bytes: Buffer): ImageFormat | undefined {
  if (bytes.readUIntBE(0, 3) !== 0xffd8ff) return undefined;
  for (let at = 2; bytes.readUInt8(at) === 0xff;) {
    const marker = bytes.readUInt8(at + 1);
    if (isFrameHeader(marker))
      return { type: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    // A segment may be preceded by any number of fill bytes.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}

/** SOF0 to SOF15; the three among them mean something else. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
