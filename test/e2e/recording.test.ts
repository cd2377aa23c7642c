/** Recording and streaming in the app: with the real server and recorder, from the button to the file that plays. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NginxRtmp } from '../support/NginxRtmp.ts';
import {
  badge,
  card,
  closeDialog,
  fromMore,
  player,
  SMALL_RECORDINGS,
  START,
  startRecording,
  stopRecording,
  toast,
  visitAsAdmin,
} from '../support/recordings.ts';
import { waitFor } from '../support/waitFor.ts';
import { fits, joinAs, pathOf, WebApp } from '../support/WebApp.ts';

let app: WebApp;
beforeAll(async () => {
  app = await WebApp.start({ env: SMALL_RECORDINGS });
});
afterEach(async () => {
  expect(await app.leave()).toEqual([]);
});
afterAll(() => app.stop());

const roomOf = (page: Page): string => pathOf(page).replace(/^\/r\//, '');

async function askForConsent(host: Page): Promise<void> {
  await fromMore(host, 'meeting-options');
  await host.getByRole('combobox', { name: 'Consent' }).selectOption('ask');
  await expect.poll(() => host.getByRole('combobox', { name: 'Consent' }).inputValue()).toBe('ask');
  const toConsent = () => host.getByRole('combobox', { name: 'Consent' }).scrollIntoViewIfNeeded();
  expect(await fits(host, 'recording-options', toConsent)).toEqual([]);
  await closeDialog(host);
}

describe('a recording', () => {
  it(
    'is begun, agreed to, paused, marked, stopped, played, shared and deleted',
    { timeout: 240_000 },
    async () => {
      const ann = await app.startMeeting('Ann');
      const room = roomOf(ann);
      await askForConsent(ann);
      const bob = await app.visit(`/r/${room}`);
      await joinAs(bob, 'Bob');
      await bob.getByTestId('meeting').waitFor();
      await fromMore(ann, 'record');
      expect(await fits(ann, 'recording-start')).toEqual([]);
      await closeDialog(ann);
      await startRecording(ann);

      // Everybody sees it, and is asked.
      await badge(bob, 'recording').waitFor();
      await bob.getByTestId('consent').waitFor();
      expect(await fits(bob, 'recording-consent')).toEqual([]);
      await bob.getByTestId('consent-refuse').click();
      await badge(bob, 'recording').filter({ hasText: 'without you' }).waitFor();
      expect(await fits(bob, 'recording-badge')).toEqual([]);
      await fromMore(bob, 'own-consent');
      await bob.getByTestId('consent-agree').click();
      await badge(bob, 'recording').filter({ hasNotText: 'without you' }).waitFor();
      // Who may not record is told, and has nothing to press.
      await bob.getByTestId('recording-badge').click();
      await bob.getByTestId('recording-card').waitFor();
      expect(await bob.getByTestId('stop-recording').count()).toBe(0);
      await closeDialog(bob);

      // Who comes now knows it before.
      const cleo = await app.visit(`/r/${room}`);
      await cleo.getByTestId('notice-recorded').filter({ hasText: 'only if you agree' }).waitFor();
      expect(await fits(cleo, 'prejoin-recorded')).toEqual([]);

      await ann.getByTestId('mark-title').fill('The decision');
      await ann.getByTestId('mark').click();
      await ann.getByText('Marked: The decision').waitFor();
      expect(await fits(ann, 'recording-running')).toEqual([]);
      await ann.getByTestId('pause-recording').click();
      await badge(bob, 'paused').waitFor();
      await toast(bob, 'The recording is paused').waitFor();
      await ann.getByTestId('resume-recording').click();
      await badge(bob, 'recording').waitFor();
      await toast(bob, 'The recording goes on').waitFor();
      await waitFor('some seconds of film', () => bob.getByTestId('recording-badge').innerText(), {
        timeout: 30_000,
        done: (words) => /0:(0[6-9]|[1-5]\d)/.test(words),
      });
      await stopRecording(ann);
      await toast(bob, 'The recording has ended').waitFor();
      await bob.getByTestId('recording-badge').waitFor({ state: 'detached', timeout: 60_000 });

      await lookAtLibrary(room);
    },
  );

  it('that cannot be begun says why', { timeout: 150_000 }, async () => {
    const ann = await app.startMeeting('Ann');
    await fromMore(ann, 'record');
    await ann.getByTestId('kind-audio').click();
    await ann.getByTestId('start-recording').click();
    await card(ann, 'recording').waitFor(START);
    await ann.getByRole('button', { name: /Record something else/ }).click();
    await expect.poll(() => ann.getByTestId('kind-audio').getByRole('radio').isDisabled()).toBe(true);
    expect(await fits(ann, 'recording-another')).toEqual([]);
    await ann.getByTestId('start-recording').click();
    const problem = ann.getByTestId('recording-problem');
    await problem.waitFor(START);
    expect(await problem.innerText()).toMatch(/no room[\s\S]*\d+ of \d+/);
    expect(await fits(ann, 'recording-problem')).toEqual([]);
    // Nothing is left that the next one would have to share the machine with.
    await stopRecording(ann);
    await expect.poll(() => ann.getByTestId('recording-card').count(), START).toBe(0);
  });
});

async function lookAtLibrary(room: string): Promise<void> {
  const admin = await visitAsAdmin(app, `/rooms/${room}/recordings`);
  await admin.locator('[data-testid="recording-row"][data-state="ready"]').waitFor(START);
  expect(await fits(admin, 'library')).toEqual([]);
  const dark = await visitAsAdmin(app, `/rooms/${room}/recordings`, { colorScheme: 'dark' });
  await dark.getByTestId('recording-row').waitFor();
  expect(await fits(dark, 'library-dark')).toEqual([]);

  await admin.getByTestId('recording-row').click();
  await admin.getByTestId('recording-player').waitFor();
  await player(admin).play();
  await waitFor('the recording to play', player(admin).at, { done: (seconds) => seconds > 1 });
  await admin.getByTestId('chapter').filter({ hasText: 'The decision' }).click();
  await admin.getByTestId('chapter').and(admin.locator('[aria-current]')).waitFor();
  expect(await admin.getByTestId('player-problem').count()).toBe(0);
  expect(await fits(admin, 'recording-play')).toEqual([]);
  await admin.emulateMedia({ colorScheme: 'dark' });
  expect(await fits(admin, 'recording-play-dark')).toEqual([]);
  await admin.emulateMedia({ colorScheme: 'light' });

  // A link plays it without signing in.
  await admin.getByTestId('share-recording').click();
  await admin.getByTestId('make-link').click();
  const link = new URL((await admin.getByTestId('share-link').getAttribute('data-url')) ?? '');
  expect(await fits(admin, 'recording-share')).toEqual([]);
  const part = await fetch(app.server.url + link.pathname + link.search, {
    headers: { range: 'bytes=4-7' },
  });
  expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
  await closeDialog(admin);

  // It stands with its meeting as well.
  await admin.getByTestId('section-meetings').click();
  await admin.getByTestId('meeting-row').first().click();
  await admin.getByTestId('recording-row').waitFor();
  expect(await fits(admin, 'recording-in-history')).toEqual([]);
  await admin.getByTestId('recording-row').click();
  await admin.getByTestId('delete-recording').click();
  await admin.getByTestId('confirm-delete').click();
  await admin.getByTestId('empty').waitFor();
  expect(await fits(admin, 'library-empty')).toEqual([]);
  const gone = await fetch(app.server.url + link.pathname + link.search);
  expect(gone.ok).toBe(false);
}

/** A service that is not there is told, and taken away. */
/** Who has not agreed is not in it, and is asked; who began it has agreed. */
async function agreesToBeLive(host: Page, bob: Page): Promise<void> {
  await bob.getByTestId('consent').filter({ hasText: 'streamed live' }).waitFor();
  expect(await fits(bob, 'live-consent')).toEqual([]);
  await bob.getByTestId('live-badge').filter({ hasText: 'without you' }).waitFor();
  await bob.getByTestId('consent-agree').click();
  for (const page of [host, bob])
    await page.getByTestId('live-badge').filter({ hasNotText: 'without you' }).waitFor();
  // Who comes now knows it before.
  const cleo = await app.visit(pathOf(host));
  await cleo.getByTestId('notice-streamed').filter({ hasText: 'only if you agree' }).waitFor();
  expect(await fits(cleo, 'prejoin-streamed')).toEqual([]);
}

