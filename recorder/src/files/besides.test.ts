import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../findFfmpeg.ts';
import {
  chaptersOf,
  chaptersToWebVtt,
  finishRecording,
  makeThumbnail,
  Mp4Fragments,
  readMediaInfo,
  readSidecar,
  sealSidecar,
  SidecarLog,
  WebmClusters,
  type SidecarEvent,
} from './index.ts';
import { encodeMp4, encodeWebm, ffmpeg, split } from './testing/media.ts';
import { VaultFolder } from './testing/vaultFolder.ts';

const folder = new VaultFolder();
afterAll(() => folder.remove());

const parts = new Map<string, string>();
const finished = new Map<string, string>();
beforeAll(async () => {
  for (const format of ['mp4', 'webm']) {
    const bytes = format === 'mp4' ? await encodeMp4(6) : await encodeWebm(6);
    const { init, fragments } = split(format === 'mp4' ? new Mp4Fragments() : new WebmClusters(), bytes);
    const part = await folder.grow([init.bytes, ...fragments.map((fragment) => fragment.bytes)], {
      dies: true,
    });
    const source = await folder.open(part);
    const file = await finishRecording({ source, path: folder.newPath(), key: folder.key });
    await source.close();
    parts.set(format, part);
    finished.set(format, file.path);
  }
});

const files = () => [
  ['mp4 part', parts.get('mp4')],
  ['mp4', finished.get('mp4')],
  ['webm part', parts.get('webm')],
  ['webm', finished.get('webm')],
];

describe('readMediaInfo', () => {
  it('tells size, duration and codecs of parts and finished files', async () => {
    for (const [name, path = ''] of files()) {
      const source = await folder.open(path);
      const info = await readMediaInfo(source);
      await source.close();
      const [video, audio] = name?.startsWith('mp4') ? ['avc', 'aac'] : ['vp8', 'opus'];
      expect(info.size).toBe(source.size);
      expect(Math.abs(info.durationMs - 6000), name).toBeLessThan(60);
      expect(info.tracks).toEqual([
        { kind: 'video', codec: video, width: 320, height: 180 },
        { kind: 'audio', codec: audio, sampleRate: 48_000, channels: 1 },
      ]);
    }
  });

  it('refuses what is no recording', async () => {
    const source = await folder.open(await folder.grow([Buffer.from('hello, this is no film')]));
    await expect(readMediaInfo(source)).rejects.toMatchObject({ code: 'MEDIA_UNSUPPORTED' });
    await source.close();
  });
});

describe('makeThumbnail', () => {
  const shoot = async (path: string, atMs: number) => {
    const source = await folder.open(path);
    try {
      return await makeThumbnail({ source, ffmpeg: findFfmpeg(), atMs, width: 160 });
    } finally {
      await source.close();
    }
  };

  it('takes a picture from parts and finished files', async () => {
    for (const [name, path = ''] of files()) {
      const [first, later, beyond] = [
        await shoot(path, 0),
        await shoot(path, 3500),
        await shoot(path, 60_000),
      ];
      expect(first.subarray(0, 3).toString('hex'), name).toBe('ffd8ff');
      const copy = folder.newPath('.jpg');
      writeFileSync(copy, later);
      expect((await ffmpeg(['-i', copy, '-f', 'null', '-'])).log).toContain('160x90');
      expect(later.equals(first)).toBe(false);
      expect(beyond.equals(first)).toBe(true);
    }
  });

  it('says so when there is none', async () => {
    const path = await folder.grow([Buffer.from('....ftypisom....nothing in it')]);
    await expect(shoot(path, 0)).rejects.toMatchObject({ code: 'THUMBNAIL_FAILED' });
  });
});

const events: SidecarEvent[] = [
  { atMs: 0, type: 'joined', participantId: 'P_1', name: 'Ada' },
  { atMs: 400, type: 'speaker', participantId: 'P_1' },
  { atMs: 1000, type: 'marker', title: 'Budget & <plans>' },
  { atMs: 2000, type: 'layout', layout: 'speaker' },
  { atMs: 2500, type: 'paused', resumedAt: '2026-11-21T10:05:00.000Z' },
  { atMs: 3000, type: 'speaker', participantId: null },
  { atMs: 3600, type: 'left', participantId: 'P_1' },
];

describe('the sidecar', () => {
  it('is read while it is written, after its writer died, and when it is sealed', async () => {
    const path = folder.newPath();
    const startedAt = new Date('2026-11-21T10:00:00Z');
    const log = await SidecarLog.create(path, { key: folder.key, startedAt });
    for (const event of events) await log.add(event);
    const expected = { version: 1, startedAt: '2026-11-21T10:00:00.000Z', events };
    const read = async (from: string) => {
      const source = await folder.open(from);
      const sidecar = await readSidecar(source);
      await source.close();
      return sidecar;
    };
    expect(await read(path)).toEqual(expected);
    truncateSync(path, readFileSync(path).length - 3);
    const cut = await read(path);
    expect(cut.events).toEqual(events.slice(0, -1));
    await log.close();
    const sealed = folder.newPath();
    await sealSidecar(sealed, { ...cut, events: [...events].reverse() }, folder.key);
    expect(await read(sealed)).toEqual(expected);
    expect(chaptersOf(cut)).toEqual([{ startMs: 1000, title: 'Budget & <plans>' }]);
  });
});

describe('chaptersToWebVtt', () => {
  it('joins chapters without gaps and escapes what WebVTT reads as its own', () => {
    const chapters = [
      { startMs: 3_725_040, title: 'two\n\nlines --> here' },
      { startMs: 1000, title: 'Budget & <plans>' },
      { startMs: 1000, title: 'again' },
      { startMs: 9_999_999, title: 'beyond' },
    ];
    expect(chaptersToWebVtt(chapters, 4_000_000)).toBe(
      [
        'WEBVTT\n',
        '1\n00:00:00.000 --> 00:00:01.000\nStart\n',
        '2\n00:00:01.000 --> 01:02:05.040\nBudget &amp; &lt;plans&gt;, again\n',
        '3\n01:02:05.040 --> 01:06:40.000\ntwo lines --&gt; here\n',
      ].join('\n'),
    );
  });

  it('is empty without chapters', () => {
    expect(chaptersToWebVtt([], 1000)).toBe('WEBVTT\n');
  });
});
