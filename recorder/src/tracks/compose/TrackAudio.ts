import { EventEmitter } from 'node:events';
import { AudioDecoder } from '../../decode/AudioDecoder.ts';
import type { AudioBlock, AudioInput } from '../../room/ProgramInput.ts';
import { opusSamples } from '../../rtp/depacketize/opus.ts';
import type { TrackPacket, TrackReader } from './TrackReader.ts';

/** What is farther than this from where the packet before ended was not sent one after the other, ms. */
const GAP_MS = 12;
const SILENT = -127;

export interface TrackAudioOptions {
  readonly file: string;
  readonly source: 'microphone' | 'screenAudio';
  readonly reader: TrackReader;
  /** When its first sample is to be heard, ms of the programme. */
  readonly startsAt: number;
}

/** A microphone, or the sound of a screen, of a track file. */
export class TrackAudio extends EventEmitter<{ changed: [] }> implements AudioInput {
  readonly publicationId: string;
  readonly source: 'microphone' | 'screenAudio';
  muted = false;
  /** How loud it was last, dBov. */
  level = SILENT;
  readonly #options: TrackAudioOptions;
  readonly #listeners = new Set<(block: AudioBlock) => void>();
  #packets: AsyncGenerator<TrackPacket> | undefined;
  #next: TrackPacket | undefined;
  #decoder: AudioDecoder | undefined;
  #end = -Infinity;

  constructor(options: TrackAudioOptions) {
    super();
    this.#options = options;
    this.publicationId = options.file;
    this.source = options.source;
  }

  listen(listener: (block: AudioBlock) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  receiveFrames(): () => void {
    return () => undefined;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  /** Gives what is to be heard until `now`, ms of the programme. */
  async advance(now: number): Promise<void> {
    this.#decoder ??= await AudioDecoder.create((block) => this.#tell(block));
    if (!this.#packets) {
      this.#packets = this.#options.reader.from(0);
      await this.#read();
    }
    while (this.#next && this.#next.at + this.#options.startsAt < now) {
      this.#decode(this.#next);
      await this.#read();
    }
  }

  async close(): Promise<void> {
    this.#decoder?.close();
    await this.#packets?.return(undefined);
    await this.#options.reader.close();
  }

  async #read(): Promise<void> {
    const result = await this.#packets?.next();
    this.#next = result && !result.done ? result.value : undefined;
  }

  /** Times of the file are whole milliseconds, and shake a little: what follows closely goes on where the last one ended. */
  #decode({ data, at }: TrackPacket): void {
    const samples = opusSamples(data);
    // What lies on top of what was before came in a heap: there is no telling when it was said.
    if (samples === undefined || at < this.#end - GAP_MS) return;
    const start = Math.abs(at - this.#end) < GAP_MS ? this.#end : at;
    // It follows the file, slowly, where the clock of the sender was not that of the recorder.
    this.#end = start + samples / 48 + (start === at ? 0 : (at - start) / 64);
    const capturedAt = start + this.#options.startsAt;
    const times = { rtpTimestamp: Math.round(start * 48), arrivedAt: capturedAt, capturedAt };
    this.#decoder?.push({ data, keyFrame: true, rotation: 0, ...times });
  }

  #tell(block: AudioBlock): void {
    let power = 0;
    for (const sample of block.samples) power += sample * sample;
    this.level = this.muted ? SILENT : 10 * Math.log10(power / block.samples.length + 1e-12);
    for (const listener of this.#listeners) listener(block);
  }
}
