import { spawnSync } from 'node:child_process';
import { findFfmpeg } from '@parley/recorder/findFfmpeg';
import { describe, expect, it } from 'vitest';
import { PCMA, PCMU } from './g711.ts';
import { G722Decoder, G722Encoder } from './g722.ts';

/** What ffmpeg makes of it. */
function ffmpeg(input: Buffer, from: string[], to: string[]): Buffer {
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin'];
  const { stdout, stderr } = spawnSync(findFfmpeg(), [...quiet, ...from, '-i', 'pipe:0', ...to, 'pipe:1'], {
    input,
    maxBuffer: 1 << 26,
  });
  expect(stderr.toString()).toBe('');
  return stdout;
}

const bytesOf = (samples: Int16Array): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
const samplesOf = (data: Buffer): Int16Array =>
  Int16Array.from({ length: data.length / 2 }, (_, index) => data.readInt16LE(index * 2));

describe.each([
  ['PCMU', PCMU, 'mulaw'],
  ['PCMA', PCMA, 'alaw'],
] as const)('%s', (_, codec, format) => {
  const all = Int16Array.from({ length: 0x1_0000 }, (__, index) => index - 0x8000);
  const bytes = Buffer.from(Array.from({ length: 256 }, (__, index) => index));

  it('decodes every byte as others do', () => {
    const theirs = ffmpeg(bytes, ['-f', format, '-ar', '8000', '-ac', '1'], ['-f', 's16le']);
    expect([...codec.decode(bytes)]).toEqual([...samplesOf(theirs)]);
  });

  it('gives each sample the byte that is nearest, and each byte itself again', () => {
    const decoded = codec.decode(codec.encode(all));
    const values = [...new Set(codec.decode(bytes))].sort((a, b) => a - b);
    const widest = Math.max(...values.slice(1).map((value, index) => value - (values[index] ?? 0)));
    for (const [index, sample] of all.entries())
      expect(Math.abs((decoded[index] ?? 0) - sample)).toBeLessThanOrEqual(
        Math.max(8, Math.min(widest, Math.abs(sample) / 16 + 40)),
      );
    expect([...codec.decode(codec.encode(codec.decode(bytes)))]).toEqual([...codec.decode(bytes)]);
  });
});

/** Two seconds that glide from low to high, with a tone beside it: all of the band is used. */
const glide = Int16Array.from({ length: 32_000 }, (_, index) => {
  const time = index / 16_000;
  const sweep = Math.sin(2 * Math.PI * (100 * time + 1700 * time * time));
  return Math.round(9000 * sweep + 3000 * Math.sin(2 * Math.PI * 440 * time));
});

/** How much louder the signal is than what was changed of it, dB, where the codec delays by 22 samples. */
function quality(original: Int16Array, changed: Int16Array): number {
  const DELAY = 22;
  let [signal, noise] = [0, 0];
  for (let index = 4000; index < original.length - 100; index += 1) {
    const value = original[index] ?? 0;
    signal += value ** 2;
    noise += ((changed[index + DELAY] ?? 0) - value) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

const RATE = ['-ar', '16000', '-ac', '1'];

describe('G.722', () => {
  it('decodes what others encode, as they do', () => {
    const encoded = ffmpeg(bytesOf(glide), ['-f', 's16le', ...RATE], ['-f', 'g722']);
    const theirs = samplesOf(ffmpeg(encoded, ['-f', 'g722'], ['-f', 's16le']));
    expect(Buffer.compare(bytesOf(new G722Decoder().decode(encoded)), bytesOf(theirs))).toBe(0);
  });

  it('encodes so that others decode it well', () => {
    const encoded = new G722Encoder().encode(glide);
    expect(encoded).toHaveLength(glide.length / 2);
    const theirs = samplesOf(ffmpeg(encoded, ['-f', 'g722'], ['-f', 's16le']));
    const best = samplesOf(
      ffmpeg(
        ffmpeg(bytesOf(glide), ['-f', 's16le', ...RATE], ['-f', 'g722']),
        ['-f', 'g722'],
        ['-f', 's16le'],
      ),
    );
    expect(quality(glide, theirs)).toBeGreaterThan(quality(glide, best) - 1);
    expect(quality(glide, theirs)).toBeGreaterThan(12);
  });

  it('is the same whether it comes in one piece or in many', () => {
    const whole = new G722Encoder().encode(glide);
    const encoder = new G722Encoder();
    const pieces: Buffer[] = [];
    for (let at = 0; at < glide.length; at += 320) pieces.push(encoder.encode(glide.subarray(at, at + 320)));
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  });
});
