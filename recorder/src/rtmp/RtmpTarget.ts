import type { Socket } from 'node:net';
import type { LiveTargetState } from '@parley/protocol';
import { DialError, dial, type DialOptions } from './dial.ts';
import type { Sample, StreamConfig } from './flv.ts';
import { RtmpConnection, RtmpRefusedError } from './RtmpConnection.ts';
import type { RtmpUrl } from '@parley/protocol/rtmpUrl';

export interface RtmpTargetStatus {
  state: LiveTargetState;
  /** bits/s over the last second or two. */
  bitrate: number;
  droppedFrames: number;
  /** For people; empty while it is live. */
  message: string;
}

export interface RtmpTargetOptions {
  url: RtmpUrl;
  allowPrivate: boolean;
  /** Called when something changed, and once a second while it is live. */
  onStatus(status: RtmpTargetStatus): void;
  /** For tests. */
  dial?: (url: RtmpUrl, options: DialOptions) => Promise<Socket>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Shorter while it is awaited back: a request that was lost while it was gone would be repeated too late. */
const RECONNECT_TIMEOUT_MS = 2_000;
const PUBLISH_TIMEOUT_MS = 8_000;
/** A service that was live is asked so often whether it is back: the stream resumes within two seconds of its return. */
const RETRY_MS = 1_000;
/** After so long without success it is asked less often, and after `GIVE_UP_MS` no more. */
const PATIENCE_MS = 600_000;
const SLOW_RETRY_MS = 10_000;
const GIVE_UP_MS = 3_600_000;
/** A service that was never live and says no: a wrong key stays wrong. */
const REFUSALS = 5;
/** No byte got through for so long: stalled. */
const STALL_MS = 6_000;
const WATCH_MS = 1_000;
/** More than this waiting to be sent, in seconds of the stream, and pictures are left out up to the next key frame. */
const MAX_QUEUE_SECONDS = 2;
const MIN_QUEUE_BYTES = 256 * 1024;

/** How far the service has come. */
interface Progress {
  /** Bytes acknowledged, or bytes that left where there are no acknowledgements, and when that last changed. */
  mark: number;
  at: number;
  sentThen: number;
  /** Bytes between two acknowledgements at most. */
  stride: number;
  /** Bytes that had left at the last look. */
  written: number;
}

/**
 * A stream kept at a target for as long as it is wanted: connected again when it breaks, with the group of pictures so far at
 * once, so that a picture is there at the first moment. Never holds up who feeds it: what a slow target cannot take is left out.
 */
export class RtmpTarget {
  readonly #options: RtmpTargetOptions;
  readonly #abort = new AbortController();
  #config: StreamConfig | undefined;
  /** Since the last key frame, it included. */
  #group: Sample[] = [];
  #connection: RtmpConnection | undefined;
  /** decodeTime of the first sample over this connection. */
  #start = 0;
  #skipping = false;
  #status: RtmpTargetStatus = { state: 'connecting', bitrate: 0, droppedFrames: 0, message: '' };
  #failingSince: number | undefined;
  #refusals = 0;
  #wasLive = false;
  #retry: NodeJS.Timeout | undefined;
  #watch: NodeJS.Timeout | undefined;
  #progress: Progress = { mark: 0, at: 0, written: 0, stride: 0, sentThen: 0 };

  constructor(options: RtmpTargetOptions) {
    this.#options = options;
  }

  get status(): RtmpTargetStatus {
    return this.#status;
  }

