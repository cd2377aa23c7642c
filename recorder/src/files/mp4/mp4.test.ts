import { readdirSync, writeFileSync } from 'node:fs';
import { assert, integer, property } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PauseGap } from '../PauseGap.ts';
import { complaints, encodeMp4, packetsOf, split, tell } from '../testing/media.ts';
import { VaultFolder } from '../testing/vaultFolder.ts';
import type { Fragment, InitSegment } from '../types.ts';
import { finishMp4 } from './finishMp4.ts';
import { Mp4Fragments } from './Mp4Fragments.ts';
import { Mp4Index } from './Mp4Index.ts';
import { shiftFragment } from './shiftFragment.ts';

const folder = new VaultFolder();
afterAll(() => folder.remove());

let encoded: Buffer;
let init: InitSegment;
let fragments: Fragment[];
beforeAll(async () => {
  encoded = await encodeMp4(10);
  ({ init, fragments } = split(new Mp4Fragments(), encoded));
});

async function finish(pieces: readonly Buffer[], options: Partial<Parameters<typeof finishMp4>[0]> = {}) {
  const source = await folder.open(await folder.grow(pieces));
  try {
    const finished = await finishMp4({ source, path: folder.newPath(), key: folder.key, ...options });
    return { finished, copy: await folder.decrypt(finished.path, '.mp4') };
  } finally {
    await source.close();
  }
}

const bytesOf = (items: readonly { bytes: Buffer }[]) => items.map(({ bytes }) => bytes);

describe('Mp4Fragments', () => {
  it('gives the init segment and fragments of half a second, key frames marked', () => {
    expect(init.tracks).toEqual([
      { trackId: 1, kind: 'video', codec: 'avc1', timescale: 12800 },
      { trackId: 2, kind: 'audio', codec: 'mp4a', timescale: 48000 },
    ]);
    expect(fragments.length).toBeGreaterThanOrEqual(20);
    for (const { durationMs } of fragments) expect(durationMs).toBeLessThan(700);
    const keys = fragments
      .filter(({ keyFrame }) => keyFrame)
      .map(({ startMs }) => Math.round(startMs / 1000));
    expect(keys).toEqual([0, 2, 4, 6, 8]);
    const [first] = fragments;
    expect(first?.tracks.map(({ startsIndependent }) => startsIndependent)).toEqual([true, true]);
  });

  it('gives the same in whatever pieces it comes', () => {
    const law = property(integer({ min: 1, max: 60_000 }), (pieceBytes) => {
      const again = split(new Mp4Fragments(), encoded.subarray(0, 150_000), Math.max(pieceBytes, 37));
      expect(again.init.bytes.equals(init.bytes)).toBe(true);
      const expected = fragments.slice(0, again.fragments.length);
      expect(Buffer.concat(bytesOf(again.fragments)).equals(Buffer.concat(bytesOf(expected)))).toBe(true);
    });
    assert(law, { numRuns: 30 });
  });

  it('refuses what is not MP4', () => {
    expect(() => new Mp4Fragments().push(Buffer.from('\0\0\0\x01moovgarbage, and more of it'))).toThrow(
      expect.objectContaining({ code: 'MEDIA_MALFORMED' }),
    );
  });
});

