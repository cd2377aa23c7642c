import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fragment } from '../files/index.ts';
import { HlsFolder, type HlsFolderOptions, type HlsInit } from './HlsFolder.ts';

type Part = Parameters<ConstructorParameters<typeof HlsFolder>[0]['onPart']>[0];

let base: string;
let parts: Part[];
let inits: string[];
let failures: unknown[];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'parley-hls-'));
  parts = [];
  inits = [];
  failures = [];
});
afterEach(() => rm(base, { recursive: true, force: true }));

const optionsOf = (more: Partial<HlsFolderOptions> = {}): HlsFolderOptions => ({
  liveId: 'L1',
  folder: join(base, 'L1'),
  segmentSeconds: 2,
  partSeconds: 0.4,
  windowSeconds: 60,
  reserveBytes: 0,
  onPart: (part) => parts.push(part),
  onFailed: (error) => failures.push(error),
  ...more,
});
const create = (more: Partial<HlsFolderOptions> = {}) => new HlsFolder(optionsOf(more));

const init = (content = 'init'): HlsInit => ({
  bytes: Buffer.from(content),
  onWritten: (file) => inits.push(file),
});

/** 0.2 s each; a key frame each `every`. */
function* fragments(count: number, every: number): Generator<Fragment> {
  for (let index = 0; index < count; index++) {
    const bytes = Buffer.from(`<${String(index)}>`);
    yield {
      kind: 'fragment',
      bytes,
      startMs: index * 200,
      durationMs: 200,
      keyFrame: index % every === 0,
      tracks: [],
    };
  }
}

describe('a stream as files', () => {
  it('has segments that begin with key frames, made of parts that say where they lie', async () => {
    const folder = create();
    await folder.start(init());
    for (const fragment of fragments(31, 5)) folder.write(fragment);
    await folder.start(init('other'));
    // 31 fragments of 0.2 s: key frames each second, segments of two; the last fragment begins the fourth.
    expect(parts.filter(({ last }) => last)).toHaveLength(3);
    expect(parts.filter(({ index }) => index === 0).every(({ independent }) => independent)).toBe(true);
    expect(parts.every(({ duration }) => duration <= 0.4 + 1e-9)).toBe(true);
    const [first] = parts;
    const whole = await readFile(join(base, 'L1', first?.file ?? ''), 'utf8');
    const told = parts.filter(({ segment }) => segment === 0);
    expect(told.map(({ offset, length }) => whole.slice(offset, offset + length)).join('')).toBe(whole);
    expect(whole).toBe([...fragments(10, 5)].map(({ bytes }) => String(bytes)).join(''));
    for (const fragment of fragments(1, 1)) folder.write(fragment);
    await folder.close();
    // What there was is written, as the end of its segment.
    expect(parts.at(-1)).toMatchObject({ last: true });
    expect(inits).toEqual(['init-0.mp4', 'init-1.mp4']);
    const contents = inits.map((file) => readFile(join(base, 'L1', file), 'utf8'));
    expect(await Promise.all(contents)).toEqual(['init', 'other']);
    expect(failures).toEqual([]);
  });

  it('begins with the first key frame, and says when its time begins anew', async () => {
    const folder = create();
    await folder.start(init());
    for (const fragment of [...fragments(25, 5)].slice(2)) folder.write(fragment);
    await folder.start(init());
    for (const fragment of fragments(12, 5)) folder.write(fragment);
    await folder.close();
    expect(parts[0]).toMatchObject({
      segment: 0,
      index: 0,
      offset: 0,
      independent: true,
      discontinuity: false,
    });
    expect(parts.filter(({ discontinuity }) => discontinuity)).toHaveLength(1);
    const after = parts.find(({ discontinuity }) => discontinuity);
    expect(after?.index).toBe(0);
    expect(after?.segment).toBeGreaterThan(1);
  });

  it('keeps no more than the window, and one segment for who has just been told of it', async () => {
    const folder = create({ windowSeconds: 6 });
    await folder.start(init());
    for (const fragment of fragments(200, 5)) folder.write(fragment);
    await folder.start(init());
    const kept = (await readdir(join(base, 'L1'))).filter((name) => name.startsWith('segment'));
    expect(kept.length).toBeLessThanOrEqual(5);
    expect(kept).toContain(parts.at(-1)?.file);
    await folder.close();
  });

  it('says once when the disk takes no more, and begins anew when it does again', async () => {
    const folder = create();
    const place = join(base, 'L1');
    await folder.start(init());
    for (const fragment of fragments(14, 5)) folder.write(fragment);
    // Another run of the encoder has begun, and all that was before lies on the disk.
    await folder.start(init());
    const before = parts.length;
    await rm(place, { recursive: true });
    await writeFile(place, 'a file where the folder was');
    for (const fragment of fragments(20, 5)) folder.write(fragment);
    await folder.start(init());
    expect(parts).toHaveLength(before);
    expect(failures).toHaveLength(1);
    await rm(place);
    for (const fragment of [...fragments(14, 5)].slice(2)) folder.write(fragment);
    await folder.close();
    const after = parts.slice(before);
    expect(after.length).toBeGreaterThan(1);
    // Nobody was told of the one that could not be written: players count segments.
    expect(after[0]).toMatchObject({ segment: (parts[before - 1]?.segment ?? 0) + 1, discontinuity: true });
    expect(inits).toEqual(['init-0.mp4', 'init-1.mp4']);
    expect((await readdir(place)).toSorted()).toEqual(['init-1.mp4', after[0]?.file]);
    expect(failures).toHaveLength(1);
  });

  it('writes nothing where the disk has no more than its reserve', async () => {
    const folder = create({ reserveBytes: Number.MAX_SAFE_INTEGER });
    await folder.start(init());
    for (const fragment of fragments(20, 5)) folder.write(fragment);
    await folder.close();
    expect(failures).toEqual([expect.objectContaining({ code: 'VAULT_DISK_FULL' })]);
    expect([parts, inits, await readdir(join(base, 'L1'))]).toEqual([[], [], []]);
  });

  it('stands still at the reserve of the disk, goes on deleting, and goes on by itself when there is room', async () => {
    const options = optionsOf({ windowSeconds: 6 });
    const folder = new HlsFolder(options);
    const segments = async () =>
      (await readdir(join(base, 'L1'))).filter((name) => name.startsWith('segment')).length;
    await folder.start(init());
    for (const fragment of fragments(100, 5)) folder.write(fragment);
    await folder.start(init());
    const [before, kept] = [parts.length, await segments()];
    options.reserveBytes = Number.MAX_SAFE_INTEGER;
    for (const fragment of fragments(40, 5)) folder.write(fragment);
    await folder.start(init());
    expect(parts).toHaveLength(before);
    expect(await segments()).toBeLessThan(kept);
    expect(failures).toHaveLength(1);
    options.reserveBytes = 0;
    for (const fragment of fragments(11, 5)) folder.write(fragment);
    await folder.close();
    const after = parts.slice(before);
    expect(after.length).toBeGreaterThan(1);
    expect(after[0]).toMatchObject({ segment: (parts[before - 1]?.segment ?? 0) + 1, discontinuity: true });
    expect(failures).toHaveLength(1);
  });
});
