/** Values of commands and metadata, as RTMP writes them: Action Message Format 0 (Adobe, 2007). */

export type Amf0 = number | boolean | string | null | undefined | { [key: string]: Amf0 } | Amf0[];

const NUMBER = 0x00;
const BOOLEAN = 0x01;
const STRING = 0x02;
const OBJECT = 0x03;
const NULL = 0x05;
const UNDEFINED = 0x06;
const ECMA_ARRAY = 0x08;
const OBJECT_END = 0x09;
const STRICT_ARRAY = 0x0a;
const LONG_STRING = 0x0c;

/** Values nested deeper than this come from nobody honest. */
const MAX_DEPTH = 16;

/** Values one after the other. */
export function encodeAmf0(...values: Amf0[]): Buffer {
  return Buffer.concat(values.map(encodeValue));
}

function encodeValue(value: Amf0): Buffer {
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9, NUMBER);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  if (typeof value === 'boolean') return Buffer.from([BOOLEAN, value ? 1 : 0]);
  if (typeof value === 'string') return encodeString(value);
  if (value === null) return Buffer.from([NULL]);
  if (value === undefined) return Buffer.from([UNDEFINED]);
  if (Array.isArray(value)) {
    const head = Buffer.alloc(5, STRICT_ARRAY);
    head.writeUInt32BE(value.length, 1);
    return Buffer.concat([head, ...value.map(encodeValue)]);
  }
  const entries = Object.entries(value).flatMap(([key, item]) => [encodeKey(key), encodeValue(item)]);
  return Buffer.concat([Buffer.from([OBJECT]), ...entries, Buffer.from([0, 0, OBJECT_END])]);
}

function encodeString(text: string): Buffer {
  const length = Buffer.byteLength(text);
  if (length <= 0xffff) return Buffer.concat([Buffer.from([STRING]), encodeKey(text)]);
  const head = Buffer.alloc(5, LONG_STRING);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, Buffer.from(text)]);
}

function encodeKey(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(2);
  head.writeUInt16BE(bytes.length);
  return Buffer.concat([head, bytes]);
}

/**
 * The values that these bytes hold. What is of a type that no command needs (dates, references, XML) ends the list.
 *
 * @throws {RangeError} where the bytes end too early or are nested too deep
 */
export function decodeAmf0(bytes: Buffer): Amf0[] {
  const reader = new Reader(bytes);
  const values: Amf0[] = [];
  while (reader.more) {
    const value = reader.value(0);
    if (value === UNKNOWN) break;
    values.push(value);
  }
  return values;
}

const UNKNOWN = Symbol('a type that is not read');

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get more(): boolean {
    return this.#at < this.#bytes.length;
  }

  value(depth: number): Amf0 | typeof UNKNOWN {
    if (depth > MAX_DEPTH) throw new RangeError('nested too deep');
    const type = this.#bytes.readUInt8(this.#at++);
    switch (type) {
      case NUMBER:
        this.#at += 8;
        return this.#bytes.readDoubleBE(this.#at - 8);
      case BOOLEAN:
        return this.#bytes.readUInt8(this.#at++) !== 0;
      case STRING:
        return this.#text(2);
      case LONG_STRING:
        return this.#text(4);
      case NULL:
        return null;
      case UNDEFINED:
        return undefined;
      case OBJECT:
        return this.#object(depth);
      case ECMA_ARRAY:
        this.#at += 4;
        return this.#object(depth);
      case STRICT_ARRAY:
        return this.#array(depth);
      default:
        return UNKNOWN;
    }
  }

  #text(lengthBytes: 2 | 4): string {
    const length = this.#bytes.readUIntBE(this.#at, lengthBytes);
    const start = this.#at + lengthBytes;
    if (start + length > this.#bytes.length) throw new RangeError('a text ends too early');
    this.#at = start + length;
    return this.#bytes.toString('utf8', start, this.#at);
  }

  #object(depth: number): Amf0 | typeof UNKNOWN {
    const entries: [string, Amf0][] = [];
    for (;;) {
      const key = this.#text(2);
      if (key === '' && this.#bytes.readUInt8(this.#at) === OBJECT_END) break;
      const value = this.value(depth + 1);
      if (value === UNKNOWN) return UNKNOWN;
      entries.push([key, value]);
    }
    this.#at += 1;
    return Object.fromEntries(entries);
  }

  #array(depth: number): Amf0 | typeof UNKNOWN {
    const length = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    const values: Amf0[] = [];
    for (let index = 0; index < length; index++) {
      const value = this.value(depth + 1);
      if (value === UNKNOWN) return UNKNOWN;
      values.push(value);
    }
    return values;
  }
}
