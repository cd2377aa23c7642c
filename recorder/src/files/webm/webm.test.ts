import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PauseGap } from '../PauseGap.ts';
import { complaints, encodeWebm, ffmpeg, packetsOf, split, tell } from '../testing/media.ts';
import { VaultFolder } from '../testing/vaultFolder.ts';
import type { Fragment, InitSegment } from '../types.ts';
import { shiftCluster } from './cluster.ts';
import { elementHead, elements, ID } from './ebml.ts';
import { finishWebm } from './finishWebm.ts';
import { WebmClusters } from './WebmClusters.ts';
import { WebmIndex } from './WebmIndex.ts';

const folder = new VaultFolder();
afterAll(() => folder.remove());

let encoded: Buffer;
let init: InitSegment;
let clusters: Fragment[];
beforeAll(async () => {
  encoded = await encodeWebm(8);
  ({ init, fragments: clusters } = split(new WebmClusters(), encoded));
});

async function finish(pieces: readonly Buffer[], options: Partial<Parameters<typeof finishWebm>[0]> = {}) {
  const source = await folder.open(await folder.grow(pieces));
  try {
    const finished = await finishWebm({ source, path: folder.newPath(), key: folder.key, ...options });
    return { finished, copy: await folder.decrypt(finished.path, '.webm') };
  } finally {
    await source.close();
  }
}

const bytesOf = (items: readonly { bytes: Buffer }[]) => items.map(({ bytes }) => bytes);

describe('WebmClusters', () => {
  it('gives what stands before the clusters, and clusters of at most a second', () => {
    expect(init.tracks.map(({ kind, codec }) => [kind, codec])).toEqual([
      ['video', 'V_VP8'],
      ['audio', 'A_OPUS'],
    ]);
    expect(Buffer.concat([init.bytes, ...bytesOf(clusters)]).equals(encoded)).toBe(true);
    for (const { durationMs } of clusters) expect(durationMs).toBeLessThan(1100);
    expect(clusters.filter(({ keyFrame }) => keyFrame).length).toBeGreaterThanOrEqual(3);
  });

  it('finds the end of clusters that do not say how long they are', () => {
    const open = clusters.map(({ bytes }) => {
      const headBytes = elementHead(bytes)?.headBytes ?? 0;
      const unknown = Buffer.from('1f43b67501ffffffffffffff', 'hex');
      return Buffer.concat([unknown, bytes.subarray(headBytes)]);
    });
    const splitter = new WebmClusters();
    const { fragments } = split(splitter, Buffer.concat([init.bytes, ...open]), 1009);
    const all = [...fragments, ...splitter.end().filter((item) => item.kind === 'fragment')];
    expect(all.map(({ tracks }) => tracks)).toEqual(clusters.map(({ tracks }) => tracks));
  });
});

describe('finishWebm', () => {
  it('keeps each packet and tells duration, title, chapters and cues', async () => {
    const plain = folder.newPath('.webm');
    writeFileSync(plain, encoded);
    const { finished, copy } = await finish([init.bytes, ...bytesOf(clusters)], {
      ...{ chapters: [{ startMs: 3000, title: 'Über' }], title: 'Weekly', startedAt: new Date() },
    });
    expect(await complaints(copy)).toBe('');
    expect(await packetsOf(copy, 'v')).toEqual(await packetsOf(plain, 'v'));
    expect(await packetsOf(copy, 'a')).toEqual(await packetsOf(plain, 'a'));
    const told = await tell(copy);
    expect(told.title).toBe('Weekly');
    expect(Math.abs(told.durationMs - 8000)).toBeLessThan(60);
    expect(Math.abs(finished.durationMs - told.durationMs)).toBeLessThan(20);
    expect(told.chapters.map(({ startMs, title }) => [startMs, title])).toEqual([
      [0, 'Start'],
      [3000, 'Über'],
    ]);
  });

  it('has cues that point at clusters which begin with a key frame, so that players seek', async () => {
    const { finished, copy } = await finish([init.bytes, ...bytesOf(clusters)]);
    const reader = await folder.open(finished.path);
    const bytes = await reader.bytes();
    await reader.close();
    const [ebml, segment] = elements(bytes);
    if (!ebml || !segment) throw new Error('no segment');
    const top = elements(bytes, segment.body, segment.end);
    const starts = top.filter(({ id }) => id === ID.Cluster).map(({ start }) => start - segment.body);
    const cues = top.find(({ id }) => id === ID.Cues);
    const points = cues ? elements(bytes, cues.body, cues.end) : [];
    expect(points.length).toBe(clusters.filter((cluster) => hasVideoKey(cluster)).length);
    for (const { end } of points) expect(starts).toContain(Number(bytes.readBigUInt64BE(end - 8)));
    // ffmpeg seeks by cues: the picture at 5 s is another one than the first.
    const shot = (at: string) =>
      ffmpeg(['-v', 'error', '-ss', at, '-i', copy, '-frames:v', '1', '-f', 'framemd5', '-']);
    expect((await shot('5')).output).not.toEqual((await shot('0')).output);
  });

  it('begins at zero and closes the gap of a pause', async () => {
    const gap = new PauseGap(init.tracks);
    const kept: Fragment[] = [];
    for (const cluster of clusters.slice(clusters.findIndex(({ startMs }) => startMs > 500))) {
      if (cluster.startMs > 3000 && cluster.startMs < 5000) gap.pause();
      else kept.push(shiftCluster(cluster, { shiftMs: gap.shiftFor(cluster), tracks: init.tracks }));
    }
    const { finished } = await finish([init.bytes, ...bytesOf(kept)]);
    const expected = kept.reduce((sum, { tracks }) => sum + (tracks.at(-1)?.duration ?? 0), 0);
    expect(Math.abs(finished.durationMs - expected)).toBeLessThan(100);
  });

  it('takes the index that was gathered while writing', async () => {
    const index = new WebmIndex(init.bytes);
    let offset = init.bytes.length;
    for (const { bytes } of clusters) {
      index.add(bytes, offset);
      offset += bytes.length;
    }
    const pieces = [init.bytes, ...bytesOf(clusters)];
    const [given, looked] = [await finish(pieces, { index }), await finish(pieces)];
    expect(given.finished).toEqual({ ...looked.finished, path: given.finished.path });
  });

  it.each([
    ['nothing', () => []],
    ['no cluster', () => [init.bytes]],
    ['something else', () => [Buffer.from('hello, this is no film')]],
  ])('refuses %s', async (_, pieces: () => Buffer[]) => {
    await expect(finish(pieces())).rejects.toMatchObject({ code: 'MEDIA_EMPTY' });
  });
});

function hasVideoKey({ bytes }: Fragment): boolean {
  const head = elementHead(bytes);
  const blocks = elements(bytes, head?.headBytes).filter(({ id }) => id === ID.SimpleBlock);
  return blocks.some(({ body }) => bytes[body] === 0x81 && ((bytes[body + 3] ?? 0) & 0x80) !== 0);
}
