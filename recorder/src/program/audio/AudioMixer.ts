import type { AudioBlock, AudioInput } from '../../room/ProgramInput.ts';
import { AudioSource } from './AudioSource.ts';
import { BLOCK_FRAMES, CHANNELS, SAMPLE_RATE } from './format.ts';
import { Limiter } from './Limiter.ts';

interface Source {
  readonly source: AudioSource;
  readonly stop: () => void;
}

/** The sound of all, in blocks of 20 ms. */
export class AudioMixer {
  readonly #sources = new Map<AudioInput, Source>();
  readonly #limiter = new Limiter();
  readonly #block = new Float32Array(BLOCK_FRAMES * CHANNELS);
  readonly #startedAt: number;
  readonly #delay: number;

  /**
   * @param startedAt when the first sample of the programme is, ms of `performance.now()`
   * @param delay ms between the moment a sound was made and its place in the programme
   */
  constructor(startedAt: number, delay: number) {
    this.#startedAt = startedAt;
    this.#delay = delay;
  }

  /** Exactly these are heard from now on. */
  listenTo(inputs: ReadonlySet<AudioInput>): void {
    for (const [input, { stop }] of this.#sources) {
      if (inputs.has(input)) continue;
      stop();
      this.#sources.delete(input);
    }
    for (const input of inputs) if (!this.#sources.has(input)) this.#sources.set(input, this.#listen(input));
  }

  /**
   * The sound of block `index`, counted from 0, each to be asked for once and in order.
   * @returns the same array each time
   */
  mix(index: number): Float32Array {
    this.#block.fill(0);
    for (const { source } of this.#sources.values()) source.mixInto(this.#block, index * BLOCK_FRAMES);
    this.#limiter.process(this.#block);
    return this.#block;
  }

  close(): void {
    this.listenTo(new Set());
  }

  #listen(input: AudioInput): Source {
    const source = new AudioSource();
    const stop = input.listen((block) => source.push(block.samples, this.#positionOf(block)));
    return { source, stop };
  }

  #positionOf({ capturedAt }: AudioBlock): number {
    const at = capturedAt + this.#delay - this.#startedAt;
    return Math.max(0, Math.round((at * SAMPLE_RATE) / 1000));
  }
}