describe('finishMp4', () => {
  const chapters = [
    { startMs: 6000, title: 'Beschlüsse ✓' },
    { startMs: 2500, title: 'Questions' },
    { startMs: 99_000, title: 'beyond the end' },
  ];

  it('keeps each packet, seeks, and tells duration, title and chapters', async () => {
    const plain = folder.newPath('.mp4');
    writeFileSync(plain, encoded);
    const progress: number[] = [];
    const { finished, copy } = await finish([init.bytes, ...bytesOf(fragments)], {
      ...{ chapters, title: 'Weekly, über alles', startedAt: new Date('2026-11-21T10:00:00Z') },
      onProgress: (done) => progress.push(done),
    });
    expect(finished.durationMs).toBeGreaterThanOrEqual(10_000);
    expect(finished.durationMs).toBeLessThan(10_030);
    expect(await complaints(copy)).toBe('');
    expect(await packetsOf(copy, 'v')).toEqual(await packetsOf(plain, 'v'));
    expect(await packetsOf(copy, 'a')).toEqual(await packetsOf(plain, 'a'));
    const told = await tell(copy);
    expect(told).toMatchObject({ startMs: 0, title: 'Weekly, über alles' });
    expect(Math.abs(told.durationMs - finished.durationMs)).toBeLessThan(20);
    expect(told.chapters.map(({ startMs, title }) => [startMs, title])).toEqual([
      [0, 'Start'],
      [2500, 'Questions'],
      [6000, 'Beschlüsse ✓'],
    ]);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
  });

  it('takes the index that was gathered while writing instead of looking through the part', async () => {
    const index = new Mp4Index(init.bytes);
    let offset = init.bytes.length;
    for (const { bytes } of fragments) {
      index.add(bytes, offset);
      offset += bytes.length;
    }
    index.end();
    const pieces = [init.bytes, ...bytesOf(fragments)];
    const [given, looked] = [await finish(pieces, { index }), await finish(pieces)];
    expect(given.finished.size).toBe(looked.finished.size);
    const sealed = await folder.open(given.finished.path);
    const other = await folder.open(looked.finished.path);
    expect((await sealed.bytes()).equals(await other.bytes())).toBe(true);
    await Promise.all([sealed.close(), other.close()]);
  });

  it('begins at zero when the program ran before the recording did', async () => {
    const from = fragments.findIndex(({ keyFrame, startMs }) => keyFrame && startMs > 3500);
    const { finished, copy } = await finish([init.bytes, ...bytesOf(fragments.slice(from))]);
    const startMs = fragments[from]?.startMs ?? 0;
    expect(Math.abs(finished.durationMs - (10_000 - startMs))).toBeLessThan(60);
    expect((await tell(copy)).startMs).toBeLessThan(60);
    expect(await complaints(copy)).toBe('');
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const controller = new AbortController();
    const path = folder.newPath();
    const cancelled = finish([init.bytes, ...bytesOf(fragments)], {
      ...{ path, signal: controller.signal, onProgress: () => controller.abort() },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'FINISH_CANCELLED' });
    expect(
      readdirSync(folder.path).filter((name) => path.endsWith(name) || name.includes('unfinished')),
    ).toEqual([]);
  });

  it.each([
    ['nothing', () => [], 'MEDIA_EMPTY'],
    ['only an init segment', () => [init.bytes], 'MEDIA_EMPTY'],
    ['something else', () => [Buffer.from('hello, this is no film')], 'MEDIA_UNSUPPORTED'],
  ])('refuses %s', async (_, pieces: () => Buffer[], code) => {
    await expect(finish(pieces())).rejects.toMatchObject({ code });
  });
});

describe('shiftFragment and PauseGap', () => {
  it('leave no gap where a recording was paused, and picture and sound together', async () => {
    // As recordings are made: a fragment holds all that its pictures need.
    const inOrder = await encodeMp4(10, ['-bf', '0']);
    const { init, fragments } = split(new Mp4Fragments(), inOrder);
    const gap = new PauseGap(init.tracks);
    const kept: Fragment[] = [];
    for (const fragment of fragments) {
      const isPaused = fragment.startMs > 3000 && fragment.startMs < 5500;
      if (isPaused) gap.pause();
      // It goes on at a key frame only.
      const isWaiting = isPaused || (fragment.startMs < 5950 && fragment.startMs > 3000);
      if (isWaiting) continue;
      const shift = { shiftMs: gap.shiftFor(fragment), sequence: kept.length + 1, tracks: init.tracks };
      kept.push(shiftFragment(fragment, shift));
    }
    for (const { trackId, timescale } of init.tracks) {
      const shares = kept.flatMap(({ tracks }) => tracks.filter((track) => track.trackId === trackId));
      for (const [index, { decodeTime }] of shares.entries()) {
        const before = shares[index - 1];
        const wait = before ? ((decodeTime - before.decodeTime - before.duration) * 1000) / timescale : 0;
        expect(wait).toBeGreaterThan(-0.1);
        expect(wait).toBeLessThan(50);
      }
    }
    const lost = fragments.length - kept.length;
    expect(lost).toBeGreaterThan(3);
    const { finished, copy } = await finish([init.bytes, ...bytesOf(kept)]);
    const keptMs = kept.reduce(
      (sum, { tracks: [video] }) => sum + ((video?.duration ?? 0) * 1000) / 12800,
      0,
    );
    expect(Math.abs(finished.durationMs - keptMs)).toBeLessThan(100);
    expect(await complaints(copy)).toBe('');
    const again = split(new Mp4Fragments(), Buffer.concat([init.bytes, ...bytesOf(kept)]));
    expect(again.fragments.map(({ tracks }) => tracks)).toEqual(kept.map(({ tracks }) => tracks));
  });

  it('refuses a time before zero', () => {
    const [first] = fragments;
    if (!first) throw new Error('no fragment');
    expect(() => shiftFragment(first, { shiftMs: -5000, tracks: init.tracks })).toThrow(
      expect.objectContaining({ code: 'MEDIA_MALFORMED' }),
    );
  });
});