  /** The stream begins, or begins anew with other parameters. */
  start(config: StreamConfig): void {
    const isFirst = this.#config === undefined;
    this.#config = config;
    this.#group = [];
    if (isFirst) void this.#connect();
    else if (this.#connection) this.#reconnectWithNewStream();
  }

  write(sample: Sample): void {
    if (isKeyFrame(sample)) this.#group = [];
    const isUsable = this.#group.length > 0 || isKeyFrame(sample) || !this.#config?.avc;
    if (!isUsable) return;
    this.#group.push(sample);
    if (!this.#config?.avc) this.#group = this.#group.slice(-1);
    if (this.#connection) this.#send(sample);
  }

  /** Ends the stream at the target. Calling it again does nothing. */
  close(): void {
    this.#abort.abort();
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#connection?.close();
    this.#connection = undefined;
  }

  async #connect(): Promise<void> {
    const { signal } = this.#abort;
    const { url, allowPrivate, dial: open = dial } = this.#options;
    try {
      const socket = await open(url, {
        allowPrivate,
        timeout: this.#wasLive ? RECONNECT_TIMEOUT_MS : CONNECT_TIMEOUT_MS,
        signal,
      });
      if (signal.aborted) return void socket.destroy();
      const connection = await RtmpConnection.publish(socket, { url, timeout: PUBLISH_TIMEOUT_MS });
      if (signal.aborted) return connection.close();
      this.#handleLive(connection);
    } catch (error) {
      if (!signal.aborted) this.#handleFailure(error);
    }
  }

  #handleLive(connection: RtmpConnection): void {
    this.#connection = connection;
    this.#failingSince = undefined;
    this.#refusals = 0;
    this.#wasLive = true;
    this.#skipping = false;
    this.#progress = { mark: 0, at: performance.now(), written: 0, stride: 0, sentThen: 0 };
    connection.onEnd((error) => this.#handleBreak(connection, error));
    this.#setStatus({ state: 'live', message: '' });
    this.#sendGroup(connection);
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.#look(connection), WATCH_MS);
  }

  #sendGroup(connection: RtmpConnection): void {
    if (!this.#config) return;
    this.#start = this.#group[0]?.decodeTime ?? -1;
    connection.sendHeaders(this.#config);
    for (const sample of this.#group) this.#send(sample);
  }

  /** A new encoder has new parameters, and its time begins anew: services want that as a new stream. */
  #reconnectWithNewStream(): void {
    this.#connection?.close();
    this.#connection = undefined;
    clearInterval(this.#watch);
    void this.#connect();
  }

  #send(sample: Sample): void {
    const connection = this.#connection;
    if (!connection) return;
    if (this.#start < 0) this.#start = sample.decodeTime;
    const isFull = this.#isTooFull(connection);
    if (isFull) this.#skipping = true;
    else if (isKeyFrame(sample)) this.#skipping = false;
    if (this.#skipping && sample.kind === 'video') {
      this.#status = { ...this.#status, droppedFrames: this.#status.droppedFrames + 1 };
      return;
    }
    // Sound needs nothing of what was left out: it goes on as soon as there is room.
    if (isFull) return;
    connection.send(sample, Math.max(0, Math.round(sample.decodeTime - this.#start)));
  }

  #isTooFull(connection: RtmpConnection): boolean {
    const config = this.#config;
    const bytesPerSecond = config ? (config.videoBitrate + config.audioBitrate) / 8 : 0;
    return connection.bytesQueued > Math.max(MIN_QUEUE_BYTES, bytesPerSecond * MAX_QUEUE_SECONDS);
  }

  /** Once a second: how much goes out, and whether it arrives. */
  #look(connection: RtmpConnection): void {
    const now = performance.now();
    const sent = connection.bytesWritten - connection.bytesQueued;
    const bitrate = Math.round(((sent - this.#progress.written) * 8 * 1000) / WATCH_MS);
    this.#progress.written = sent;
    if (this.#isStalled(connection, { now, sent })) {
      this.#handleBreak(connection, new Error('The service takes the stream no more.'));
      return;
    }
    this.#setStatus({ bitrate: Math.max(0, bitrate) });
  }

  /**
   * NOTE: what the kernel took is no sign that a service lives: its buffers hide a stall for long. Only acknowledgements show
   * it; services that never acknowledge, or that do so rarely, are judged by what leaves.
   */
  #isStalled(connection: RtmpConnection, { now, sent }: { now: number; sent: number }): boolean {
    const progress = this.#progress;
    const acknowledged = connection.bytesAcknowledged;
    const mark = acknowledged ?? sent;
    if (mark !== progress.mark) {
      if (acknowledged !== undefined)
        progress.stride = Math.max(progress.stride, (mark - progress.mark) >>> 0);
      progress.mark = mark;
      progress.at = now;
      progress.sentThen = sent;
      return false;
    }
    if (now - progress.at <= STALL_MS) return false;
    if (connection.bytesQueued > 0 && acknowledged === undefined) return true;
    return acknowledged !== undefined && sent - progress.sentThen > 2 * progress.stride;
  }

  #handleBreak(connection: RtmpConnection, error: Error): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    clearInterval(this.#watch);
    connection.close();
    this.#handleFailure(error);
  }

  #handleFailure(error: unknown): void {
    const now = performance.now();
    this.#failingSince ??= now;
    if (error instanceof RtmpRefusedError && !this.#wasLive) this.#refusals += 1;
    const failingFor = now - this.#failingSince;
    const message = error instanceof Error ? error.message : String(error);
    const isHopeless =
      (error instanceof DialError && error.code === 'private') ||
      this.#refusals >= REFUSALS ||
      failingFor > GIVE_UP_MS;
    if (isHopeless) {
      const advice = this.#refusals >= REFUSALS ? ' Check the address and the key, and add it again.' : '';
      this.#setStatus({ state: 'failed', bitrate: 0, message: message + advice });
      return;
    }
    this.#setStatus({ state: this.#wasLive ? 'retrying' : 'connecting', bitrate: 0, message });
    this.#retry = setTimeout(() => void this.#connect(), failingFor > PATIENCE_MS ? SLOW_RETRY_MS : RETRY_MS);
  }

  #setStatus(change: Partial<RtmpTargetStatus>): void {
    this.#status = { ...this.#status, ...change };
    if (!this.#abort.signal.aborted) this.#options.onStatus(this.#status);
  }
}

/** Where pictures can begin. In MP4 each sample of sound is marked as if it were one. */
function isKeyFrame({ kind, keyFrame }: Sample): boolean {
  return kind === 'video' && keyFrame;
}
