import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { OggPackets } from './OggPackets.ts';

export interface OpusEncoderOptions {
  readonly ffmpeg: string;
  /** bits/s */
  readonly bitrate: number;
  /** 20 ms of sound, in the order in which it was written. */
  onPacket(packet: Buffer): void;
  /** It has died; `close` was not called. */
  onDeath(): void;
}

/** One ffmpeg that makes Opus of sound. What comes out counts samples: whoever writes keeps the time. */
export class OpusEncoder {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  #closed = false;

  constructor({ ffmpeg, bitrate, onPacket, onDeath }: OpusEncoderOptions) {
    this.#process = spawn(ffmpeg, argumentsFor(bitrate), { stdio: ['pipe', 'pipe', 'ignore'] });
    const packets = new OggPackets(onPacket);
    this.#process.stdin.on('error', () => undefined); // Its end says it.
    this.#process.stdout.on('data', (chunk: Buffer) => this.#closed || packets.push(chunk));
    this.#process.on('error', () => undefined);
    this.#process.on('close', () => this.#closed || onDeath());
  }

  write(samples: Float32Array): void {
    // The array is used again by whoever gave it.
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    this.#process.stdin.write(Buffer.from(bytes));
  }

  close(): void {
    this.#closed = true;
    this.#process.kill('SIGKILL');
  }
}

const argumentsFor = (bitrate: number): string[] => [
  ...['-hide_banner', '-nostats', '-nostdin', '-loglevel', 'error'],
  ...['-probesize', '32', '-analyzeduration', '0', '-f', 'f32le', '-ar', '48000', '-ac', '2', '-i', 'pipe:0'],
  ...['-c:a', 'libopus', '-application', 'audio', '-frame_duration', '20', '-b:a', `${bitrate}`],
  ...['-f', 'ogg', '-page_duration', '20000', '-flush_packets', '1', 'pipe:1'],
];
