/** The pictures of live streams in the documents, made anew: `npm run bench -- screenshots`. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enterAs, PEOPLE } from '../support/drawnPeople.ts';
import { NginxRtmp } from '../support/NginxRtmp.ts';
import { fromMore, SMALL_RECORDINGS, START } from '../support/recordings.ts';
import { waitFor } from '../support/waitFor.ts';
import { fits, pathOf, WebApp } from '../support/WebApp.ts';

/** Sharp enough for a picture of a page, and no more work than that. */
const RECORDINGS = { ...SMALL_RECORDINGS, PARLEY_RECORDER_WIDTH: '960', PARLEY_RECORDER_HEIGHT: '540' };

let app: WebApp;
let ingest: NginxRtmp;
beforeAll(async () => {
  [app, ingest] = await Promise.all([WebApp.start({ env: RECORDINGS }), NginxRtmp.start()]);
});
afterAll(async () => {
  await app.leave();
  await Promise.all([app.stop(), ingest.kill()]);
});

it('live panel, page of the viewers', { timeout: 400_000, tags: 'screenshots' }, async () => {
  const amara = await enterAs(app, PEOPLE.amara);
  const path = pathOf(amara);
  for (const looks of [PEOPLE.nora, PEOPLE.jun]) await enterAs(app, looks, { path });
  await fromMore(amara, 'live');
  await amara.getByTestId('first-target').click();
  await amara.getByTestId('target-url').fill(ingest.url('').replace(/\/$/, ''));
  await amara.getByTestId('target-key').fill('secret-of-amara');
  await amara.getByTestId('go-live-now').click();
  await amara.locator('[data-testid="live-target"][data-state="live"]').waitFor(START);
  const link = new URL((await amara.getByTestId('live-link').getAttribute('data-url')) ?? '');
  const viewer = await app.visit(link.pathname);
  await viewer.locator('[data-testid="player"][data-state="playing"]').waitFor(START);
  await amara.locator('[data-testid="live-target"] polyline[points*=" "]').waitFor();
  const position = () => viewer.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime);
  await waitFor('some seconds of the stream', position, { timeout: 120_000, done: (at) => at > 6 });
  expect(await fits(viewer, 'watch')).toEqual([]);
  expect(await fits(amara, 'live-panel')).toEqual([]);
});
