import type { Assembled } from './Depacketizer.ts';

const TEMPORAL_DELIMITER = 2;
const TILE_LIST = 8;
const PADDING = 15;
const HAS_EXTENSION = 0x04;
const HAS_SIZE = 0x02;

/**
 * RTP payload format for AV1 (https://aomediacodec.github.io/av1-rtp-spec/): fragments of OBUs are put together, and each gets
 * its size, as in the low-overhead bitstream format. What a decoder does not need is left out.
 */
export function assembleAv1(payloads: readonly Buffer[]): Assembled | undefined {
  const obus: Buffer[] = [];
  let fragments: Buffer[] | undefined;
  for (const payload of payloads) {
    const flags = payload[0] ?? 0;
    const elements = elementsOf(payload);
    if (!elements || ((flags & 0x80) !== 0) !== (fragments !== undefined)) return undefined;
    elements.forEach((element, index) => {
      const goesOn = index === elements.length - 1 && (flags & 0x40) !== 0;
      fragments = [...(fragments ?? []), element];
      if (goesOn) return;
      obus.push(Buffer.concat(fragments));
      fragments = undefined;
    });
  }
  if (fragments) return undefined;
  const sized = obus.flatMap((obu) => withSize(obu) ?? []);
  // The N bit: the first packet of a coded video sequence.
  return sized.length === 0
    ? undefined
    : { data: Buffer.concat(sized), keyFrame: ((payloads[0]?.[0] ?? 0) & 0x08) !== 0 };
}

/** Section 4.4: W elements, the last without a size; with W = 0 any number, each with its size. */
function elementsOf(payload: Buffer): Buffer[] | undefined {
  const count = ((payload[0] ?? 0) >> 4) & 0x03;
  const elements: Buffer[] = [];
  for (let start = 1; start < payload.length;) {
    const isLast = count > 0 && elements.length === count - 1;
    const size = isLast ? { value: payload.length - start, bytes: 0 } : readLeb128(payload, start);
    if (!size) return undefined;
    start += size.bytes;
    if (start + size.value > payload.length) return undefined;
    elements.push(payload.subarray(start, start + size.value));
    start += size.value;
  }
  return elements.length === 0 || (count > 0 && elements.length !== count) ? undefined : elements;
}

function withSize(obu: Buffer): Buffer[] | undefined {
  const [header = 0] = obu;
  const type = (header >> 3) & 0x0f;
  const headerBytes = header & HAS_EXTENSION ? 2 : 1;
  if (obu.length < headerBytes || type === TEMPORAL_DELIMITER || type === TILE_LIST || type === PADDING)
    return undefined;
  if (header & HAS_SIZE) return [obu];
  const payload = obu.subarray(headerBytes);
  const head = Buffer.from(obu.subarray(0, headerBytes));
  head.writeUInt8(header | HAS_SIZE, 0);
  return [head, leb128(payload.length), payload];
}

function readLeb128(data: Buffer, start: number): { value: number; bytes: number } | undefined {
  let value = 0;
  for (let bytes = 1; bytes <= 4; bytes += 1) {
    const byte = data[start + bytes - 1];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 128 ** (bytes - 1);
    if (byte < 0x80) return { value, bytes };
  }
  return undefined;
}

export function leb128(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}
