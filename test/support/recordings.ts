/** Recording in the web app, as people do it. */
import type { Page } from 'playwright-core';
import { adminToken } from './tokens.ts';
import { fits, type WebApp } from './WebApp.ts';

/** Small pictures: it is the app that is looked at. One film at a time fits, or some recordings of sound. */
export const SMALL_RECORDINGS = {
  PARLEY_RECORDER_WIDTH: '640',
  PARLEY_RECORDER_HEIGHT: '360',
  PARLEY_RECORDER_FRAME_RATE: '12',
  PARLEY_RECORDER_PRESET: 'ultrafast',
  PARLEY_RECORDER_MAX_PROGRAMS: '1',
  PARLEY_LIVE_ALLOW_PRIVATE_TARGETS: 'true',
};

/** The recorder starts, joins and makes its first picture; a busy machine takes its time. */
export const START = { timeout: 60_000 };

/** Who may see all recordings of the server. */
export const visitAsAdmin = (app: WebApp, path: string, options = {}): Promise<Page> =>
  app.visit(path, { extraHTTPHeaders: { authorization: `Bearer ${adminToken()}` }, ...options });

export const badge = (page: Page, state: string) =>
  page.locator(`[data-testid="recording-badge"][data-state="${state}"]`);
export const card = (page: Page, state: string) =>
  page.locator(`[data-testid="recording-card"][data-state="${state}"]`);
export const toast = (page: Page, words: string) => page.getByTestId('toasts').getByText(words);

export async function fromMore(page: Page, item: string): Promise<void> {
  await page.getByTestId('more').click();
  await page.getByTestId(item).click();
}
export const closeDialog = (page: Page) => page.getByRole('button', { name: 'Close', exact: true }).click();

export async function startRecording(host: Page): Promise<void> {
  await fromMore(host, 'record');
  await host.getByTestId('start-recording').click();
  await card(host, 'recording').waitFor(START);
}

/** The card of the recording is open. */
export async function stopRecording(host: Page): Promise<void> {
  await host.getByTestId('stop-recording').first().click();
  await host.getByTestId('confirm-stop').click();
}

export const player = (page: Page) => ({
  /** Seconds of the file that is played. */
  at: (): Promise<number> =>
    page.getByTestId('recording-player').evaluate((video: HTMLVideoElement) => video.currentTime),
  play: (): Promise<void> =>
    page.getByTestId('recording-player').evaluate(async (video: HTMLVideoElement) => {
      video.muted = true;
      await video.play();
    }),
  /** So that its end comes soon. */
  skipTo: (secondsBeforeEnd: number): Promise<void> =>
    page.getByTestId('recording-player').evaluate((video: HTMLVideoElement, left: number) => {
      video.currentTime = Math.max(0, video.duration - left);
    }, secondsBeforeEnd),
});

/** Takes pictures in a page that cannot be scrolled to by itself. */
export async function fitsAt(page: Page, testId: string, name: string): Promise<string[]> {
  return fits(page, name, () => page.getByTestId(testId).scrollIntoViewIfNeeded());
}
