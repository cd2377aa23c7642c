import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecorderEvent } from '@parley/protocol/recorder';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Mp4Fragments } from '../files/index.ts';
import { encodeMp4, split } from '../files/testing/media.ts';
import { PageSink } from './PageSink.ts';

let media: ReturnType<typeof split>;
let base: string;
let events: RecorderEvent[];
let failures: string[];
let sink: PageSink;
beforeAll(async () => {
  media = split(new Mp4Fragments(), await encodeMp4(8));
});
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'page-'));
  events = [];
  failures = [];
  sink = new PageSink({
    page: {
      ...{ type: 'openPage', liveId: 'L1', folder: join(base, 'live', 'L1') },
      ...{ segmentSeconds: 2, partSeconds: 0.5, windowSeconds: 60 },
    },
    settings: {
      ...{ width: 320, height: 180, frameRate: 25, videoBitrate: 800_000, audioBitrate: 64_000 },
      ...{ keyFrameInterval: 2, preset: 'ultrafast', showNames: true, background: '#000000' },
    },
    reserveBytes: 0,
    onEvent: (event) => events.push(event),
    onFailed: (message) => failures.push(message),
  });
});
afterEach(() => rmSync(base, { recursive: true }));

const write = (): void => {
  for (const fragment of media.fragments) sink.write(fragment);
};

it('tells what comes before the media, then the media', async () => {
  sink.begin({ init: media.init, startedAt: 0 });
  write();
  await sink.close();
  const [first, ...rest] = events;
  expect(first).toMatchObject({
    ...{ type: 'pageInit', liveId: 'L1', file: 'init-0.mp4', codecs: expect.stringMatching(/^avc1.*,mp4a/) },
    ...{ width: 320, height: 180, frameRate: 25, bandwidth: 950_400 },
  });
  expect(rest.length).toBeGreaterThan(8);
  expect(rest.every(({ type }) => type === 'pagePart')).toBe(true);
  expect(failures).toEqual([]);
});

it('says once that it cannot be written, harms nothing else, and is written as soon as it can be', async () => {
  const obstacle = join(base, 'live');
  writeFileSync(obstacle, 'a file where the folder is to be');
  sink.begin({ init: media.init, startedAt: 0 });
  write();
  await vi.waitFor(() => expect(failures).toHaveLength(1));
  sink.begin({ init: media.init, startedAt: 0 });
  write();
  // What was written before was tried before this.
  await sink.close();
  expect(failures).toEqual([expect.stringContaining('ENOTDIR')]);
  expect(events).toEqual([]);
  rmSync(obstacle);
  write();
  await sink.close();
  expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['pageInit', 'pagePart']);
  expect(readdirSync(join(obstacle, 'L1'))).toContain('init-0.mp4');
  expect(failures).toHaveLength(1);
});
