import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

let server: ParleyServer;
let browser: Browser;
const pages: Page[] = [];
const failures: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start(), launchChromium()]);
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
  expect(failures.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function visit(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => failures.push(error.message));
  pages.push(page);
  await page.goto(`${server.url}${path}`);
  return page;
}

async function join(page: Page, name: string): Promise<void> {
  await page.getByTestId('join-name').fill(name);
  await page.getByTestId('join-button').click();
}

/** Somebody who starts a meeting, and somebody who follows the link. */
async function meet(options: BrowserContextOptions = {}): Promise<[Page, Page]> {
  const ann = await visit('/', options);
  await ann.getByTestId('new-meeting').click();
  await join(ann, 'Ann');
  await ann.getByTestId('meeting').waitFor();
  const bob = await visit(new URL(ann.url()).pathname, options);
  await join(bob, 'Bob');
  await bob.getByTestId('meeting').waitFor();
  return [ann, bob];
}

const tile = (page: Page, name: string) => page.getByTestId('tile').filter({ hasText: name });

/** Pictures in somebody’s tile move. */
async function moves(page: Page, name: string): Promise<void> {
  const video = tile(page, name).locator('video');
  await video.waitFor();
  const frames = () =>
    video.evaluate((element: HTMLVideoElement) => element.getVideoPlaybackQuality().totalVideoFrames);
  const before = await frames();
  await waitFor(`pictures of ${name} to move`, frames, { done: (now) => now > before + 3 });
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe('the web app', () => {
  it('takes two people from the front page into a meeting where they see each other', async () => {
    const [ann, bob] = await meet();
    await moves(ann, 'Bob');
    await moves(bob, 'Ann');
    expect(await bob.locator('audio').count()).toBeGreaterThan(0);
  });

  it('shows that somebody muted, and switched the camera off', async () => {
    const [ann, bob] = await meet();
    await moves(bob, 'Ann');
    await ann.getByTestId('toggle-mic').first().click();
    await tile(bob, 'Ann').getByLabel('Muted').waitFor();
    await ann.getByTestId('toggle-camera').first().click();
    await tile(bob, 'Ann').locator('video').waitFor({ state: 'detached' });
    await ann.getByTestId('toggle-camera').first().click();
    await moves(bob, 'Ann');
  });

  it('shares a screen, which takes the stage, and stops', async () => {
    const [ann, bob] = await meet();
    await ann.getByTestId('toggle-screen').first().click();
    await moves(bob, 'Ann’s screen');
    await ann.getByTestId('toggle-screen').first().click();
    await tile(bob, 'Ann’s screen').waitFor({ state: 'detached' });
  });

  it('says goodbye, and lets one come back', async () => {
    const [ann, bob] = await meet();
    await moves(ann, 'Bob');
    await bob.getByTestId('leave').click();
    await bob.getByTestId('ended').waitFor();
    await tile(ann, 'Bob').waitFor({ state: 'detached' });
    await bob.getByTestId('rejoin').click();
    await waitFor('Bob back', () => tile(ann, 'Bob').count(), { done: (count) => count === 1 });
  });

  it('says in words what is wrong when a meeting does not exist, and offers to create it', async () => {
    const page = await visit('/r/no-such-meeting');
    await join(page, 'Ann');
    await page.getByTestId('create-meeting').click();
    await page.getByTestId('meeting').waitFor();
  });

  it('brings the meeting back after the server was restarted', async () => {
    const [ann, bob] = await meet();
    await moves(ann, 'Bob');
    const { port, dataDir } = server;
    await server.kill();
    await ann.getByTestId('reconnecting').waitFor();
    server = await ParleyServer.start({ port, dataDir });
    await ann.getByTestId('reconnecting').waitFor({ state: 'detached' });
    await bob.getByTestId('reconnecting').waitFor({ state: 'detached' });
    await moves(ann, 'Bob');
  });

  it('says that it is the server that restarts, and not their network', async () => {
    const [ann] = await meet();
    const { port, dataDir } = server;
    await server.stop();
    await ann.getByTestId('reconnecting').filter({ hasText: 'The server is restarting' }).waitFor();
    server = await ParleyServer.start({ port, dataDir });
    await ann.getByTestId('reconnecting').waitFor({ state: 'detached' });
  });

  it('asks a viewer for no camera, and keeps the menu on a small screen', async () => {
    const token = joinToken('webinar', 'vera', { claims: { role: 'viewer' } });
    const vera = await visit(`/r/webinar#token=${token}`, { viewport: { width: 390, height: 844 } });
    await vera.getByText('You join as a viewer').waitFor();
    expect(await vera.getByTestId('toggle-camera').count()).toBe(0);
    await vera.getByTestId('join-button').click();
    await vera.getByTestId('meeting').waitFor();
    await vera.getByRole('button', { name: 'More' }).click();
    const box = await vera.getByRole('menu').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
  });

  it('fits a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const [ann, bob] = await meet(phone);
    await moves(ann, 'Bob');
    for (const page of [ann, bob, await visit('/', phone), await visit('/r/anything', phone)])
      expect(await overflow(page)).toBe(0);
    for (const button of ['toggle-mic', 'toggle-camera', 'leave']) {
      const box = await ann.getByTestId(button).first().boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
  });
});

describe('without a camera that may be used', () => {
  it('says why in words, and lets one join all the same', async () => {
    const strict = await launchChromium({
      without: ['--use-fake-ui-for-media-stream'],
      args: ['--deny-permission-prompts'],
    });
    const page = await (await strict.newContext()).newPage();
    await page.goto(`${server.url}/r/denied`);
    await page.getByTestId('error-panel').first().waitFor();
    expect(await page.getByTestId('error-panel').first().innerText()).toMatch(/allow/i);
    await join(page, 'Ann');
    await page.getByTestId('create-meeting').click();
    await page.getByTestId('meeting').waitFor();
    await strict.close();
  });
});
