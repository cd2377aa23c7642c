/** Live streams on the real server, recorder, ingest and browser: what viewers see, and what they do not notice. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LiveStream, LiveTarget } from '@parley/protocol';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { ShownPicture } from '../pages/shownPicture.ts';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { allowed, figure, percentile, report } from '../support/figures.ts';
import { NginxRtmp } from '../support/NginxRtmp.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { RawSocket } from '../support/RawSocket.ts';
import { joinToken } from '../support/tokens.ts';
import { fits } from '../support/WebApp.ts';
import { waitFor } from '../support/waitFor.ts';
import { agesOverRtmp } from './rtmpPictures.ts';

const run = promisify(execFile);
const ENV = {
  PARLEY_RECORDER_WIDTH: '640',
  PARLEY_RECORDER_HEIGHT: '360',
  PARLEY_LIVE_ALLOW_PRIVATE_TARGETS: 'true',
};

/** From when something was filmed until it is seen. */
const [RTMP_MS, HLS_MS] = [2000, 5000];

let dataDir: string;
let server: ParleyServer;
let nginx: NginxRtmp;
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-live-'));
  [server, nginx] = await Promise.all([ParleyServer.start({ env: ENV, dataDir }), NginxRtmp.start()]);
});
afterEach(async () => {
  await Promise.all([server.stop(), nginx.close()]);
  rmSync(dataDir, { recursive: true, force: true });
});

async function enter(): Promise<RawSocket> {
  const socket = await RawSocket.open(server.url);
  await socket.hello(joinToken('demo', 'ann', { claims: { role: 'host' } }));
  expect((await socket.request('room.join')).error).toBeUndefined();
  socket.keepAlive();
  return socket;
}

const liveOf = ({ frames }: RawSocket): LiveStream | null | undefined =>
  (
    frames.findLast(({ method }) => method === 'room.egressUpdated')?.params?.['egress'] as
      { live: LiveStream | null } | undefined
  )?.live;

const targetIs = (socket: RawSocket, state: LiveTarget['state'], timeout = 30_000) =>
  waitFor(`the target to be ${state}`, () => liveOf(socket)?.targets[0], {
    timeout,
    done: (target) => target?.state === state,
  });

async function goLive(socket: RawSocket, params: Record<string, unknown>): Promise<string> {
  const { result, error } = await socket.request('live.start', params);
  expect(error).toBeUndefined();
  return String(result?.['liveId']);
}

/** Opens the page and waits until its pictures move. */
async function watch(liveId: string): Promise<Page> {
  const context = await browser.newContext();
  await context.addInitScript({ path: inject('probeScript') });
  const page = await context.newPage();
  await page.goto(`${server.url}/live/${liveId}`);
  await isPlaying(page);
  return page;
}

async function isPlaying(page: Page): Promise<void> {
  const time = () =>
    page.evaluate(() => document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0);
  const before = await time();
  await waitFor('the picture to move', time, { timeout: 30_000, done: (now) => now > before + 10 });
}

const agesOnPage = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const { shownPicture } = globalThis as typeof globalThis & { shownPicture: ShownPicture };
    return shownPicture.ages(50);
  });

async function decodes(url: string): Promise<void> {
  const { stderr } = await run('ffmpeg', [
    '-v',
    'error',
    '-rw_timeout',
    '10000000',
    '-i',
    url,
    '-t',
    '2',
    '-f',
    'null',
    '-',
  ]);
  expect(stderr).toBe('');
}

it('is watched on its page without an account, some seconds behind, while a service gets it, too', async () => {
  const ann = await enter();
  const liveId = await goLive(ann, { targets: [{ url: nginx.url('show') }] });
  await targetIs(ann, 'live');
  const page = await watch(liveId);
  await decodes(nginx.url('show'));
  const behind = async () => Number(await page.getByTestId('player').getAttribute('data-behind'));
  await waitFor('the page to be live', behind, {
    timeout: 20_000,
    done: (now) => now > 0 && now < allowed(5),
  });
  await waitFor('the viewer to be counted', () => liveOf(ann)?.viewers, { done: (viewers) => viewers === 1 });
  expect(await fits(page, 'live-viewer')).toEqual([]);
  expect((await ann.request('live.stop')).error).toBeUndefined();
  await page.getByText('The stream is over').waitFor({ timeout: 30_000 });
  ann.close();
});

it(
  'is seen soon after it was filmed: at the service and on the page',
  { tags: 'recording', timeout: 120_000 },
  async () => {
    const ann = await enter();
    const bob = await Client.join(browser, server, { room: 'demo', identity: 'bob' });
    await bob.call('publishTimeCode', 640, 360);
    const layout = { kind: 'single', focus: await bob.call('participantId') };
    const liveId = await goLive(ann, { targets: [{ url: nginx.url('show') }], layout });
    await targetIs(ann, 'live');
    const page = await watch(liveId);
    // A machine that was busy for a moment catches up.
    const nearer = (most: number) => ({
      timeout: 40_000,
      done: (ages: number[]) => percentile(ages, 0.5) < allowed(most),
    });
    const atService = await waitFor(
      'the service to be near',
      () => agesOverRtmp(nginx.url('show'), 50),
      nearer(RTMP_MS),
    );
    report('glass to glass, RTMP', atService, RTMP_MS);
    const shown = await waitFor('the page to be near', () => agesOnPage(page), nearer(HLS_MS));
    report('glass to glass, HLS', shown, HLS_MS);
    await bob.close();
    ann.close();
  },
);

it(
  'comes back within two seconds to a service that was gone; the page never notices',
  { tags: 'recording' },
  async () => {
    const ann = await enter();
    const liveId = await goLive(ann, { targets: [{ url: nginx.url('show') }] });
    await targetIs(ann, 'live');
    const page = await watch(liveId);
    await nginx.kill();
    await targetIs(ann, 'retrying');
    await isPlaying(page);
    const back = performance.now();
    await nginx.run();
    await targetIs(ann, 'live');
    const took = Math.round(performance.now() - back);
    figure('live again after the service was back', { value: took, unit: 'ms', limit: 2000 });
    await decodes(nginx.url('show'));
    await isPlaying(page);
    ann.close();
  },
);

it('goes on with the same link and target when the server was killed and people are back', async () => {
  const ann = await enter();
  const liveId = await goLive(ann, { targets: [{ url: nginx.url('show') }] });
  await targetIs(ann, 'live');
  const page = await watch(liveId);
  const { port } = server;
  await server.kill();
  ann.close();
  server = await ParleyServer.start({ env: ENV, port, dataDir });
  const again = await enter();
  await targetIs(again, 'live');
  await decodes(nginx.url('show'));
  await isPlaying(page);
  again.close();
});
