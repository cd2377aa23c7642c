import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { OpusCodec } from '../codecs/opus/OpusCodec.ts';
import { RATE } from '../dsp/units.ts';
import { readOggOpus } from './ogg.ts';
import { readWav } from './wav.ts';

/** Those that come with the house. */
const OWN = join(import.meta.dirname, 'files');
/** What names of files and languages are: nothing leads out of the folder. */
const NAME = /^[a-z0-9][a-z0-9-]{0,40}$/;
/** So many packets are decoded before others get their turn: about a millisecond. */
const AT_ONCE = 40;

/**
 * Prompts as samples. They are `LANGUAGE/NAME.opus` (Ogg) or `LANGUAGE/NAME.wav`, and `NAME.opus` or `.wav` for those of no language; a folder of the
 * operator's comes before that of the house, file by file.
 */
export class PromptLibrary {
  readonly #folders: readonly string[];
  readonly #opus: OpusCodec;
  readonly #cache = new Map<string, Promise<Int16Array>>();

  constructor({ folder, opus }: { folder: string | undefined; opus: OpusCodec }) {
    this.#folders = folder === undefined ? [OWN] : [folder, OWN];
    this.#opus = opus;
  }

  /** Empty for what there is not, in neither this language nor English, and for what cannot be read. */
  get(name: string, language: string): Promise<Int16Array> {
    const key = `${language}/${name}`;
    let samples = this.#cache.get(key);
    if (!samples) {
      samples = this.#load(name, language);
      this.#cache.set(key, samples);
    }
    return samples;
  }

  async #load(name: string, language: string): Promise<Int16Array> {
    if (!NAME.test(name) || !NAME.test(language)) return new Int16Array(0);
    for (const place of new Set([join(language, name), name, join('en', name)]))
      for (const folder of this.#folders)
        for (const kind of ['opus', 'wav'] as const) {
          const data = await readFile(join(folder, `${place}.${kind}`)).catch(() => undefined);
          const samples = data && (await this.#decode(data, kind));
          if (samples) return samples;
        }
    return new Int16Array(0);
  }

  async #decode(data: Buffer, kind: 'opus' | 'wav'): Promise<Int16Array | undefined> {
    try {
      return kind === 'wav' ? readWav(data) : await this.#decodeOpus(data);
    } catch {
      // A file of the operator's that cannot be read: the one of the house takes its place.
      return undefined;
    }
  }

  async #decodeOpus(data: Buffer): Promise<Int16Array> {
    const { packets, skip } = readOggOpus(data);
    const decoder = this.#opus.openDecoder();
    try {
      const parts: Int16Array[] = [];
      for (const packet of packets) {
        parts.push(decoder.decode(packet));
        if (parts.length % AT_ONCE === 0) await setImmediate();
      }
      const samples = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const part of parts) {
        samples.set(part, at);
        at += part.length;
      }
      return samples.subarray(Math.round(skip * RATE));
    } finally {
      decoder.close();
    }
  }
}
