import { malformed } from '../FilesError.ts';

/** A box (ISO/IEC 14496-12, 4.2) inside a buffer; offsets count from the buffer's start. */
export interface Box {
  type: string;
  start: number;
  /** Where its content begins. */
  body: number;
  end: number;
}

/** Size and type at the start of a box; undefined when there are too few bytes to say. Size 0: until the end of file. */
export function boxHead(bytes: Buffer): { type: string; headBytes: number; size: number } | undefined {
  if (bytes.length < 8) return undefined;
  const type = bytes.toString('latin1', 4, 8);
  const size = bytes.readUInt32BE(0);
  if (size !== 1) return { type, headBytes: 8, size };
  if (bytes.length < 16) return undefined;
  return { type, headBytes: 16, size: Number(bytes.readBigUInt64BE(8)) };
}

/** The boxes side by side in this stretch. @throws {FilesError} MEDIA_MALFORMED */
export function boxes(bytes: Buffer, start = 0, end: number = bytes.length): Box[] {
  const found: Box[] = [];
  for (let at = start; at < end;) {
    const head = boxHead(bytes.subarray(at, end));
    if (!head || head.size < head.headBytes || at + head.size > end) throw malformed('a box goes too far');
    found.push({ type: head.type, start: at, body: at + head.headBytes, end: at + head.size });
    at += head.size;
  }
  return found;
}

/** Boxes inside a box, of one type if it is named. */
export function children(bytes: Buffer, parent: Box, type?: string): Box[] {
  const all = boxes(bytes, parent.body, parent.end);
  return type === undefined ? all : all.filter((box) => box.type === type);
}

/** Goes down by names, taking the first of each. */
export function findBox(bytes: Buffer, parent: Box, path: readonly string[]): Box | undefined {
  let box: Box | undefined = parent;
  for (const type of path) {
    if (!box) return undefined;
    box = children(bytes, box, type)[0];
  }
  return box;
}

/** The same, where it has to be there. @throws {FilesError} MEDIA_MALFORMED */
export function getBox(bytes: Buffer, parent: Box, path: readonly string[]): Box {
  const box = findBox(bytes, parent, path);
  if (!box) throw malformed(`${parent.type} without ${path.join('/')}`);
  return box;
}

/** The bytes of a box as they are. */
export function copyBox(bytes: Buffer, box: Box): Buffer {
  return Buffer.from(bytes.subarray(box.start, box.end));
}

/** Makes a box of what it contains. */
export function makeBox(type: string, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** Makes a box that begins with version and flags. */
export function makeFullBox(
  type: string,
  head: { version?: number; flags?: number },
  ...content: readonly Uint8Array[]
): Buffer {
  const { version = 0, flags = 0 } = head;
  return makeBox(type, u32((version << 24) | flags), ...content);
}

export function u16(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(2 * values.length);
  values.forEach((value, index) => bytes.writeUInt16BE(value & 0xffff, 2 * index));
  return bytes;
}

/** Signed or unsigned. */
export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, 4 * index));
  return bytes;
}

export function u64(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(8 * values.length);
  values.forEach((value, index) => bytes.writeBigUInt64BE(BigInt(value), 8 * index));
  return bytes;
}
