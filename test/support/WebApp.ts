/** The web app in a real Chromium, as people use it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { ParleyServer, type ServerOptions } from './ParleyServer.ts';
import { waitFor } from './waitFor.ts';

export const PHONE = { width: 390, height: 844 };
const COMPUTER = { width: 1280, height: 800 };

export class WebApp {
  /** Another one after a restart. */
  server: ParleyServer;
  readonly #browser: Browser;
  readonly #pages: Page[] = [];
  readonly #failures: string[] = [];

  static async start(options: ServerOptions = {}): Promise<WebApp> {
    const [server, browser] = await Promise.all([ParleyServer.start(options), launchChromium()]);
    return new WebApp(server, browser);
  }

  private constructor(server: ParleyServer, browser: Browser) {
    this.server = server;
    this.#browser = browser;
  }

  /** Opens a page of the app in a browser profile of its own. */
  async visit(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: COMPUTER, ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.#failures.push(error.message));
    this.#pages.push(page);
    await page.goto(`${this.server.url}${path}`);
    return page;
  }

  /** Somebody who starts a meeting, and somebody who follows the link. */
  async meet(options: BrowserContextOptions = {}): Promise<[Page, Page]> {
    const ann = await this.startMeeting('Ann', options);
    const bob = await this.visit(new URL(ann.url()).pathname, options);
    await joinAs(bob, 'Bob');
    await bob.getByTestId('meeting').waitFor();
    return [ann, bob];
  }

  async startMeeting(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.visit('/', options);
    await page.getByTestId('new-meeting').click();
    await joinAs(page, name);
    await page.getByTestId('meeting').waitFor();
    return page;
  }

  /** Closes all pages; gives what went wrong in them. */
  async leave(): Promise<string[]> {
    await Promise.all(this.#pages.splice(0).map((page) => page.context().close()));
    return this.#failures.splice(0);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.server.stop();
  }
}

export async function joinAs(page: Page, name: string): Promise<void> {
  await page.getByTestId('join-name').fill(name);
  await page.getByTestId('join-button').click();
}

export const pathOf = (page: Page): string => new URL(page.url()).pathname;

/** Somebody’s row in the list of participants. */
export const row = (page: Page, name: string) =>
  page.getByTestId('participants-panel').getByRole('listitem').filter({ hasText: name });

export const tile = (page: Page, name: string) => page.getByTestId('tile').filter({ hasText: name });

/** Pictures in somebody’s tile move. */
export async function moves(page: Page, name: string): Promise<void> {
  const video = tile(page, name).locator('video');
  await video.waitFor();
  const frames = () =>
    video.evaluate((element: HTMLVideoElement) => element.getVideoPlaybackQuality().totalVideoFrames);
  const before = await frames();
  await waitFor(`pictures of ${name} to move`, frames, { done: (now) => now > before + 3 });
}

/** Pixels by which a page is wider than its window. */
export const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/**
 * Nothing sticks out, on a phone and on a computer; keeps a picture of each where PARLEY_PICTURES names a folder. `open` opens
 * what closes when the size changes.
 */
export async function fits(page: Page, name: string, open?: () => Promise<void>): Promise<string[]> {
  const folder = process.env['PARLEY_PICTURES'];
  const problems: string[] = [];
  for (const size of [PHONE, COMPUTER]) {
    await page.setViewportSize(size);
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    await open?.();
    await stillness(page);
    const out = await overflow(page);
    if (out > 0) problems.push(`${name} is ${out} px too wide at ${size.width}`);
    if (folder === undefined) continue;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}-${size.width}.png`), animations: 'disabled' });
  }
  return problems;
}

/** Until what moves in the page by itself, such as a menu that opens, has come to rest; pictures of cameras go on. */
const stillness = (page: Page) =>
  page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished.catch(() => undefined)),
    ).then(() => undefined),
  );
