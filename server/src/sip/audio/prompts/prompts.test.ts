import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { levelOf } from '../dsp/units.ts';
import { loadScriptOpus } from '../codecs/opus/scriptOpus.ts';
import { powerOf, tone } from '../testing/tones.ts';
import { HOLD_MUSIC, PROMPT_LANGUAGES, SPOKEN } from './names.ts';
import { PromptLibrary } from './PromptLibrary.ts';
import { readOggOpus } from './ogg.ts';
import { readWav } from './wav.ts';

const opus = await loadScriptOpus();
const library = new PromptLibrary({ folder: undefined, opus });
const folder = mkdtempSync(join(tmpdir(), 'parley-prompts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function wav(samples: Int16Array, rate: number, channels = 1): Buffer {
  const data = Buffer.alloc(44 + samples.length * 2 * channels);
  data.write('RIFF', 0);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(channels, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples.length * 2 * channels, 40);
  samples.forEach((sample, index) => data.writeInt16LE(sample, 44 + index * 2 * channels));
  return data;
}

describe.each(PROMPT_LANGUAGES)('prompts in %s', (language) => {
  it('are all there, all to be heard, and about equally loud', async () => {
    for (const name of SPOKEN) {
      const samples = await library.get(name, language);
      expect(samples.length / 16_000, name).toBeGreaterThan(0.2);
      expect(samples.length / 16_000, name).toBeLessThan(30);
      expect(levelOf(samples), name).toBeGreaterThan(-30);
      expect(levelOf(samples), name).toBeLessThan(-14);
    }
  });
});

it('has quiet music, which ends as it begins', async () => {
  const music = await library.get(HOLD_MUSIC, 'en');
  expect(music.length / 16_000).toBeGreaterThan(20);
  expect(levelOf(music)).toBeGreaterThan(-40);
  expect(levelOf(music)).toBeLessThan(-20);
  expect(Math.abs((music[0] ?? 0) - (music.at(-1) ?? 0))).toBeLessThan(1500);
});

it('takes what a folder has, and the rest from the house', async () => {
  mkdirSync(join(folder, 'de'));
  writeFileSync(join(folder, 'de', 'welcome.wav'), wav(tone(500, { length: 8000 }), 16_000));
  writeFileSync(join(folder, 'de', 'goodbye.wav'), 'this is no sound');
  copyFileSync(join(import.meta.dirname, 'files/en/1.opus'), join(folder, 'de', '2.opus'));
  const own = new PromptLibrary({ folder, opus });
  expect(powerOf(await own.get('welcome', 'de'), 500)).toBeGreaterThan(-11);
  expect(await own.get('2', 'de')).toEqual(await library.get('1', 'en'));
  for (const name of ['goodbye', 'muted'])
    expect(await own.get(name, 'de')).toEqual(await library.get(name, 'de'));
  expect(await own.get('muted', 'xx')).toEqual(await library.get('muted', 'en'));
});

it.each(['../../../../package', 'UP', '', 'no-such-prompt', 'a/b'])('has nothing for %j', async (name) => {
  expect(await library.get(name, 'en')).toHaveLength(0);
});

it.each([8000, 16_000, 32_000, 48_000])('reads WAV of %d Hz', (rate) => {
  const samples = tone(600, { length: rate, rate });
  for (const channels of [1, 2]) {
    const heard = readWav(wav(samples, rate, channels));
    expect(heard.length).toBe(16_000);
    expect(powerOf(heard, 600)).toBeGreaterThan(-10);
  }
});

it('refuses what is neither', () => {
  expect(() => readWav(Buffer.from('RIFF....WAVE'))).toThrow();
  expect(() => readWav(wav(tone(600), 44_100))).toThrow();
  expect(() => readOggOpus(Buffer.alloc(100))).toThrow();
  const file = readFileSync(join(import.meta.dirname, 'files/en/1.opus'));
  expect(readOggOpus(file).packets.length).toBeGreaterThan(10);
});
