import type { Assembled } from './Depacketizer.ts';

interface Descriptor {
  length: number;
  /** First and last packet of the frame of a spatial layer. */
  begins: boolean;
  /** Refers to earlier pictures. */
  predicted: boolean;
  spatialLayer: number;
}

/**
 * RFC 9628: the payload descriptor is taken off. The frames of several spatial layers become one superframe, whose index
 * (VP9 bitstream specification, Annex B) tells where each begins.
 */
export function assembleVp9(payloads: readonly Buffer[]): Assembled | undefined {
  const layers: Buffer[][] = [];
  let keyFrame = false;
  for (const payload of payloads) {
    const descriptor = parseDescriptor(payload);
    if (!descriptor) return undefined;
    if (descriptor.begins) {
      if (layers.length === 0) keyFrame = !descriptor.predicted && descriptor.spatialLayer === 0;
      layers.push([]);
    }
    const layer = layers.at(-1);
    if (!layer) return undefined;
    layer.push(payload.subarray(descriptor.length));
  }
  if (layers.length === 0 || layers.length > 8) return undefined;
  return { data: joinLayers(layers.map((parts) => Buffer.concat(parts))), keyFrame };
}

/** Section 4.2; undefined when it does not leave anything. */
function parseDescriptor(payload: Buffer): Descriptor | undefined {
  const flags = payload[0] ?? 0;
  const [hasPictureId, predicted, hasLayer, flexible] = [0x80, 0x40, 0x20, 0x10].map(
    (bit) => (flags & bit) !== 0,
  );
  let length = 1;
  let spatialLayer = 0;
  if (hasPictureId) length += (payload[length] ?? 0) & 0x80 ? 2 : 1;
  if (hasLayer) {
    spatialLayer = ((payload[length] ?? 0) >> 1) & 0x07;
    length += flexible ? 1 : 2;
  }
  if (flexible && predicted) {
    let references = 1;
    while ((payload[length] ?? 0) & 1 && references < 3) {
      length += 1;
      references += 1;
    }
    length += 1;
  }
  if (flags & 0x02) length += structureLength(payload, length);
  if (length >= payload.length) return undefined;
  return { length, begins: (flags & 0x08) !== 0, predicted: predicted === true, spatialLayer };
}

/** Section 4.2.1: the scalability structure. */
function structureLength(payload: Buffer, start: number): number {
  const flags = payload[start] ?? 0;
  let length = 1;
  if (flags & 0x10) length += ((flags >> 5) + 1) * 4;
  if (!(flags & 0x08)) return length;
  const pictures = payload[start + length] ?? 0;
  length += 1;
  for (let picture = 0; picture < pictures; picture += 1)
    length += 1 + (((payload[start + length] ?? 0) >> 2) & 0x03);
  return length;
}

function joinLayers(frames: readonly Buffer[]): Buffer {
  const [only] = frames;
  if (only && frames.length === 1) return only;
  const largest = Math.max(...frames.map(({ length }) => length));
  const bytes = Math.max(1, Math.ceil(Math.log2(largest + 1) / 8));
  const index = Buffer.alloc(2 + bytes * frames.length);
  const marker = 0xc0 | ((bytes - 1) << 3) | (frames.length - 1);
  index.writeUInt8(marker, 0);
  frames.forEach(({ length }, layer) => index.writeUIntLE(length, 1 + layer * bytes, bytes));
  index.writeUInt8(marker, index.length - 1);
  return Buffer.concat([...frames, index]);
}
