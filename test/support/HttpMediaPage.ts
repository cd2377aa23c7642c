import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';
import type { HttpMediaProbe } from '../pages/httpMedia.ts';
import type { ParleyServer } from './ParleyServer.ts';
import { waitFor } from './waitFor.ts';

/** One browser page that speaks WHIP or WHEP, without the SDK. */
export class HttpMediaPage {
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly errors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.#page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  static async open(browser: Browser, server: Pick<ParleyServer, 'url'>): Promise<HttpMediaPage> {
    const context = await browser.newContext();
    await context.addInitScript({ path: inject('probeScript') });
    const one = new HttpMediaPage(context, await context.newPage());
    await one.#page.goto(`${server.url}/healthz`);
    return one;
  }

  /** Calls a function inside the page. */
  call<K extends keyof HttpMediaProbe>(
    name: K,
    ...args: Parameters<HttpMediaProbe[K]>
  ): Promise<Awaited<ReturnType<HttpMediaProbe[K]>>> {
    return this.#page.evaluate(
      ([method, values]) => {
        const { httpMedia } = globalThis as typeof globalThis & {
          httpMedia: Record<string, (...values: unknown[]) => unknown>;
        };
        return httpMedia[method]?.(...values);
      },
      [name, args] as [string, unknown[]],
    ) as Promise<Awaited<ReturnType<HttpMediaProbe[K]>>>;
  }

  async isConnected(): Promise<void> {
    await waitFor('the connection to stand', () => this.call('state'), {
      done: (state) => state === 'connected',
    });
  }

  /** Waits until decoded pictures come and sound is heard. */
  async plays(what: { video?: boolean; audio?: boolean } = { video: true, audio: true }): Promise<void> {
    const before = await this.call('received');
    await waitFor('pictures and sound', () => this.call('received'), {
      timeout: 20_000,
      done: ({ audio, video }) =>
        (what.video !== true || video.frames >= before.video.frames + 5) &&
        (what.audio !== true || (audio.energy > before.audio.energy && audio.packets > before.audio.packets)),
    });
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
