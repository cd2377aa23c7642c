import type { SoundCodec } from '../engine.ts';
import { Concealer } from '../dsp/Concealer.ts';
import { Doubler } from '../dsp/halfBand.ts';
import { PCMA, PCMU, type CompandingCodec } from './g711.ts';
import { G722Decoder } from './g722.ts';
import {
  isOpusSilence,
  opusDurationOf,
  OPUS_CLOCK,
  type OpusCodec,
  type OpusDecoder,
} from './opus/OpusCodec.ts';

/** One stream of packets, to 16 kHz. */
export interface SoundDecoder {
  /** How much sound a packet holds, ms. */
  durationOf(packet: Uint8Array): number;
  /** Whether the packet says that nothing follows for a while. */
  isSilence(packet: Uint8Array): boolean;
  /** Empty for what cannot be read. */
  decode(packet: Uint8Array): Int16Array;
  /** In place of what was lost; `next`, where it is there already, is the packet right behind it. */
  conceal(samples: number, next?: Uint8Array): Int16Array;
  close(): void;
}

/** Units of a codec's RTP timestamps in a second. G.722 says 8000 though it has 16 000 samples (RFC 3551, section 4.5.2). */
export const clockRateOf = (codec: SoundCodec): number => (codec === 'opus' ? OPUS_CLOCK : 8000);

export function openDecoder(codec: SoundCodec, opus: OpusCodec): SoundDecoder {
  switch (codec) {
    case 'PCMU':
      return new SampleDecoder(narrow(PCMU));
    case 'PCMA':
      return new SampleDecoder(narrow(PCMA));
    case 'G722': {
      const g722 = new G722Decoder();
      return new SampleDecoder((packet) => g722.decode(packet));
    }
    case 'opus':
      return new OpusStreamDecoder(opus.openDecoder());
  }
}

function narrow(codec: CompandingCodec): (packet: Uint8Array) => Int16Array {
  const doubler = new Doubler();
  return (packet) => doubler.process(codec.decode(packet));
}

/** Codecs of eight bytes for each millisecond. */
class SampleDecoder implements SoundDecoder {
  readonly #decode: (packet: Uint8Array) => Int16Array;
  readonly #concealer = new Concealer();

  constructor(decode: (packet: Uint8Array) => Int16Array) {
    this.#decode = decode;
  }

  durationOf(packet: Uint8Array): number {
    return packet.length / 8;
  }

  isSilence(): boolean {
    return false;
  }

  decode(packet: Uint8Array): Int16Array {
    return this.#concealer.heard(this.#decode(packet));
  }

  conceal(samples: number): Int16Array {
    return this.#concealer.conceal(samples);
  }

  close(): void {
    // There is nothing to free.
  }
}

class OpusStreamDecoder implements SoundDecoder {
  readonly #opus: OpusDecoder;
  readonly #concealer = new Concealer();
  #concealsItself = true;

  constructor(opus: OpusDecoder) {
    this.#opus = opus;
  }

  durationOf(packet: Uint8Array): number {
    return opusDurationOf(packet);
  }

  isSilence(packet: Uint8Array): boolean {
    return isOpusSilence(packet);
  }

  decode(packet: Uint8Array): Int16Array {
    try {
      const samples = this.#opus.decode(packet);
      return this.#concealsItself ? samples : this.#concealer.heard(samples);
    } catch {
      // Anybody can send bytes that are no Opus: they are worth nothing, and harm nothing.
      return new Int16Array(0);
    }
  }

  conceal(samples: number, next?: Uint8Array): Int16Array {
    try {
      const made = (next && this.#opus.decodeLost(next)) ?? this.#opus.conceal(samples);
      if (made) return made;
    } catch {
      // By our own means, then.
    }
    this.#concealsItself = false;
    return this.#concealer.conceal(samples);
  }

  close(): void {
    this.#opus.close();
  }
}
