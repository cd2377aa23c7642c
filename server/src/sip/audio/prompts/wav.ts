import { Halver, Doubler } from '../dsp/halfBand.ts';
import { RATE } from '../dsp/units.ts';

const PCM = 1;
const EXTENSIBLE = 0xfffe;

/** Samples of a WAV file of 16 bits, one or more channels, 8, 16, 32 or 48 kHz, at 16 kHz. Throws for any other. */
export function readWav(data: Buffer): Int16Array {
  if (data.toString('latin1', 0, 4) !== 'RIFF' || data.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('This is no WAV file.');
  let format: { channels: number; rate: number } | undefined;
  for (let at = 12; at + 8 <= data.length;) {
    const id = data.toString('latin1', at, at + 4);
    const length = data.readUInt32LE(at + 4);
    const chunk = data.subarray(at + 8, at + 8 + length);
    if (id === 'fmt ') format = readFormat(chunk);
    if (id === 'data' && format) return convert(firstChannel(chunk, format.channels), format.rate);
    at += 8 + length + (length & 1);
  }
  throw new Error('The WAV file holds no sound.');
}

function readFormat(chunk: Buffer): { channels: number; rate: number } {
  const [kind, channels, rate, bits] = [
    chunk.readUInt16LE(0),
    chunk.readUInt16LE(2),
    chunk.readUInt32LE(4),
    chunk.readUInt16LE(14),
  ];
  if ((kind !== PCM && kind !== EXTENSIBLE) || bits !== 16 || channels === 0)
    throw new Error('A WAV file of prompts must have samples of 16 bits.');
  return { channels, rate };
}

function firstChannel(chunk: Buffer, channels: number): Int16Array {
  return Int16Array.from({ length: Math.floor(chunk.length / 2 / channels) }, (_, index) =>
    chunk.readInt16LE(index * 2 * channels),
  );
}

function convert(samples: Int16Array, rate: number): Int16Array {
  if (rate === RATE) return samples;
  if (rate === 8000) return new Doubler().process(samples);
  if (rate === 32_000) return new Halver().process(samples);
  if (rate === 48_000) return third(samples);
  throw new Error(`A WAV file of prompts must have 8, 16, 32 or 48 kHz, not ${rate}.`);
}

/** 48 to 16 kHz, by a low-pass of 31 taps (Hann). */
function third(samples: Int16Array): Int16Array {
  const half = 15;
  const taps = Array.from({ length: 2 * half + 1 }, (_, index) => {
    const x = index - half;
    const sinc = x === 0 ? 0.3 : Math.sin(0.3 * Math.PI * x) / (Math.PI * x);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / (half + 1)));
  });
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  return Int16Array.from({ length: Math.floor(samples.length / 3) }, (_, index) => {
    const sum = taps.reduce((all, tap, at) => all + tap * (samples[3 * index + at - half] ?? 0), 0);
    return Math.round(sum / total);
  });
}
