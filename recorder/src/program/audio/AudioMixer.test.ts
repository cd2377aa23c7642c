import { describe, expect, it } from 'vitest';
import { SyntheticAudio } from '../../testing/SyntheticRoom.ts';
import { AudioMixer } from './AudioMixer.ts';
import { AudioSource } from './AudioSource.ts';
import { BLOCK_FRAMES, SAMPLE_RATE } from './format.ts';
import { Limiter } from './Limiter.ts';

const DELAY = 160;

/** The left channel of blocks, one after the other. */
function left(blocks: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(blocks.length * BLOCK_FRAMES);
  blocks.forEach((block, number) => {
    for (let i = 0; i < BLOCK_FRAMES; i++) samples[number * BLOCK_FRAMES + i] = block[2 * i] ?? 0;
  });
  return samples;
}

function steepest(samples: Float32Array): number {
  return samples.reduce(
    (most, sample, i) => (i === 0 ? 0 : Math.max(most, Math.abs(sample - (samples[i - 1] ?? 0)))),
    0,
  );
}

/** The steepest that a tone of 440 Hz and 0.2 is between two samples, and a little more. */
const STEEP = 0.2 * 2 * Math.PI * (440 / SAMPLE_RATE) * 1.05;

function tone(index: number, frequency = 440): Float32Array {
  return Float32Array.from({ length: BLOCK_FRAMES * 2 }, (_, i) => {
    const time = (index * BLOCK_FRAMES + (i >> 1)) / SAMPLE_RATE;
    return 0.2 * Math.sin(2 * Math.PI * frequency * time);
  });
}

interface Sender {
  /** How much faster its clock runs. */
  rate?: number;
  /** ms between taking a block and having it here. */
  travel?: (index: number) => number;
  seconds: number;
}

/** Plays a sender's tone through a source; the blocks that are heard, and how far its place drifted (samples). */
function play({ rate = 1, travel = () => 40, seconds }: Sender): { heard: Float32Array; held: number } {
  const source = new AudioSource();
  const heard: Float32Array[] = [];
  let sent = 0;
  for (let index = 0; index * 20 < seconds * 1000; index++) {
    const now = (index + 1) * 20;
    for (;;) {
      const taken = (sent * 20) / rate;
      if (taken + 20 + travel(sent) > now) break;
      source.push(tone(sent), Math.round((taken + DELAY) * 48));
      sent++;
    }
    const block = new Float32Array(BLOCK_FRAMES * 2);
    source.mixInto(block, index * BLOCK_FRAMES);
    heard.push(block);
  }
  return { heard: left(heard), held: source.held };
}

describe('a voice in the mix', () => {
  it('is where it belongs, to the sample, and without breaks', () => {
    const { heard, held } = play({ seconds: 2 });
    const start = heard.findIndex((sample) => sample !== 0);
    expect(Math.abs(start - DELAY * 48)).toBeLessThan(20);
    expect(steepest(heard)).toBeLessThan(STEEP);
    expect(held).toBe(0);
  });

  it.each([0.997, 1.003])('is followed when its clock runs at %d, without a click', (rate) => {
    const { heard } = play({ rate, seconds: 40 });
    expect(steepest(heard.slice(SAMPLE_RATE))).toBeLessThan(STEEP);
    const silent = heard.slice(SAMPLE_RATE).filter((sample, i, all) => sample === 0 && all[i + 1] === 0);
    expect(silent).toHaveLength(0);
  });

  it('is held back once when its packets come late, and whole from then on', () => {
    const { heard, held } = play({ seconds: 6, travel: (index) => (index < 50 ? 40 : 240) });
    expect(held / 48).toBeGreaterThan(80);
    expect(held / 48).toBeLessThan(200);
    expect(steepest(heard.slice(3 * SAMPLE_RATE))).toBeLessThan(STEEP);
    expect(Math.max(...heard.slice(-4800))).toBeCloseTo(0.2, 2);
  });

  it('comes back to its place, unheard, when its packets are in time again', () => {
    const { heard, held } = play({ seconds: 60, travel: (index) => (index < 50 || index > 150 ? 40 : 240) });
    expect(held / 48).toBeLessThan(40);
    expect(steepest(heard.slice(4 * SAMPLE_RATE))).toBeLessThan(STEEP);
  });

  it('stands at its own time again after silence', () => {
    const source = new AudioSource();
    const heard: Float32Array[] = [];
    for (let index = 0; index < 150; index++) {
      if (index < 50 || index >= 100) source.push(tone(index), index * BLOCK_FRAMES + 4800);
      const block = new Float32Array(BLOCK_FRAMES * 2);
      source.mixInto(block, index * BLOCK_FRAMES);
      heard.push(block);
    }
    const samples = left(heard);
    const quiet = samples.slice(51 * BLOCK_FRAMES + 4800, 99 * BLOCK_FRAMES + 4800);
    expect(quiet.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBe(0);
    const again = samples.findIndex((sample, i) => i > 60 * BLOCK_FRAMES + 4800 && sample !== 0);
    expect(Math.abs(again - (100 * BLOCK_FRAMES + 4800))).toBeLessThan(20);
  });
});

describe('the mix', () => {
  it('is the sum of all who are listened to, and silence without them', () => {
    const [ann, bob] = [new SyntheticAudio(440), new SyntheticAudio(1000)];
    const mixer = new AudioMixer(0, 0);
    mixer.listenTo(new Set([ann, bob]));
    for (const one of [ann, bob]) one.send(0, 0);
    const both = mixer.mix(0).slice();
    expect(both[2 * 400]).toBeCloseTo((tone(0)[800] ?? 0) + (tone(0, 1000)[800] ?? 0), 4);
    mixer.listenTo(new Set());
    for (const one of [ann, bob]) one.send(1, 20);
    expect(mixer.mix(1).every((sample) => sample === 0)).toBe(true);
  });
});

describe('the limiter', () => {
  it('keeps many loud voices below full scale', () => {
    const limiter = new Limiter();
    const blocks = Array.from({ length: 20 }, (_, i) => tone(i).map((sample) => sample * 15));
    for (const block of blocks) limiter.process(block);
    expect(Math.max(...left(blocks).map(Math.abs))).toBeLessThanOrEqual(1);
    expect(Math.max(...left(blocks.slice(2)).map(Math.abs))).toBeLessThanOrEqual(0.9);
  });

  it('leaves alone what is not too loud', () => {
    const block = tone(0);
    new Limiter().process(block);
    expect(block).toEqual(tone(0));
  });

  it('turns up again slowly', () => {
    const limiter = new Limiter();
    limiter.process(tone(0).map((sample) => sample * 15));
    const gains = Array.from({ length: 100 }, (_, i) => {
      const block = tone(i);
      limiter.process(block);
      return Math.max(...block) / Math.max(...tone(i));
    });
    expect(gains[1]).toBeLessThan(0.6);
    expect(gains.at(-1)).toBeCloseTo(1, 2);
  });
});
