import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { ProgramSettings, RecorderCommand } from '@parley/protocol/recorder';
import { OpusEncoder } from '../encode/OpusEncoder.ts';
import type { Fragment } from '../files/index.ts';
import { readStream, samplesOf, type Mp4Stream } from '../live/mp4Samples.ts';
import { BLOCK_MS, CHANNELS, BLOCK_FRAMES } from '../program/audio/format.ts';
import { h264Payloads, nalUnitsOf, parameterSetsOf } from '../rtp/packetizeH264.ts';
import { asksForKeyFrame } from '../rtp/rtcp.ts';
import { RtpWriter } from '../rtp/RtpWriter.ts';
import type { EncoderRun, ProgramSink } from './ProgramSink.ts';

type OpenFeed = Extract<RecorderCommand, { type: 'openFeed' }>;

export interface FeedSinkOptions {
  readonly feed: OpenFeed;
  readonly ffmpeg: string;
  readonly settings: ProgramSettings;
  /** Milliseconds since the epoch, by a clock that only goes forward. */
  now(): number;
  requestKeyFrame(): void;
  /** Numbers of the packets that come next, once a second. */
  onProgress(numbers: { video: number; audio: number }): void;
}

/**
 * From when something happened until it is sent, ms: what the programme, the look-ahead of the encoder and a fragment take. What
 * comes later than that is sent at once.
 */
const DELAY_MS = 700;
const TICK_MS = 5;
const PROGRESS_MS = 1_000;
/** A gap of so many blocks is filled with silence; after a longer one sound begins anew. */
const MAX_SILENT_BLOCKS = 50;
/** An encoder that died is not started again at once, ms. */
const RESTART_MS = 500;

interface Due {
  readonly at: number;
  readonly packets: Buffer[];
}

/** The programme as RTP: pictures as they were encoded, sound in Opus; each sent when its time has come, so that they are together. */
export class FeedSink implements ProgramSink {
  readonly #options: FeedSinkOptions;
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly #progressTimer: NodeJS.Timeout;
  readonly #video: RtpWriter;
  readonly #audio: RtpWriter;
  readonly #due: { video: Due[]; audio: Due[] } = { video: [], audio: [] };
  #stream: Mp4Stream | undefined;
  #startedAt = 0;
  #parameterSets: Buffer[] = [];
  #sound: { encoder: OpusEncoder; startedAt: number; written: number; encoded: number } | undefined;
  #silentUntil = 0;

  /** Rejects when its port is not to be had. */
  static async open(options: FeedSinkOptions): Promise<FeedSink> {
    const { ip, port, localPort } = options.feed;
    const socket = createSocket('udp4');
    socket.bind(localPort, ip);
    await once(socket, 'listening');
    // From now on it hears nobody else.
    socket.connect(port, ip);
    await once(socket, 'connect');
    return new FeedSink(options, socket);
  }

  private constructor(options: FeedSinkOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.#video = new RtpWriter(options.feed.video);
    this.#audio = new RtpWriter(options.feed.audio);
    socket.on('message', (data) => {
      if (asksForKeyFrame(data)) options.requestKeyFrame();
    });
    // The port at the other end may be closed already.
    socket.on('error', () => undefined);
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#progressTimer = setInterval(
      () => options.onProgress({ video: this.#video.sequenceNumber, audio: this.#audio.sequenceNumber }),
      PROGRESS_MS,
    );
  }

  get port(): number {
    return this.#socket.address().port;
  }

  begin({ init, startedAt }: EncoderRun): void {
    this.#stream = readStream(init.bytes, this.#options.settings);
    this.#startedAt = startedAt;
    this.#parameterSets = parameterSetsOf(this.#stream.config.avc ?? Buffer.alloc(0));
  }

  write(fragment: Fragment): void {
    if (!this.#stream) return;
    for (const { kind, data, decodeTime, offset, keyFrame } of samplesOf(fragment.bytes, this.#stream)) {
      if (kind !== 'video') continue;
      const happened = this.#startedAt + decodeTime + offset;
      const units = [...(keyFrame ? this.#parameterSets : []), ...nalUnitsOf(data)];
      const payloads = units.flatMap(h264Payloads);
      const packets = payloads.map((payload, index) =>
        this.#video.write(payload, { timestamp: happened * 90, marker: index === payloads.length - 1 }),
      );
      this.#due.video.push({ at: happened + DELAY_MS, packets });
    }
  }

  /** Takes sound, with when it was heard (milliseconds since the epoch). */
  readonly listener = (samples: Float32Array, happened: number): void => {
    if (happened < this.#silentUntil) return;
    const sound = (this.#sound ??= this.#startSound(happened));
    const missing = Math.round((happened - sound.startedAt) / BLOCK_MS) - sound.written;
    if (missing > MAX_SILENT_BLOCKS) return this.#endSound();
    for (let left = missing; left > 0; left -= 1) {
      sound.encoder.write(new Float32Array(BLOCK_FRAMES * CHANNELS));
      sound.written += 1;
    }
    if (missing < 0) return;
    sound.encoder.write(samples);
    sound.written += 1;
  };

  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearInterval(this.#progressTimer);
    this.#endSound();
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #startSound(startedAt: number) {
    const { ffmpeg, settings } = this.#options;
    const encoder: OpusEncoder = new OpusEncoder({
      ...{ ffmpeg, bitrate: settings.audioBitrate },
      onPacket: (packet) => this.#onPacket(packet),
      onDeath: () => {
        this.#endSound();
        this.#silentUntil = this.#options.now() + RESTART_MS;
      },
    });
    return { encoder, startedAt, written: 0, encoded: 0 };
  }

  #endSound(): void {
    this.#sound?.encoder.close();
    this.#sound = undefined;
  }

  #onPacket(packet: Buffer): void {
    const sound = this.#sound;
    if (!sound) return;
    const happened = sound.startedAt + sound.encoded * BLOCK_MS;
    sound.encoded += 1;
    const packets = [this.#audio.write(packet, { timestamp: happened * 48, marker: false })];
    this.#due.audio.push({ at: happened + DELAY_MS, packets });
  }

  #tick(): void {
    const now = this.#options.now();
    for (const queue of [this.#due.audio, this.#due.video])
      for (let [next] = queue; next && next.at <= now; [next] = queue) {
        queue.shift();
        for (const packet of next.packets) this.#socket.send(packet);
      }
  }
}
