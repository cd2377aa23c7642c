/** Messages in chunks: how RTMP puts several streams on one connection (Adobe RTMP 1.0, section 5.3). */

export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowAcknowledgementSize: 5,
  setPeerBandwidth: 6,
  audio: 8,
  video: 9,
  commandAmf3: 17,
  data: 18,
  command: 20,
} as const;

export interface Message {
  /** Chunk stream, 2 to 63. */
  chunkStream: number;
  type: number;
  /** Message stream: 0 for what concerns the connection. */
  stream: number;
  /** ms; wraps at 2^32. */
  timestamp: number;
  payload: Buffer;
}

const EXTENDED = 0xffffff;

/** The bytes of a message. Each begins with a full header (type 0), so that one never depends on another. */
export function chunksOf(message: Message, chunkSize: number): Buffer {
  const { chunkStream, type, stream, payload } = message;
  const timestamp = message.timestamp >>> 0;
  const extended = timestamp >= EXTENDED;
  const head = Buffer.alloc(extended ? 16 : 12);
  head.writeUInt8(chunkStream, 0);
  head.writeUIntBE(extended ? EXTENDED : timestamp, 1, 3);
  head.writeUIntBE(payload.length, 4, 3);
  head.writeUInt8(type, 7);
  head.writeUInt32LE(stream, 8);
  if (extended) head.writeUInt32BE(timestamp, 12);

  const follow = Buffer.alloc(extended ? 5 : 1);
  follow.writeUInt8(0xc0 | chunkStream, 0);
  if (extended) follow.writeUInt32BE(timestamp, 1);

  const pieces: Buffer[] = [head, payload.subarray(0, chunkSize)];
  for (let at = chunkSize; at < payload.length; at += chunkSize) {
    pieces.push(follow, payload.subarray(at, at + chunkSize));
  }
  return Buffer.concat(pieces);
}

/** A server says little; more than this at once is no answer to a publisher. */
const MAX_MESSAGE_BYTES = 1 << 20;
const MAX_STREAMS = 64;

interface StreamState {
  timestamp: number;
  length: number;
  type: number;
  stream: number;
  extended: boolean;
  payload: Buffer[];
  received: number;
}

/** Puts messages together again. Set-chunk-size and abort are heeded here, and given out as well. */
export class ChunkReader {
  #chunkSize = 128;
  #rest: Buffer = Buffer.alloc(0);
  readonly #streams = new Map<number, StreamState>();

  /**
   * The messages that are whole with these bytes.
   *
   * @throws {RangeError} where they are no RTMP
   */
  read(bytes: Buffer): Message[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: Message[] = [];
    for (;;) {
      const chunk = this.#chunk();
      if (chunk === undefined) return messages;
      if (chunk === null) continue;
      this.#heed(chunk);
      messages.push(chunk);
    }
  }

  /** One chunk off the rest: undefined while it is not all there, null when its message is not. */
  #chunk(): Message | null | undefined {
    const header = this.#header();
    if (!header) return undefined;
    const { chunkStream, state, size } = header;
    const bytes = Math.min(this.#chunkSize, state.length - state.received);
    if (this.#rest.length < size + bytes) return undefined;
    this.#streams.set(chunkStream, state);
    state.payload.push(this.#rest.subarray(size, size + bytes));
    state.received += bytes;
    this.#rest = this.#rest.subarray(size + bytes);
    if (state.received < state.length) return null;
    const payload = Buffer.concat(state.payload);
    state.payload = [];
    state.received = 0;
    return { chunkStream, type: state.type, stream: state.stream, timestamp: state.timestamp, payload };
  }

  #header(): { chunkStream: number; state: StreamState; size: number } | undefined {
    const rest = this.#rest;
    if (rest.length < 1) return undefined;
    const first = rest.readUInt8(0);
    const format = first >> 6;
    const marker = first & 0x3f;
    const basic = marker === 0 ? 2 : marker === 1 ? 3 : 1;
    const fields = [11, 7, 3, 0][format] ?? 0;
    if (rest.length < basic + fields) return undefined;
    const chunkStream = chunkStreamOf(rest, marker);
    const former = this.#streams.get(chunkStream);
    if (!former && (format !== 0 || this.#streams.size >= MAX_STREAMS)) {
      throw new RangeError('a chunk without a header before it');
    }
    const state = former ? { ...former } : newState();
    const stamp = format < 3 ? rest.readUIntBE(basic, 3) : 0;
    if (format < 3) state.extended = stamp === EXTENDED;
    const size = basic + fields + (state.extended ? 4 : 0);
    if (rest.length < size) return undefined;
    if (format < 3) {
      const time = state.extended ? rest.readUInt32BE(basic + fields) : stamp;
      state.timestamp = format === 0 ? time : (state.timestamp + time) >>> 0;
    }
    if (format < 2) {
      state.length = rest.readUIntBE(basic + 3, 3);
      state.type = rest.readUInt8(basic + 6);
      if (state.length > MAX_MESSAGE_BYTES) throw new RangeError('a message that is too long');
    }
    if (format === 0) state.stream = rest.readUInt32LE(basic + 7);
    return { chunkStream, state, size };
  }

  #heed({ type, payload }: Message): void {
    if (type === MESSAGE.setChunkSize) {
      const size = payload.readUInt32BE(0) & 0x7fffffff;
      if (size < 1) throw new RangeError('a chunk size of nothing');
      this.#chunkSize = Math.min(size, 0xffffff);
    }
    if (type === MESSAGE.abort) {
      const aborted = this.#streams.get(payload.readUInt32BE(0));
      if (aborted) Object.assign(aborted, { payload: [], received: 0 });
    }
  }
}

function newState(): StreamState {
  return { timestamp: 0, length: 0, type: 0, stream: 0, extended: false, payload: [], received: 0 };
}

function chunkStreamOf(bytes: Buffer, marker: number): number {
  if (marker === 0) return bytes.readUInt8(1) + 64;
  if (marker === 1) return bytes.readUInt8(1) + bytes.readUInt8(2) * 256 + 64;
  return marker;
}
