import type { Browser, BrowserContext, Page } from 'playwright-core';
import { inject } from 'vitest';
import type { RoomOptions } from '@parley/client-sdk';
import type { Probe } from '../pages/probe.ts';
import type { ParleyServer } from './ParleyServer.ts';
import { joinToken } from './tokens.ts';
import { waitFor } from './waitFor.ts';

interface JoinOptions {
  room: string;
  identity: string;
  options?: RoomOptions;
  token?: string;
}

/** One browser page that uses the SDK. */
export class Client {
  readonly #context: BrowserContext;
  readonly page: Page;
  readonly errors: string[] = [];
  #url = '';

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  static async open(browser: Browser, server: Pick<ParleyServer, 'url'>): Promise<Client> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    await context.addInitScript({ path: inject('probeScript') });
    const client = new Client(context, await context.newPage());
    client.#url = server.url;
    await client.page.goto(`${server.url}/healthz`);
    return client;
  }

  /** A page that has joined. */
  static async join(browser: Browser, server: Pick<ParleyServer, 'url'>, join: JoinOptions): Promise<Client> {
    const client = await Client.open(browser, server);
    await client.join(join);
    return client;
  }

  join({
    room,
    identity,
    options,
    token = joinToken(room, identity),
  }: JoinOptions): Promise<{ participantId: string; ms: number }> {
    return this.call('join', { url: this.#url, token, ...(options && { options }) });
  }

  /** Calls a function of the probe inside the page. */
  call<K extends keyof Probe>(
    name: K,
    ...args: Parameters<Probe[K]>
  ): Promise<Awaited<ReturnType<Probe[K]>>> {
    return this.page.evaluate(
      ([method, values]) => {
        const { probe } = globalThis as typeof globalThis & {
          probe: Record<string, (...values: unknown[]) => unknown>;
        };
        return probe[method]?.(...values);
      },
      [name, args] as [string, unknown[]],
    ) as Promise<Awaited<ReturnType<Probe[K]>>>;
  }

  /** Waits until pictures of somebody move: decoded frames are counted. */
  async seesMoving(
    identity: string,
    source: 'camera' | 'screen' = 'camera',
    timeout = 15_000,
  ): Promise<void> {
    const { frames, id } = await this.call('video', identity, source);
    await waitFor(
      `decoded frames of ${identity}’s ${source} to grow`,
      () => this.call('video', identity, source),
      {
        timeout,
        done: (now) => (now.id === id ? now.frames >= frames + 3 : now.frames >= 3),
      },
    );
  }

  /** Waits until somebody is heard: energy of the decoded sound is measured. */
  async hears(identity: string, source: 'microphone' | 'screenAudio' = 'microphone'): Promise<void> {
    const before = await this.call('audio', identity, source);
    await waitFor(`sound of ${identity}’s ${source}`, () => this.call('audio', identity, source), {
      done: ({ energy, packets }) => energy > before.energy && packets > before.packets,
    });
  }

  async event(event: string, about?: string): Promise<void> {
    await waitFor(`event ${event} ${about ?? ''}`, () => this.call('events'), {
      done: (events) =>
        events.some((one) => one.event === event && (about === undefined || one.about === about)),
    });
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}
