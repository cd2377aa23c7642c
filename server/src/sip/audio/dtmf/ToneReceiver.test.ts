import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { PCMA, PCMU } from '../codecs/g711.ts';
import { loadOpus } from '../codecs/opus/loadOpus.ts';
import { FRAME, RATE } from '../dsp/units.ts';
import { PromptLibrary } from '../prompts/PromptLibrary.ts';
import { ToneReceiver } from './ToneReceiver.ts';

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = [...'123A456B789C*0#D'];

interface Press {
  ms?: number;
  /** Peak of the row, of full scale. */
  peak?: number;
  /** Of the column, times the row. */
  twist?: number;
}

function press(key: string, { ms = 80, peak = 0.2, twist = 1 }: Press = {}): Int16Array {
  const index = KEYS.indexOf(key);
  const [low, high] = [ROWS[index >> 2] ?? 0, COLUMNS[index & 3] ?? 0];
  return Int16Array.from({ length: (RATE * ms) / 1000 }, (_, at) => {
    const phase = (2 * Math.PI * at) / RATE;
    return 32_767 * peak * (Math.sin(low * phase) + twist * Math.sin(high * phase));
  });
}

const silence = (ms: number): Int16Array => new Int16Array((RATE * ms) / 1000);

function heard(...parts: Int16Array[]): string {
  const samples = Int16Array.from(parts.flatMap((part) => [...part]));
  const receiver = new ToneReceiver();
  let keys = '';
  for (let at = 0; at + FRAME <= samples.length; at += FRAME)
    keys += receiver.take(samples.subarray(at, at + FRAME)) ?? '';
  return keys;
}

it.each([{ peak: 0.2 }, { peak: 0.03 }, { peak: 0.45 }, { twist: 0.6 }, { twist: 1.6 }, { ms: 65 }])(
  'hears all keys: %o',
  (how) => {
    expect(heard(...KEYS.flatMap((key) => [press(key, how), silence(73)]))).toBe(KEYS.join(''));
  },
);

it('hears them through the codecs of carriers', () => {
  for (const codec of [PCMU, PCMA])
    for (const key of KEYS) {
      const wide = press(key);
      const narrow = Int16Array.from({ length: wide.length / 2 }, (_, at) => wide[2 * at] ?? 0);
      const decoded = codec.decode(codec.encode(narrow));
      // Every sample twice: what a bad way up to 16 kHz leaves of it.
      expect(heard(Int16Array.from({ length: wide.length }, (_, at) => decoded[at >> 1] ?? 0))).toBe(key);
    }
});

it('hears a key that is held once, and one that is pressed again twice', () => {
  expect(heard(press('5', { ms: 1000 }))).toBe('5');
  expect(heard(press('5'), silence(60), press('5'))).toBe('55');
});

it('hears nothing in a press of 20 ms, one of two tones, silence and noise', () => {
  expect(heard(silence(20), press('5', { ms: 20 }), silence(100))).toBe('');
  expect(heard(press('5', { twist: 0 }), press('5', { twist: 0.1 }))).toBe('');
  let seed = 1;
  const noise = Int16Array.from({ length: RATE * 20 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return (seed / 0x4000_0000 - 1) * 8000;
  });
  expect(heard(silence(1000), noise)).toBe('');
});

it('takes nobody who speaks for keys', async () => {
  const library = new PromptLibrary({ folder: undefined, opus: await loadOpus() });
  const files = join(import.meta.dirname, '../prompts/files');
  let seconds = 0;
  for (const language of ['en', 'de', 'es', 'fr', 'zh'])
    for (const file of readdirSync(join(files, language))) {
      const samples = await library.get(basename(file, '.opus'), language);
      seconds += samples.length / RATE;
      expect(heard(samples), `${language}/${file}`).toBe('');
    }
  expect(seconds).toBeGreaterThan(100);
});
