import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { decodeAmf0, encodeAmf0, type Amf0 } from './amf0.ts';
import { ChunkReader, MESSAGE, chunksOf, type Message } from './chunks.ts';
import { audioHeader, metadataOf, tagBody, videoHeader, type Sample, type StreamConfig } from './flv.ts';
import type { RtmpUrl } from '@parley/protocol/rtmpUrl';
import { withoutKey } from './withoutKey.ts';

/** The service refused the stream, or ended it, in words of its own. */
export class RtmpRefusedError extends Error {
  /** As the service gave it: `NetStream.Publish.BadName` and the like; empty where it just hung up. */
  readonly status: string;

  constructor(message: string, status: string) {
    super(message);
    this.status = status;
  }
}

const HANDSHAKE_BYTES = 1536;
const CHUNK_BYTES = 65_536;
/** How often the service is asked to say how much has arrived, in bytes: that is what tells a stalled one from a slow one. */
const WINDOW_BYTES = 65_536;
const CHUNK_STREAM = { control: 2, command: 3, data: 4, audio: 5, video: 6 } as const;
const USER_CONTROL = { pingRequest: 6, pingResponse: 7 } as const;

export interface RtmpConnectionOptions {
  url: RtmpUrl;
  /** ms until publishing has to have been allowed. */
  timeout: number;
}

/**
 * One stream pushed to a service by RTMP (Adobe RTMP 1.0). Written here rather than left to ffmpeg, so that keys stand in no
 * list of processes, the address that was checked is the one connected to, and a service that accepts and then stalls is
 * noticed by its acknowledgements.
 */
export class RtmpConnection {
  readonly #socket: Socket;
  readonly #reader = new ChunkReader();
  readonly #url: RtmpUrl;
  #handshake: Buffer | null = Buffer.alloc(0);
  #stream = 0;
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #ended: Error | undefined;
  #onEnd: ((error: Error) => void) | undefined;
  #written = 0;
  #acknowledged: number | undefined;

  private constructor(socket: Socket, url: RtmpUrl) {
    this.#socket = socket;
    this.#url = url;
    socket.on('data', (bytes) => this.#handleBytes(bytes));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new RtmpRefusedError('The service hung up.', '')));
  }

  /**
   * Publishes over a connection that is open. Owns the socket from now on.
   *
   * @throws {RtmpRefusedError} and what the socket says
   */
  static async publish(socket: Socket, { url, timeout }: RtmpConnectionOptions): Promise<RtmpConnection> {
    const connection = new RtmpConnection(socket, url);
    const timer = setTimeout(
      () => connection.#end(new Error('The service does not answer in time.')),
      timeout,
    );
    try {
      await connection.#open();
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Bytes handed over so far, control included. */
  get bytesWritten(): number {
    return this.#written;
  }

  /** Bytes that have not left this process. */
  get bytesQueued(): number {
    return this.#socket.writableLength;
  }

  /** Bytes that the service says it has got, modulo 2^32; undefined where it never says. */
  get bytesAcknowledged(): number | undefined {
    return this.#acknowledged;
  }

  /** Called once, when it is over by anything but close(). */
  onEnd(listener: (error: Error) => void): void {
    if (this.#ended) listener(this.#ended);
    else this.#onEnd = listener;
  }

  sendHeaders(config: StreamConfig): void {
    const metadata = encodeAmf0('@setDataFrame', 'onMetaData', metadataOf(config));
    this.#send({ chunkStream: CHUNK_STREAM.data, type: MESSAGE.data, payload: metadata });
    if (config.avc) this.#sendMedia('video', videoHeader(config.avc), 0);
    if (config.aac) this.#sendMedia('audio', audioHeader(config.aac), 0);
  }

  /** `timestamp` in ms since the first sample. */
  send(sample: Sample, timestamp: number): void {
    this.#sendMedia(sample.kind, tagBody(sample), timestamp);
  }

  /** Tells the service that the stream is over, and hangs up. Calling it again does nothing. */
  close(): void {
    if (this.#stream !== 0 && !this.#ended) {
      this.#command('FCUnpublish', 0, null, this.#url.key);
      this.#command('deleteStream', 0, null, this.#stream);
    }
    this.#onEnd = undefined;
    this.#end(new Error('closed'));
  }

  async #open(): Promise<void> {
    const own = Buffer.concat([Buffer.from([3]), Buffer.alloc(8), randomBytes(HANDSHAKE_BYTES - 8)]);
    this.#write(own);
    await this.#answer();
    this.#send({ chunkStream: 2, type: MESSAGE.setChunkSize, payload: uint32(CHUNK_BYTES) });
    this.#send({ chunkStream: 2, type: MESSAGE.windowAcknowledgementSize, payload: uint32(WINDOW_BYTES) });
    const { app, tcUrl, key } = this.#url;
    this.#command('connect', 1, {
      app,
      type: 'nonprivate',
      flashVer: 'FMLE/3.0 (compatible; Parley)',
      tcUrl,
    });
    await this.#answer();
    this.#command('releaseStream', 2, null, key);
    this.#command('FCPublish', 3, null, key);
    this.#command('createStream', 4, null);
    await this.#answer();
    this.#command('publish', 5, null, key, 'live');
    await this.#answer();
  }

  #answer(): Promise<void> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  #resolve(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve();
  }

