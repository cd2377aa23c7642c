// Makes what phones are told, from texts.json, with espeak-ng and ffmpeg: `node deploy/prompts/make.mjs`. The files are kept in the repository; this is
// needed only where a text changes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inCache, inRoot } from '../setup/paths.mjs';
import { capture } from '../setup/run.mjs';
import { aptInstall, canInstall, detectSystem, hasProgram } from '../setup/system.mjs';
import { makeMusic, RATE } from './music.mjs';

const FOLDER = inRoot('server/src/sip/audio/prompts/files');
/** @type {Record<string, string>} */
const VOICES = { en: 'en-gb', es: 'es', de: 'de', fr: 'fr-fr', zh: 'cmn' };
const VOICE_BITRATE = '16k';
const MUSIC_BITRATE = '32k';
/** How loud a prompt is where it is not silent (root mean square), and at its loudest, of full scale. */
const LOUDNESS = 0.12;
const PEAK = 0.8;
/** What is no more than this of full scale at both ends is left out; so much silence follows, s. */
const SILENT = 0.003;
const PAUSE = 0.15;

for (const program of ['espeak-ng', 'ffmpeg'])
  if (!hasProgram(program)) {
    if (!canInstall(detectSystem())) throw new Error(`Install ${program} first.`);
    await aptInstall([program], { log: inCache('log', 'prompts.log') });
  }

/** @type {Record<string, Record<string, string>>} */
const texts = JSON.parse(readFileSync(inRoot('deploy/prompts/texts.json'), 'utf8'));
const work = mkdtempSync(join(tmpdir(), 'parley-prompts-'));
const wav = join(work, 'prompt.wav');
const raw = join(work, 'prompt.raw');
rmSync(FOLDER, { recursive: true, force: true });
for (const [language, prompts] of Object.entries(texts)) {
  mkdirSync(join(FOLDER, language), { recursive: true });
  for (const [name, text] of Object.entries(prompts)) {
    run('espeak-ng', ['-v', VOICES[language] ?? language, '-s', '150', '-w', wav, '--', text]);
    encode(join(FOLDER, language, `${name}.opus`), {
      samples: prepare(readSpoken()),
      bitrate: VOICE_BITRATE,
    });
  }
  console.log(`${language}: ${Object.keys(prompts).length} prompts`);
}
const music = makeMusic();
encode(join(FOLDER, 'music.opus'), { samples: music, bitrate: MUSIC_BITRATE, kind: 'audio' });
console.log(`music: ${(music.length / RATE).toFixed(1)} s`);
rmSync(work, { recursive: true });

/** What was spoken, at our rate. */
function readSpoken() {
  run('ffmpeg', ['-v', 'error', '-y', '-i', wav, '-ar', String(RATE), '-ac', '1', '-f', 's16le', raw]);
  const data = readFileSync(raw);
  return Int16Array.from({ length: data.length / 2 }, (_, index) => data.readInt16LE(2 * index));
}

/**
 * All equally loud, without what is silent at both ends.
 *
 * @param {Int16Array} samples
 */
function prepare(samples) {
  const isLoud = (/** @type {number} */ sample) => Math.abs(sample) > SILENT * 32_768;
  const spoken = samples.subarray(samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1);
  const loud = spoken.filter((sample) => Math.abs(sample) > 4 * SILENT * 32_768);
  const level = Math.sqrt(loud.reduce((sum, sample) => sum + sample ** 2, 0) / loud.length);
  const peak = spoken.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = Math.min((LOUDNESS * 32_768) / level, (PEAK * 32_768) / peak);
  const out = new Int16Array(spoken.length + Math.round(PAUSE * RATE));
  out.set(spoken.map((sample) => Math.round(sample * gain)));
  return out;
}

/**
 * @param {string} path
 * @param {{ samples: Int16Array, bitrate: string, kind?: 'voip' | 'audio' }} how
 */
function encode(path, { samples, bitrate, kind = 'voip' }) {
  writeFileSync(raw, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  const source = ['-v', 'error', '-y', '-f', 's16le', '-ar', String(RATE), '-ac', '1', '-i', raw];
  // The same text makes the same file.
  const plain = ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'];
  run('ffmpeg', [
    ...source,
    '-c:a',
    'libopus',
    '-b:a',
    bitrate,
    '-application',
    kind,
    ...plain,
    '-f',
    'ogg',
    path,
  ]);
}

/** @param {string} program @param {string[]} args */
function run(program, args) {
  if (capture(program, args) === undefined) throw new Error(`${program} failed: ${args.join(' ')}`);
}
