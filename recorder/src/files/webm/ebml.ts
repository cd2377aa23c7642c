import { malformed } from '../FilesError.ts';

/** Ids of elements that are dealt with here (RFC 9559, 5.1), their length markers included. */
export const ID = {
  EBML: 0x1a45dfa3,
  Segment: 0x18538067,
  SeekHead: 0x114d9b74,
  Seek: 0x4dbb,
  SeekID: 0x53ab,
  SeekPosition: 0x53ac,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Duration: 0x4489,
  DateUTC: 0x4461,
  Title: 0x7ba9,
  MuxingApp: 0x4d80,
  WritingApp: 0x5741,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  TrackNumber: 0xd7,
  TrackType: 0x83,
  CodecID: 0x86,
  DefaultDuration: 0x23e383,
  Cluster: 0x1f43b675,
  CRC32: 0xbf,
  Timestamp: 0xe7,
  SimpleBlock: 0xa3,
  BlockGroup: 0xa0,
  Block: 0xa1,
  ReferenceBlock: 0xfb,
  BlockDuration: 0x9b,
  Cues: 0x1c53bb6b,
  CuePoint: 0xbb,
  CueTime: 0xb3,
  CueTrackPositions: 0xb7,
  CueTrack: 0xf7,
  CueClusterPosition: 0xf1,
  Chapters: 0x1043a770,
  EditionEntry: 0x45b9,
  ChapterAtom: 0xb6,
  ChapterUID: 0x73c4,
  ChapterTimeStart: 0x91,
  ChapterTimeEnd: 0x92,
  ChapterDisplay: 0x80,
  ChapString: 0x85,
  ChapLanguage: 0x437c,
  Tags: 0x1254c367,
} as const;

const topLevel: readonly number[] = [
  ID.SeekHead,
  ID.Info,
  ID.Tracks,
  ID.Cluster,
  ID.Cues,
  ID.Chapters,
  ID.Tags,
];

/** Whether an element of this id ends a cluster that did not say how long it is. */
export function endsCluster(id: number): boolean {
  return topLevel.includes(id);
}

/** An element's head at some place of a buffer; `size` is null where it is unknown. */
export interface ElementHead {
  id: number;
  headBytes: number;
  size: number | null;
}

/** Undefined when there are too few bytes to say. @throws {FilesError} MEDIA_MALFORMED */
export function elementHead(bytes: Buffer, at = 0): ElementHead | undefined {
  const id = variableInt(bytes, { at, keepMarker: true, most: 4 });
  if (!id) return undefined;
  const size = variableInt(bytes, { at: at + id.width, keepMarker: false, most: 8 });
  if (!size) return undefined;
  const isUnknown = size.value === 2 ** (7 * size.width) - 1;
  return { id: id.value, headBytes: id.width + size.width, size: isUnknown ? null : size.value };
}

/** RFC 8794, section 4. */
export function variableInt(
  bytes: Buffer,
  { at, keepMarker, most }: { at: number; keepMarker: boolean; most: number },
): { value: number; width: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const width = Math.clz32(first) - 23;
  if (width > most) throw malformed('no element here');
  if (at + width > bytes.length) return undefined;
  let value = keepMarker ? first : first & (0xff >> width);
  for (let index = 1; index < width; index += 1) value = value * 256 + (bytes[at + index] ?? 0);
  return { value, width };
}

export interface Element {
  id: number;
  start: number;
  body: number;
  end: number;
}

/** The elements side by side in this stretch. @throws {FilesError} MEDIA_MALFORMED */
export function elements(bytes: Buffer, start = 0, end: number = bytes.length): Element[] {
  const found: Element[] = [];
  for (let at = start; at < end;) {
    const head = elementHead(bytes, at);
    if (!head || head.size === null) throw malformed('an element without its length');
    const body = at + head.headBytes;
    if (body + head.size > end) throw malformed('an element goes too far');
    found.push({ id: head.id, start: at, body, end: body + head.size });
    at = body + head.size;
  }
  return found;
}

export function readUint(bytes: Buffer, { body, end }: Element): number {
  let value = 0;
  for (let at = body; at < end; at += 1) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

function idBytes(id: number): Buffer {
  const hex = id.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

/** The length of an element in eight bytes, as is usual where it may be large. */
function longSize(size: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(size) | (1n << 56n));
  return bytes;
}

/** What an element begins with, whose content is written separately. */
export function elementStart(id: number, size: number): Buffer {
  return Buffer.concat([idBytes(id), longSize(size)]);
}

export function makeElement(id: number, ...content: readonly Uint8Array[]): Buffer {
  const size = content.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const head = size < 127 ? Buffer.concat([idBytes(id), Buffer.from([0x80 | size])]) : elementStart(id, size);
  return Buffer.concat([head, ...content]);
}

/** Always eight bytes, so that the length of what is planned does not depend on the values. */
export function uintElement(id: number, value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return makeElement(id, bytes);
}

export function textElement(id: number, text: string): Buffer {
  return makeElement(id, Buffer.from(text));
}