async function addLostTarget(ann: Page): Promise<void> {
  await ann.getByTestId('add-target').click();
  await ann.getByTestId('target-url').fill('rtmp://127.0.0.1:9/app/nobody');
  await ann.getByTestId('save-target').click();
  const lost = ann.getByTestId('live-target').filter({ hasText: '127.0.0.1:9' });
  await lost.getByTestId('target-problem').waitFor(START);
  // The line of the bitrate has something to show.
  await ann.locator('[data-testid="live-target"] polyline[points*=" "]').waitFor();
  expect(await fits(ann, 'live-running')).toEqual([]);
  await lost.getByTestId('remove-target').click();
  await ann.getByTestId('confirm-remove-target').click();
  await lost.waitFor({ state: 'detached' });
}

describe('a live stream', () => {
  let ingest: NginxRtmp;
  beforeAll(async () => {
    ingest = await NginxRtmp.start();
  });
  afterAll(() => ingest.kill());

  it('goes to a page and to services, and everybody knows', { timeout: 240_000 }, async () => {
    const ann = await app.startMeeting('Ann');
    const bob = await app.visit(`/r/${roomOf(ann)}`);
    await joinAs(bob, 'Bob');
    await askForConsent(ann);
    await fromMore(ann, 'live');
    await ann.getByTestId('first-target').click();
    await ann.getByTestId('target-url').fill('https://example.org');
    await ann.getByTestId('go-live-now').click();
    await ann.getByText('has to begin with rtmp').waitFor();
    await ann.getByTestId('target-url').fill(ingest.url('').replace(/\/$/, ''));
    await ann.getByTestId('target-key').fill('secret-of-ann');
    expect(await ann.getByTestId('target-key').getAttribute('type')).toBe('password');
    expect(await fits(ann, 'live-start')).toEqual([]);
    await ann.getByTestId('go-live-now').click();
    await ann.getByTestId('live-link').waitFor(START);
    await ann.locator('[data-testid="live-target"][data-state="live"]').waitFor(START);
    await agreesToBeLive(ann, bob);
    expect(await ann.content()).not.toContain('secret-of-ann');

    const link = new URL((await ann.getByTestId('live-link').getAttribute('data-url')) ?? '');
    const viewer = await app.visit(link.pathname);
    await viewer.locator('[data-testid="player"][data-state="playing"]').waitFor(START);
    expect(await fits(viewer, 'watch')).toEqual([]);
    await viewer.getByTestId('sound').click();
    await viewer.getByRole('button', { name: 'Sound on' }).waitFor();
    await waitFor('the viewer to be counted', () => bob.getByTestId('live-viewers').innerText(), {
      timeout: 30_000,
      done: (viewers) => viewers === '1',
    });
    expect(await fits(bob, 'live-badge')).toEqual([]);

    const unlucky = await app.visit('/');
    await unlucky.route('**/assets/hls-*.js', (route) => route.abort());
    await unlucky.goto(app.server.url + link.pathname);
    await unlucky.getByTestId('watch-unloaded').waitFor();
    expect(await fits(unlucky, 'watch-unloaded')).toEqual([]);
    await unlucky.unrouteAll();
    await unlucky.getByRole('button', { name: 'Load again' }).click();
    await unlucky.locator('[data-testid="player"][data-state="playing"]').waitFor(START);
    await unlucky.close();

    await addLostTarget(ann);

    await ann.getByTestId('stop-live').click();
    await ann.getByTestId('confirm-end-live').click();
    await ann.getByTestId('go-live-now').waitFor();
    await bob.getByTestId('live-badge').waitFor({ state: 'detached' });
    await toast(bob, 'The meeting is no longer live').waitFor();
    await viewer.getByTestId('watch-over').waitFor(START);
    // To the very end.
    const left = await viewer
      .locator('video')
      .evaluate((video: HTMLVideoElement) => video.duration - video.currentTime);
    expect(left).toBeLessThan(0.5);
    expect(await fits(viewer, 'watch-over')).toEqual([]);
  });

  it('that is not there is told on its page', async () => {
    const page = await app.visit('/live/LV_nothing');
    await page.getByRole('heading', { name: 'There is no stream here' }).waitFor();
    expect(await fits(page, 'watch-none')).toEqual([]);
  });
});
