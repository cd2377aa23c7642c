import type Script from 'opusscript';
import { CTL, OPUS, type OpusCodec, type OpusDecoder, type OpusEncoder } from './OpusCodec.ts';
import { FRAME, RATE } from '../../dsp/units.ts';

/** Packets that are longer would overrun the memory that it has for them. */
const MAX_PACKET = 3828;

/** libopus as WebAssembly: goes everywhere, and takes about half as long again. It cannot conceal. */
export async function loadScriptOpus(): Promise<OpusCodec> {
  const { default: OpusScript } = await import('opusscript');
  const open = (): Script => new OpusScript(RATE, 1, CTL.application.voip);
  return {
    name: 'opusscript',
    openEncoder: () => new Encoder(open()),
    openDecoder: () => new Decoder(open()),
  };
}

class Encoder implements OpusEncoder {
  readonly #script: Script;
  #closed = false;

  constructor(script: Script) {
    this.#script = script;
    script.setBitrate(OPUS.bitrate);
    script.encoderCTL(CTL.setComplexity, OPUS.complexity);
    script.encoderCTL(CTL.setInbandFec, 1);
    script.encoderCTL(CTL.setPacketLoss, OPUS.expectedLoss);
    script.encoderCTL(CTL.setSignal, CTL.signalVoice);
  }

  encode(samples: Int16Array): Buffer {
    if (this.#closed || samples.length !== FRAME) throw new Error('A frame of Opus here is 320 samples.');
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    return this.#script.encode(bytes, FRAME);
  }

  setComplexity(complexity: number): void {
    if (!this.#closed) this.#script.encoderCTL(CTL.setComplexity, complexity);
  }

  close(): void {
    if (!this.#closed) this.#script.delete();
    this.#closed = true;
  }
}

class Decoder implements OpusDecoder {
  readonly #script: Script;
  #closed = false;

  constructor(script: Script) {
    this.#script = script;
  }

  decode(packet: Uint8Array): Int16Array {
    if (this.#closed || packet.length === 0 || packet.length > MAX_PACKET)
      throw new Error('This is no packet of Opus.');
    const bytes = this.#script.decode(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength));
    const samples = new Int16Array(bytes.length / 2);
    for (let index = 0; index < samples.length; index += 1) samples[index] = bytes.readInt16LE(2 * index);
    return samples;
  }

  conceal(): undefined {
    return undefined;
  }

  decodeLost(): undefined {
    return undefined;
  }

  close(): void {
    if (!this.#closed) this.#script.delete();
    this.#closed = true;
  }
}
