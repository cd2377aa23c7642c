import { openEncoder, type SoundEncoder } from '../codecs/SoundEncoder.ts';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import type { SoundCodec } from '../engine.ts';
import { ComfortNoise } from '../dsp/comfortNoise.ts';
import { Limiter } from '../dsp/Limiter.ts';
import { FRAME } from '../dsp/units.ts';
import type { Counters } from './counters.ts';

interface Stream {
  readonly encoder: SoundEncoder;
  /** Of the tick that was encoded last. */
  encodedAt: number;
  payload: Buffer;
}

/** What every outlet of a mixer has. */
export interface OutletTools {
  readonly opus: OpusCodec;
  readonly counters: Counters;
}

/**
 * One mix that at least one phone hears: made fit for sixteen bits, with comfort noise in it, and encoded once for each codec however many hear it.
 */
export class Outlet {
  readonly #tools: OutletTools;
  readonly #limiter = new Limiter();
  readonly #noise = new ComfortNoise();
  readonly #streams = new Map<SoundCodec, Stream>();
  readonly #sum = new Int32Array(FRAME);
  #samples: Int16Array | undefined;
  #tick = -1;

  constructor(tools: OutletTools) {
    this.#tools = tools;
  }

  /** Begins a tick, unless it has begun: `fill` is to write the sum. */
  begin(tick: number, fill: (sum: Int32Array) => void): void {
    if (this.#tick === tick) return;
    this.#tick = tick;
    this.#samples = undefined;
    fill(this.#sum);
  }

  encode(codec: SoundCodec): Buffer {
    const stream = this.#streamOf(codec);
    if (stream.encodedAt === this.#tick) return stream.payload;
    this.#samples ??= this.#finish();
    stream.payload = stream.encoder.encode(this.#samples);
    stream.encodedAt = this.#tick;
    this.#tools.counters.encodedDown += 1;
    return stream.payload;
  }

  /** Who heard the other up to now hears this from now on: goes on where that was, where nobody else hears this already. */
  follow(other: Outlet, codec: SoundCodec): void {
    const [own, former] = [this.#streamOf(codec), other.#streams.get(codec)];
    if (!former || own.encodedAt >= this.#tick - 1) return;
    if (own.encoder.copyFrom(former.encoder)) this.#limiter.copyFrom(other.#limiter);
  }

  close(): void {
    for (const { encoder } of this.#streams.values()) encoder.close();
    this.#streams.clear();
  }

  #finish(): Int16Array {
    this.#noise.addTo(this.#sum);
    return this.#limiter.process(this.#sum);
  }

  #streamOf(codec: SoundCodec): Stream {
    let stream = this.#streams.get(codec);
    if (!stream) {
      const encoder = openEncoder(codec, this.#tools.opus);
      stream = { encoder, encodedAt: -2, payload: Buffer.alloc(0) };
      this.#streams.set(codec, stream);
    }
    return stream;
  }
}
