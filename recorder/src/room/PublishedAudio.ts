import { EventEmitter } from 'node:events';
import type { PublicationInfo } from '@parley/protocol';
import { AudioDecoder } from '../decode/AudioDecoder.ts';
import type { EncodedFrame } from '../rtp/EncodedFrame.ts';
import type { AudioBlock, AudioInput, FrameListener } from './ProgramInput.ts';
import type { Supply } from './PublishedVideo.ts';

/** A microphone of somebody in the room, or the sound of their screen. */
export class PublishedAudio extends EventEmitter<{ changed: [] }> implements AudioInput {
  readonly publicationId: string;
  readonly source: 'microphone' | 'screenAudio';
  readonly #supply: Pick<Supply, 'wish' | 'log'>;
  readonly #listeners = new Set<(block: AudioBlock) => void>();
  readonly #frameListeners = new Set<FrameListener>();
  #muted: boolean;
  #decoder: AudioDecoder | undefined;
  #isStarting = false;
  #closed = false;

  constructor(
    info: PublicationInfo,
    source: 'microphone' | 'screenAudio',
    supply: Pick<Supply, 'wish' | 'log'>,
  ) {
    super();
    this.publicationId = info.publicationId;
    this.source = source;
    this.#muted = info.muted;
    this.#supply = supply;
  }

  get muted(): boolean {
    return this.#muted;
  }

  listen(listener: (block: AudioBlock) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#decoder && !this.#isStarting) void this.#startDecoding();
    this.#wish();
    return () => {
      if (!this.#listeners.delete(listener)) return;
      if (this.#listeners.size === 0) this.#stopDecoding();
      this.#wish();
    };
  }

  receiveFrames(listener: FrameListener): () => void {
    this.#frameListeners.add(listener);
    this.#wish();
    return () => {
      if (this.#frameListeners.delete(listener)) this.#wish();
    };
  }

  setInfo({ muted }: PublicationInfo): void {
    if (muted === this.#muted) return;
    this.#muted = muted;
    this.emit('changed');
  }

  handleFrame(frame: EncodedFrame, codec: string): void {
    for (const listener of this.#frameListeners) listener(frame, codec);
    this.#decoder?.push(frame);
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    this.#frameListeners.clear();
    this.#stopDecoding();
  }

  async #startDecoding(): Promise<void> {
    this.#isStarting = true;
    try {
      const decoder = await AudioDecoder.create((block) => {
        for (const listener of this.#listeners) listener(block);
      });
      if (this.#closed || this.#listeners.size === 0) decoder.close();
      else this.#decoder = decoder;
    } catch (error) {
      this.#supply.log.warn({ err: error, publicationId: this.publicationId }, 'sound cannot be decoded');
    } finally {
      this.#isStarting = false;
    }
  }

  #stopDecoding(): void {
    this.#decoder?.close();
    this.#decoder = undefined;
  }

  #wish(): void {
    this.#supply.wish(this.publicationId, {
      wanted: this.#listeners.size + this.#frameListeners.size > 0,
    });
  }
}
