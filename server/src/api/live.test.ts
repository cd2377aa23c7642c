import { mkdir, mkdtemp, rm, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LivePage } from '../live/LivePage.ts';
import { LivePages } from '../live/LivePages.ts';
import { startHarness, type Harness } from './testing/harness.ts';

let folder: string;
let pages: LivePages;
let page: LivePage;
let harness: Harness;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-live-'));
  pages = new LivePages();
  page = pages.open({
    ...{ liveId: 'LV_1', title: 'All hands', folder, windowSeconds: 10, firstNumber: 1000, startedAt: 5 },
    ...{ targetDuration: 2, partTarget: 0.5 },
  });
  harness = await startHarness({ live: pages });
});
afterEach(async () => {
  pages.closeAll();
  await harness.app.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => harness.app.inject({ method: 'GET', url: `/hls/LV_1/${path}` });
const init = (file = 'init-0.mp4') =>
  page.handleInit({
    ...{ type: 'pageInit', liveId: 'LV_1', file, codecs: 'avc1.64001f,mp4a.40.2' },
    ...{ bandwidth: 1_000_000, width: 1280, height: 720, frameRate: 25 },
  });

interface Writing {
  last?: boolean;
  discontinuity?: boolean;
  subfolder?: string;
}

/** The recorder writes a part of four bytes: `s` and its numbers. */
async function write(segment: number, index: number, { subfolder = '', ...more }: Writing = {}) {
  const file = `segment-${String(segment)}.m4s`;
  await appendFile(join(folder, subfolder, file), `s${String(segment)}p${String(index)}`);
  page.handlePart({
    ...{
      type: 'pagePart',
      liveId: 'LV_1',
      segment,
      index,
      file,
      offset: 4 * index,
      length: 4,
      duration: 0.5,
    },
    ...{ independent: index === 0, last: false, discontinuity: false, at: 1000, ...more },
  });
}
async function writeSegment(segment: number, subfolder = '') {
  for (let index = 0; index < 4; index++) await write(segment, index, { last: index === 3, subfolder });
}

describe('a live stream for players', () => {
  it('can be watched by whoever has the link: playlists, segments, parts, and what comes before', async () => {
    init();
    await writeFile(join(folder, 'init-0.mp4'), 'ftypmoov');
    await writeSegment(0);
    await write(1, 0);
    expect((await get('index.m3u8')).body).toContain('CODECS="avc1.64001f,mp4a.40.2"');
    const playlist = await get('media.m3u8');
    expect(playlist.headers).toMatchObject({
      'content-type': 'application/vnd.apple.mpegurl',
      'cache-control': 'no-cache',
    });
    expect(playlist.body).toContain('#EXT-X-MEDIA-SEQUENCE:1000\n');
    expect(playlist.body).toContain('segment-1000.m4s');
    const segment = await get('segment-1000.m4s');
    expect(segment.body).toBe('s0p0s0p1s0p2s0p3');
    expect(segment.headers).toMatchObject({
      'content-length': '16',
      'cache-control': expect.stringContaining('immutable'),
    });
    expect((await get('part-1001-0.m4s')).body).toBe('s1p0');
    expect((await get('part-1000-2.m4s')).body).toBe('s0p2');
    expect((await get('init-0.mp4')).body).toBe('ftypmoov');
    // Not whole yet.
    expect((await get('segment-1001.m4s')).statusCode).toBe(404);
  });

  it('answers a reload as soon as the part that it asks for is there', async () => {
    init();
    await writeSegment(0);
    let answered = false;
    const reload = get('media.m3u8?_HLS_msn=1001&_HLS_part=1').then((answer) => ((answered = true), answer));
    await write(1, 0);
    await get('media.m3u8');
    expect(answered).toBe(false);
    await write(1, 1);
    expect((await reload).body).toContain('part-1001-1.m4s');
  });

  it('gives the part that is hinted at when it is there', async () => {
    init();
    await writeSegment(0);
    const part = get('part-1001-0.m4s');
    await write(1, 0);
    expect((await part).body).toBe('s1p0');
  });

  it('answers what can never be there at once', async () => {
    init();
    await writeSegment(0);
    expect((await get('media.m3u8?_HLS_msn=2000')).statusCode).toBe(400);
    for (const path of [
      'part-1001-5.m4s',
      'segment-7.m4s',
      'init-9.mp4',
      'segment-x.m4s',
      '..%2f..%2fsecret',
    ]) {
      expect((await get(path)).statusCode, path).toBe(404);
    }
    expect((await harness.app.inject('/hls/LV_2/media.m3u8')).json()).toMatchObject({
      error: { code: 'LIVE_NOT_FOUND' },
    });
  });

  it('goes on with new numbers when the recorder starts again', async () => {
    init();
    await writeSegment(0);
    await write(1, 0);
    page.handleRecorder('1');
    await mkdir(join(folder, '1'));
    init();
    await writeSegment(0, '1');
    const { body } = await get('media.m3u8');
    expect(body).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-1.mp4"');
    expect(body.match(/^segment.*/gm)).toEqual(['segment-1000.m4s', 'segment-1001.m4s', 'segment-1002.m4s']);
  });

  it('keeps as much as the window has', async () => {
    init();
    for (let segment = 0; segment < 20; segment++) await writeSegment(segment);
    const { body } = await get('media.m3u8');
    expect(body).toContain('#EXT-X-MEDIA-SEQUENCE:1014\n');
    expect((await get('segment-1013.m4s')).statusCode).toBe(404);
  });

  it('counts who watches, and tells of itself', async () => {
    const ask = async () => (await harness.app.inject('/api/v1/live/LV_1')).json<Record<string, unknown>>();
    expect(await ask()).toEqual({
      liveId: 'LV_1',
      title: 'All hands',
      startedAt: 5,
      state: 'waiting',
      viewers: 0,
    });
    init();
    await writeSegment(0);
    for (const viewer of ['a', 'b', 'b']) await get(`media.m3u8?viewer=${viewer}`);
    expect(await ask()).toMatchObject({ state: 'live', viewers: 2 });
    page.end();
    expect(await ask()).toMatchObject({ state: 'ended' });
    expect((await get('media.m3u8')).body).toContain('#EXT-X-ENDLIST');
    pages.close('LV_1');
    expect(await ask()).toMatchObject({ error: { code: 'LIVE_NOT_FOUND' } });
  });

  it('lets go of who waits when it closes', async () => {
    init();
    await writeSegment(0);
    const waiting = [get('media.m3u8?_HLS_msn=1001&_HLS_part=0'), get('part-1001-0.m4s')];
    await get('media.m3u8');
    pages.close('LV_1');
    for (const answer of await Promise.all(waiting)) expect(answer.statusCode).toBe(404);
  });
});
