/** What a decoder must know before the first frame, codec by codec. */

/** RFC 7845, section 5.1: two channels, no pre-skip (the stream is joined in the middle), 48 kHz. */
export function opusPrivate(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(2, 9);
  head.writeUInt16LE(0, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

const START_CODE = Buffer.from([0, 0, 0, 1]);

/** The NAL units of an access unit in Annex B. */
export function nalUnits(data: Buffer): Buffer[] {
  const units: Buffer[] = [];
  let start = -1;
  for (let at = 0; at + 2 < data.length; at++) {
    if (data[at] !== 0 || data[at + 1] !== 0 || data[at + 2] !== 1) continue;
    if (start !== -1) units.push(data.subarray(start, data[at - 1] === 0 ? at - 1 : at));
    start = at + 3;
    at += 2;
  }
  if (start !== -1) units.push(data.subarray(start));
  return units;
}

/** Annex B as Matroska wants it: a length of four bytes before each unit. */
export function lengthPrefixed(data: Buffer): Buffer {
  return Buffer.concat(
    nalUnits(data).flatMap((unit) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(unit.length);
      return [length, unit];
    }),
  );
}

/** The other way round: start codes of four bytes. */
export function annexB(data: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 4 <= data.length;) {
    const end = at + 4 + data.readUInt32BE(at);
    parts.push(START_CODE, data.subarray(at + 4, end));
    at = end;
  }
  return Buffer.concat(parts);
}

/** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1) of the parameter sets in a key frame. */
export function avcPrivate(keyFrame: Buffer): Buffer | undefined {
  const units = nalUnits(keyFrame);
  const sets = (type: number) => units.filter((unit) => ((unit[0] ?? 0) & 0x1f) === type);
  const [sequence] = sets(7);
  const [picture] = sets(8);
  if (!sequence || !picture) return undefined;
  const list = (count: number, unit: Buffer) => {
    const head = Buffer.from([count, unit.length >> 8, unit.length & 255]);
    return Buffer.concat([head, unit]);
  };
  const start = Buffer.from([1, sequence[1] ?? 0, sequence[2] ?? 0, sequence[3] ?? 0, 0xff]);
  return Buffer.concat([start, list(0xe1, sequence), list(1, picture)]);
}

const SEQUENCE_HEADER = 1;

/** AV1CodecConfigurationRecord: profile and level of the sequence header, which follows whole. */
export function av1Private(keyFrame: Buffer): Buffer | undefined {
  const found = findSequenceHeader(keyFrame);
  if (!found) return undefined;
  const profile = ((keyFrame[found.body] ?? 0) >> 5) & 7;
  // Level 4.0 and 4:2:0 of 8 bits: decoders take what the sequence header says.
  const start = Buffer.from([0x81, (profile << 5) | 8, 0x0c, 0]);
  return Buffer.concat([start, keyFrame.subarray(found.start, found.end)]);
}

/** What a sequence header says, without its own head. */
export function av1SequenceHeader(keyFrame: Buffer): Buffer | undefined {
  const found = findSequenceHeader(keyFrame);
  return found && keyFrame.subarray(found.body, found.end);
}

function findSequenceHeader(data: Buffer): { start: number; body: number; end: number } | undefined {
  for (let start = 0; start < data.length;) {
    const head = data[start] ?? 0;
    const size = leb128(data, start + ((head & 4) !== 0 ? 2 : 1));
    if (!size) return undefined;
    const end = size.end + size.value;
    if (((head >> 3) & 15) === SEQUENCE_HEADER) return { start, body: size.end, end };
    start = end;
  }
  return undefined;
}

function leb128(data: Buffer, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = data[from + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return { value, end: from + i + 1 };
  }
  return undefined;
}
