import type { Size } from '../program/tiles.ts';
import { Bits } from '../util/Bits.ts';
import { av1SequenceHeader, nalUnits } from './codecPrivate.ts';

/** Where a stream does not say so in a way that is read here: players go by the stream itself. */
const UNKNOWN: Size = { width: 1280, height: 720 };

const READERS: Partial<Record<string, (keyFrame: Buffer) => Size | undefined>> = {
  VP8: vp8Size,
  VP9: vp9Size,
  H264: h264Size,
  AV1: av1Size,
};

/** The size of the pictures that begin with a key frame; of several layers, the largest one. */
export function pictureSize(codec: string, keyFrame: Buffer): Size {
  const size = READERS[codec]?.(keyFrame);
  return size && size.width > 0 && size.height > 0 ? size : UNKNOWN;
}

/** RFC 6386, section 9.1. */
function vp8Size(data: Buffer): Size | undefined {
  if (data.length < 10) return undefined;
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
}

/** Each layer is a frame of its own in a superframe, the largest one last. */
function vp9Size(data: Buffer): Size | undefined {
  const sizes = superframe(data).flatMap((frame) => vp9FrameSize(frame) ?? []);
  return sizes.toSorted((a, b) => b.width - a.width)[0];
}

/** VP9 bitstream specification, annex B: an index at the end, between two equal bytes. */
function superframe(data: Buffer): Buffer[] {
  const marker = data.at(-1) ?? 0;
  const count = (marker & 7) + 1;
  const width = ((marker >> 3) & 3) + 1;
  const index = data.length - 2 - count * width;
  if ((marker & 0xe0) !== 0xc0 || index < 0 || data[index] !== marker) return [data];
  let start = 0;
  return Array.from({ length: count }, (_, i) => {
    const length = data.readUIntLE(index + 1 + i * width, width);
    start += length;
    return data.subarray(start - length, start);
  });
}

/** VP9 bitstream specification, 6.2 and 7.2: the uncompressed header of profile 0. */
function vp9FrameSize(data: Buffer): Size | undefined {
  const bits = new Bits(data);
  if (bits.read(2) !== 2 || bits.read(2) !== 0 || bits.flag()) return undefined;
  const isInter = bits.flag();
  const [isShown, isResilient] = [bits.flag(), bits.flag()];
  if (!isInter)
    bits.skip(24 + 3 + 1); // Sync code, colour space, range.
  else {
    const isIntra = !isShown && bits.flag();
    if (!isResilient) bits.skip(2);
    if (isIntra) bits.skip(24 + 8);
    else {
      bits.skip(8 + 3 * 4);
      // As large as what it goes on from: that is known then.
      for (let reference = 0; reference < 3; reference++) if (bits.flag()) return undefined;
    }
  }
  const size = { width: bits.read(16) + 1, height: bits.read(16) + 1 };
  return bits.isOver ? undefined : size;
}

const WITH_CHROMA_FORMAT: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128]);

/** ISO/IEC 14496-10, 7.3.2.1.1: the sequence parameter set. */
function h264Size(data: Buffer): Size | undefined {
  const set = nalUnits(data).find((unit) => ((unit[0] ?? 0) & 0x1f) === 7);
  if (!set) return undefined;
  const bits = new Bits(withoutEmulation(set), 1);
  const profile = bits.read(8);
  bits.skip(16);
  bits.unsigned();
  const chroma = WITH_CHROMA_FORMAT.has(profile) ? readChroma(bits) : 1;
  bits.unsigned();
  skipOrder(bits);
  bits.unsigned();
  bits.skip(1);
  const [columns, rows] = [bits.unsigned() + 1, bits.unsigned() + 1];
  const isProgressive = bits.flag();
  bits.skip(isProgressive ? 1 : 2);
  const [left, right, top, bottom] = bits.flag() ? [1, 2, 3, 4].map(() => bits.unsigned()) : [];
  if (bits.isOver) return undefined;
  const fields = isProgressive ? 1 : 2;
  const [cropX, cropY] = [chroma === 1 || chroma === 2 ? 2 : 1, fields * (chroma === 1 ? 2 : 1)];
  return {
    width: 16 * columns - cropX * ((left ?? 0) + (right ?? 0)),
    height: 16 * rows * fields - cropY * ((top ?? 0) + (bottom ?? 0)),
  };
}

/** Up to the scaling lists. @returns chroma_format_idc */
function readChroma(bits: Bits): number {
  const chroma = bits.unsigned();
  if (chroma === 3) bits.skip(1);
  bits.unsigned();
  bits.unsigned();
  bits.skip(1);
  if (!bits.flag()) return chroma;
  for (let list = 0; list < (chroma === 3 ? 12 : 8); list++)
    if (bits.flag()) skipList(bits, list < 6 ? 16 : 64);
  return chroma;
}

function skipList(bits: Bits, size: number): void {
  let [last, next] = [8, 8];
  for (let i = 0; i < size; i++) {
    if (next !== 0) next = (last + bits.signed() + 256) % 256;
    if (next !== 0) last = next;
  }
}

/** How pictures are counted. */
function skipOrder(bits: Bits): void {
  const type = bits.unsigned();
  if (type === 0) bits.unsigned();
  if (type !== 1) return;
  bits.skip(1);
  bits.signed();
  bits.signed();
  for (let count = bits.unsigned(); count > 0 && !bits.isOver; count--) bits.signed();
}

/** 7.4.1: a 3 after two zeros is there for the start codes alone. */
function withoutEmulation(unit: Buffer): Buffer {
  return Buffer.from(unit.filter((byte, i) => !(byte === 3 && unit[i - 1] === 0 && unit[i - 2] === 0)));
}

/** AV1 bitstream specification, 5.5.1. */
function av1Size(data: Buffer): Size | undefined {
  const header = av1SequenceHeader(data);
  if (!header) return undefined;
  const bits = new Bits(header);
  bits.skip(4);
  if (bits.flag()) bits.skip(5);
  else skipOperatingPoints(bits);
  const [wide, high] = [bits.read(4) + 1, bits.read(4) + 1];
  const size = { width: bits.read(wide) + 1, height: bits.read(high) + 1 };
  return bits.isOver ? undefined : size;
}

function skipOperatingPoints(bits: Bits): void {
  const delayLength = bits.flag() ? readTiming(bits) : undefined;
  const hasDisplayDelay = bits.flag();
  for (let count = bits.read(5) + 1; count > 0; count--) {
    bits.skip(12);
    if (bits.read(5) > 7) bits.skip(1);
    if (delayLength !== undefined && bits.flag()) bits.skip(2 * delayLength + 1);
    if (hasDisplayDelay && bits.flag()) bits.skip(4);
  }
}

/** @returns bits of a buffer delay; undefined where the decoder model is not told */
function readTiming(bits: Bits): number | undefined {
  bits.skip(64);
  if (bits.flag()) bits.unsigned();
  if (!bits.flag()) return undefined;
  const length = bits.read(5) + 1;
  bits.skip(32 + 5 + 5);
  return length;
}
