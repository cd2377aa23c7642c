import type { Assembled } from './Depacketizer.ts';

/** RFC 7741: the payload descriptor is taken off; the rest together is the frame. */
export function assembleVp8(payloads: readonly Buffer[]): Assembled | undefined {
  const parts: Buffer[] = [];
  for (const payload of payloads) {
    const start = descriptorLength(payload);
    if (start === undefined) return undefined;
    const isFirst = parts.length === 0;
    const beginsFrame = ((payload[0] ?? 0) & 0x17) === 0x10;
    if (isFirst && !beginsFrame) return undefined;
    parts.push(payload.subarray(start));
  }
  const [first] = parts;
  if (!first) return undefined;
  // Section 9.1 of RFC 6386: the lowest bit of a frame is 0 in key frames.
  return { data: Buffer.concat(parts), keyFrame: ((first[0] ?? 0) & 1) === 0 };
}

/** Bytes of the payload descriptor (section 4.2); undefined when it does not leave anything. */
function descriptorLength(payload: Buffer): number | undefined {
  const [flags = 0, extensions = 0, pictureId = 0] = payload;
  let length = 1;
  if (flags & 0x80) {
    length += 1;
    if (extensions & 0x80) length += pictureId & 0x80 ? 2 : 1;
    if (extensions & 0x40) length += 1;
    if (extensions & 0x30) length += 1;
  }
  return length < payload.length ? length : undefined;
}