  #handleBytes(bytes: Buffer): void {
    try {
      const rest = this.#handshake === null ? bytes : this.#handleHandshake(bytes);
      if (rest.length === 0) return;
      for (const message of this.#reader.read(rest)) this.#handleMessage(message);
    } catch {
      this.#end(new RtmpRefusedError('It answers, but speaks no RTMP.', ''));
    }
  }

  /** S0, S1 and S2; the simple handshake, which every service takes (section 5.2). */
  #handleHandshake(bytes: Buffer): Buffer {
    const all = Buffer.concat([this.#handshake ?? Buffer.alloc(0), bytes]);
    this.#handshake = all;
    if (all.readUInt8(0) !== 3) throw new RangeError('another protocol');
    if (all.length < 1 + 2 * HANDSHAKE_BYTES) return Buffer.alloc(0);
    this.#write(all.subarray(1, 1 + HANDSHAKE_BYTES));
    this.#handshake = null;
    this.#resolve();
    return all.subarray(1 + 2 * HANDSHAKE_BYTES);
  }

  #handleMessage({ type, payload }: Message): void {
    if (type === MESSAGE.acknowledgement) this.#acknowledged = payload.readUInt32BE(0);
    if (type === MESSAGE.userControl && payload.readUInt16BE(0) === USER_CONTROL.pingRequest) {
      const pong = Buffer.from(payload);
      pong.writeUInt16BE(USER_CONTROL.pingResponse, 0);
      this.#send({ chunkStream: CHUNK_STREAM.control, type: MESSAGE.userControl, payload: pong });
    }
    if (type === MESSAGE.command) this.#handleCommand(decodeAmf0(payload));
    if (type === MESSAGE.commandAmf3) this.#handleCommand(decodeAmf0(payload.subarray(1)));
  }

  #handleCommand([name, transaction, , info]: Amf0[]): void {
    if (name === '_result') {
      if (transaction === 4 && typeof info === 'number') this.#stream = info;
      if (transaction === 1 || transaction === 4) this.#resolve();
      return;
    }
    const { code, level, description } = statusOf(info);
    const isRefusal = name === '_error' && (transaction === 1 || transaction === 4);
    if (isRefusal || (name === 'onStatus' && (level === 'error' || code === 'NetStream.Unpublish.Success'))) {
      const words = withoutKey(description || code, this.#url.key) || 'no reason given';
      this.#end(
        new RtmpRefusedError(`The service refuses the stream: ${words}.`, withoutKey(code, this.#url.key)),
      );
    } else if (name === 'onStatus' && code === 'NetStream.Publish.Start') this.#resolve();
  }

  #command(name: string, transaction: number, ...rest: Amf0[]): void {
    const stream = name === 'publish' ? this.#stream : 0;
    const payload = encodeAmf0(name, transaction, ...rest);
    this.#write(
      chunksOf(
        { chunkStream: CHUNK_STREAM.command, type: MESSAGE.command, stream, timestamp: 0, payload },
        this.#chunkSize,
      ),
    );
  }

  #sendMedia(kind: 'audio' | 'video', payload: Buffer, timestamp: number): void {
    this.#send({ chunkStream: CHUNK_STREAM[kind], type: MESSAGE[kind], payload, timestamp });
  }

  #send(message: { chunkStream: number; type: number; payload: Buffer; timestamp?: number }): void {
    const stream = message.chunkStream === CHUNK_STREAM.control ? 0 : this.#stream;
    this.#write(chunksOf({ timestamp: 0, ...message, stream }, this.#chunkSize));
    if (message.type === MESSAGE.setChunkSize) this.#chunkSize = CHUNK_BYTES;
  }

  #chunkSize = 128;

  #write(bytes: Buffer): void {
    if (this.#ended) return;
    this.#written += bytes.length;
    this.#socket.write(bytes);
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
    this.#onEnd?.(error);
    this.#socket.end();
    // A service that does not read must not keep the connection.
    setTimeout(() => this.#socket.destroy(), 500).unref();
  }
}

function statusOf(info: Amf0): { code: string; level: string; description: string } {
  const read = (key: string) => {
    const value = typeof info === 'object' && info !== null && !Array.isArray(info) ? info[key] : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { code: read('code'), level: read('level'), description: read('description') };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
