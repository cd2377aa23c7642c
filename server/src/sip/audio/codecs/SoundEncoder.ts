import type { SoundCodec } from '../engine.ts';
import { Halver } from '../dsp/halfBand.ts';
import { PCMA, PCMU, type CompandingCodec } from './g711.ts';
import { G722Encoder } from './g722.ts';
import type { OpusCodec, OpusEncoder } from './opus/OpusCodec.ts';

/** One stream towards a phone: frames of 20 ms at 16 kHz, to bytes. */
export interface SoundEncoder {
  encode(samples: Int16Array): Buffer;
  /** Goes on as if it had encoded what the other has: no click where a listener gets a stream of its own. False where it cannot. */
  copyFrom(other: SoundEncoder): boolean;
  close(): void;
}

export function openEncoder(codec: SoundCodec, opus: OpusCodec): SoundEncoder {
  switch (codec) {
    case 'PCMU':
      return new NarrowEncoder(PCMU);
    case 'PCMA':
      return new NarrowEncoder(PCMA);
    case 'G722':
      return new WideEncoder();
    case 'opus':
      return new OpusStreamEncoder(opus.openEncoder());
  }
}

class NarrowEncoder implements SoundEncoder {
  readonly #codec: CompandingCodec;
  readonly #halver = new Halver();

  constructor(codec: CompandingCodec) {
    this.#codec = codec;
  }

  encode(samples: Int16Array): Buffer {
    return this.#codec.encode(this.#halver.process(samples));
  }

  copyFrom(other: SoundEncoder): boolean {
    if (!(other instanceof NarrowEncoder)) return false;
    this.#halver.copyFrom(other.#halver);
    return true;
  }

  close(): void {
    // There is nothing to free.
  }
}

class WideEncoder implements SoundEncoder {
  readonly #codec = new G722Encoder();

  encode(samples: Int16Array): Buffer {
    return this.#codec.encode(samples);
  }

  copyFrom(other: SoundEncoder): boolean {
    if (!(other instanceof WideEncoder)) return false;
    this.#codec.copyFrom(other.#codec);
    return true;
  }

  close(): void {
    // There is nothing to free.
  }
}

class OpusStreamEncoder implements SoundEncoder {
  readonly #opus: OpusEncoder;

  constructor(opus: OpusEncoder) {
    this.#opus = opus;
  }

  encode(samples: Int16Array): Buffer {
    return this.#opus.encode(samples);
  }

  /** Decoders of Opus take such changes well. */
  copyFrom(): boolean {
    return false;
  }

  close(): void {
    this.#opus.close();
  }
}
