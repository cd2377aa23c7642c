import { CTL, OPUS, type OpusCodec, type OpusDecoder, type OpusEncoder } from './OpusCodec.ts';
import { FRAME, RATE } from '../../dsp/units.ts';

/** Where the library is, by platform; the usual folders are looked through by the system itself. */
const NAMES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['libopus.so.0'],
  freebsd: ['libopus.so.0'],
  darwin: ['libopus.0.dylib', '/opt/homebrew/lib/libopus.0.dylib', '/usr/local/lib/libopus.0.dylib'],
  win32: ['opus.dll', 'libopus-0.dll'],
};
/** No packet of ours is larger. */
const MAX_PACKET = 1275;
/** 120 ms. */
const MAX_SAMPLES = 6 * FRAME;

/** What is called of the library. Pointers are opaque; arrays are written to in place. */
interface Library {
  createEncoder(rate: number, channels: number, application: number, error: Int32Array): unknown;
  encode(encoder: unknown, pcm: Int16Array, samples: number, data: Uint8Array, max: number): number;
  encoderControl(encoder: unknown, request: number, type: 'int', value: number): number;
  destroyEncoder(encoder: unknown): void;
  createDecoder(rate: number, channels: number, error: Int32Array): unknown;
  decode(
    decoder: unknown,
    data: Uint8Array | null,
    length: number,
    pcm: Int16Array,
    samples: number,
    fec: number,
  ): number;
  destroyDecoder(decoder: unknown): void;
}

/**
 * The libopus of the system. Called without threads, for koffi aborts at times where calls run beside a worker thread. Rejects where koffi or the
 * library cannot be loaded.
 */
export async function loadSystemOpus(): Promise<OpusCodec> {
  const library = await loadLibrary();
  return {
    name: 'libopus',
    openEncoder: () => new Encoder(library),
    openDecoder: () => new Decoder(library),
  };
}

async function loadLibrary(): Promise<Library> {
  const { default: koffi } = await import('koffi');
  const failures: string[] = [];
  for (const name of NAMES[process.platform] ?? []) {
    try {
      const opus = koffi.load(name);
      return {
        createEncoder: opus.func('opus_encoder_create', 'void *', ['int', 'int', 'int', 'int *']),
        encode: opus.func('opus_encode', 'int', ['void *', 'int16_t *', 'int', 'uint8_t *', 'int32_t']),
        encoderControl: opus.func('int opus_encoder_ctl(void *st, int request, ...)'),
        destroyEncoder: opus.func('opus_encoder_destroy', 'void', ['void *']),
        createDecoder: opus.func('opus_decoder_create', 'void *', ['int', 'int', 'int *']),
        decode: opus.func('opus_decode', 'int', [
          ...['void *', 'uint8_t *', 'int32_t', 'int16_t *', 'int', 'int'],
        ]),
        destroyDecoder: opus.func('opus_decoder_destroy', 'void', ['void *']),
      };
    } catch (error) {
      failures.push(`${name}: ${String(error)}`);
    }
  }
  throw new Error(`libopus could not be loaded (${failures.join('; ') || process.platform})`);
}

class Encoder implements OpusEncoder {
  readonly #library: Library;
  #state: unknown;
  readonly #data = Buffer.alloc(MAX_PACKET);

  constructor(library: Library) {
    this.#library = library;
    const error = new Int32Array(1);
    this.#state = library.createEncoder(RATE, 1, CTL.application.voip, error);
    if (error[0] !== 0 || !this.#state) throw new Error(`opus_encoder_create: ${error[0]}`);
    for (const [request, value] of [
      [CTL.setBitrate, OPUS.bitrate],
      [CTL.setComplexity, OPUS.complexity],
      [CTL.setInbandFec, 1],
      [CTL.setPacketLoss, OPUS.expectedLoss],
      [CTL.setSignal, CTL.signalVoice],
    ] as const)
      library.encoderControl(this.#state, request, 'int', value);
  }

  encode(samples: Int16Array): Buffer {
    // The library reads as many as it is told to, whether they are there or not.
    if (!this.#state || samples.length !== FRAME) throw new Error('A frame of Opus here is 320 samples.');
    const length = this.#library.encode(this.#state, samples, FRAME, this.#data, MAX_PACKET);
    if (length < 0) throw new Error(`opus_encode: ${length}`);
    return Buffer.from(this.#data.subarray(0, length));
  }

  setComplexity(complexity: number): void {
    if (this.#state) this.#library.encoderControl(this.#state, CTL.setComplexity, 'int', complexity);
  }

  close(): void {
    if (this.#state) this.#library.destroyEncoder(this.#state);
    this.#state = undefined;
  }
}

class Decoder implements OpusDecoder {
  readonly #library: Library;
  #state: unknown;
  readonly #samples = new Int16Array(MAX_SAMPLES);

  constructor(library: Library) {
    this.#library = library;
    const error = new Int32Array(1);
    this.#state = library.createDecoder(RATE, 1, error);
    if (error[0] !== 0 || !this.#state) throw new Error(`opus_decoder_create: ${error[0]}`);
  }

  decode(packet: Uint8Array): Int16Array {
    return this.#decode(packet, MAX_SAMPLES, false);
  }

  conceal(samples: number): Int16Array {
    return this.#decode(null, Math.min(samples, MAX_SAMPLES), false);
  }

  decodeLost(next: Uint8Array): Int16Array {
    return this.#decode(next, FRAME, true);
  }

  #decode(packet: Uint8Array | null, samples: number, fec: boolean): Int16Array {
    if (!this.#state) throw new Error('The decoder is closed.');
    const length = packet?.length ?? 0;
    const count = this.#library.decode(this.#state, packet, length, this.#samples, samples, fec ? 1 : 0);
    if (count < 0) throw new Error(`opus_decode: ${count}`);
    return this.#samples.slice(0, count);
  }

  close(): void {
    if (this.#state) this.#library.destroyDecoder(this.#state);
    this.#state = undefined;
  }
}
