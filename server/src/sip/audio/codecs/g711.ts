/** G.711 (ITU-T G.711): one byte for each sample at 8 kHz. Both ways by tables. */
export interface CompandingCodec {
  encode(samples: Int16Array): Buffer;
  decode(data: Uint8Array): Int16Array;
}

const SEGMENTS = 8;
const MULAW_BIAS = 0x84;
const MULAW_CLIP = 32_635;
/** Every other bit is inverted, so that silence has changes in it. */
const ALAW_TOGGLE = 0x55;

/** RTP payload type 0. */
export const PCMU: CompandingCodec = makeCodec(encodeMulaw, decodeMulaw);
/** RTP payload type 8. */
export const PCMA: CompandingCodec = makeCodec(encodeAlaw, decodeAlaw);

function makeCodec(
  encodeOne: (sample: number) => number,
  decodeOne: (byte: number) => number,
): CompandingCodec {
  const encoded = new Uint8Array(0x1_0000);
  for (let value = 0; value < 0x1_0000; value += 1) encoded[value] = encodeOne((value << 16) >> 16);
  const decoded = Int16Array.from({ length: 256 }, (_, byte) => decodeOne(byte));
  return {
    encode(samples) {
      const data = Buffer.allocUnsafe(samples.length);
      for (let index = 0; index < samples.length; index += 1)
        data[index] = encoded[(samples[index] ?? 0) & 0xffff] ?? 0;
      return data;
    },
    decode(data) {
      const samples = new Int16Array(data.length);
      for (let index = 0; index < data.length; index += 1) samples[index] = decoded[data[index] ?? 0] ?? 0;
      return samples;
    },
  };
}

function encodeMulaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MULAW_CLIP) + MULAW_BIAS;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function decodeMulaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MULAW_BIAS) << ((bits >> 4) & 0x07)) - MULAW_BIAS;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

function encodeAlaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = (sample < 0 ? -sample - 1 : sample) >> 3;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 4);
  if (exponent >= SEGMENTS) return (sign | 0x7f) ^ ALAW_TOGGLE;
  const mantissa = (magnitude >> Math.max(1, exponent)) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ ALAW_TOGGLE;
}

function decodeAlaw(byte: number): number {
  const bits = byte ^ ALAW_TOGGLE;
  const exponent = (bits >> 4) & 0x07;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}
