import { OpusDecoder } from 'opus-decoder';
import type { AudioBlock } from '../room/ProgramInput.ts';
import { opusSamples } from '../rtp/depacketize/opus.ts';
import type { EncodedFrame } from '../rtp/EncodedFrame.ts';

const CHANNELS = 2;
/** A gap up to this is filled by what the decoder makes of what was before; a longer one is silence, ms. */
const MAX_CONCEALED_MS = 60;
const SAMPLES_PER_MS = 48;

/**
 * Decodes one audio publication, in this process: libopus as WebAssembly.
 *
 * Weighed against one ffmpeg for each microphone: a packet becomes samples at once and keeps its time, where pipes of PCM
 * carry none and gaps (DTX) would have to be counted out; there is no process to supervise, of some 30 MB each; and a stream
 * costs less than 1 % of a core.
 */
export class AudioDecoder {
  readonly #decoder: OpusDecoder;
  readonly #onBlock: (block: AudioBlock) => void;
  #nextTimestamp: number | undefined;
  #closed = false;

  /** Rejects when WebAssembly is not to be had. */
  static async create(onBlock: (block: AudioBlock) => void): Promise<AudioDecoder> {
    const decoder = new OpusDecoder({ channels: CHANNELS, preSkip: 0 });
    await decoder.ready;
    return new AudioDecoder(decoder, onBlock);
  }

  private constructor(decoder: OpusDecoder, onBlock: (block: AudioBlock) => void) {
    this.#decoder = decoder;
    this.#onBlock = onBlock;
  }

  push({ data, rtpTimestamp, capturedAt }: EncodedFrame): void {
    const samples = opusSamples(data);
    // NOTE: what libopus would refuse is not shown to it: its wrapper writes every refusal to the console.
    if (this.#closed || samples === undefined) return;
    this.#conceal(rtpTimestamp, capturedAt);
    this.#nextTimestamp = rtpTimestamp + samples;
    this.#decode(data, capturedAt);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#decoder.free();
  }

  /** A packet or a few are missing: the decoder goes on from what it heard last, for as long as that is not heard to be so. */
  #conceal(rtpTimestamp: number, capturedAt: number): void {
    const missing = rtpTimestamp - (this.#nextTimestamp ?? rtpTimestamp);
    if (missing < 120 || missing > MAX_CONCEALED_MS * SAMPLES_PER_MS) return;
    this.#decode(Buffer.alloc(0), capturedAt - missing / SAMPLES_PER_MS, missing);
  }

  #decode(packet: Buffer, capturedAt: number, most = Number.POSITIVE_INFINITY): void {
    const { channelData, samplesDecoded } = this.#decoder.decodeFrame(packet);
    const [left, right] = channelData;
    const length = Math.min(samplesDecoded, most);
    if (!left || !right || length === 0) return;
    const samples = new Float32Array(length * CHANNELS);
    for (let index = 0; index < length; index += 1) {
      samples[index * CHANNELS] = left[index] ?? 0;
      samples[index * CHANNELS + 1] = right[index] ?? 0;
    }
    this.#onBlock({ samples, capturedAt });
  }
}
