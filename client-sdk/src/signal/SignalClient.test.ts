import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Platform } from '../platform/Platform.ts';
import { browserPlatform } from '../platform/browser.ts';
import { ReferenceServer } from '../testing/ReferenceServer.ts';
import { SignalClient } from './SignalClient.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: { delay?: (attempt: number) => number; platform?: Partial<Platform> } = {}) {
  const server = await ReferenceServer.create();
  closers.push(() => server.close());
  const client = await SignalClient.connect({
    url: server.url,
    token: 'token',
    platform: { ...browserPlatform, userAgent: 'test', ...options.platform },
    delay: options.delay ?? (() => 0),
  });
  closers.push(() => client.close());
  const heard: string[] = [];
  client.on('notification', (notification) => {
    if (notification.method === 'room.updated') heard.push(notification.params.room.settings.metadata);
  });
  return { server, client, heard };
}

const ask = (client: SignalClient, metadata: string) =>
  client.request('participant.updateSelf', { metadata });

describe('SignalClient', () => {
  it('answers each request with its own result, and refusals with the code of the server', async () => {
    const { client } = await start();
    const answers = await Promise.all([ask(client, 'one'), ask(client, 'two')]);
    expect(answers).toEqual([{ echo: { metadata: 'one' } }, { echo: { metadata: 'two' } }]);
    await expect(client.request('media.unpublish', { publicationId: 'PU_1' })).rejects.toMatchObject({
      code: 'PUBLICATION_NOT_FOUND',
    });
  });

  it('says at once that a request is too large, as the server could not tell whose it was', async () => {
    const { client } = await start();
    await expect(ask(client, 'ä'.repeat(33_000))).rejects.toMatchObject({ code: 'FRAME_TOO_LARGE' });
    expect(await ask(client, 'small')).toEqual({ echo: { metadata: 'small' } });
  });

  it('rejects when nobody listens at the address', async () => {
    const server = await ReferenceServer.create();
    const { url } = server;
    await server.close();
    const platform = { ...browserPlatform, userAgent: 'test' };
    await expect(
      SignalClient.connect({ url, token: 'token', platform, delay: () => 0 }),
    ).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('carries everything over cuts: nothing lost, doubled or reordered', async () => {
    const action = fc.constantFrom('request', 'notify', 'cutNow', 'beforeExecution', 'afterExecution');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(action, fc.boolean()), { maxLength: 40 }), async (script) => {
        const { server, client, heard } = await start();
        const asked: string[] = [];
        const told: string[] = [];
        const answers: Promise<unknown>[] = [];
        for (const [index, [step, pause]] of script.entries()) {
          if (step === 'request') {
            asked.push(`request ${index}`);
            answers.push(ask(client, `request ${index}`));
          } else if (step === 'notify') {
            told.push(`note ${index}`);
            server.notify(`note ${index}`);
          } else if (step === 'cutNow') server.cutNow();
          else server.cutNext(step);
          if (pause) await new Promise((resolve) => setImmediate(resolve));
        }
        expect(await Promise.all(answers)).toEqual(asked.map((metadata) => ({ echo: { metadata } })));
        expect(server.executed.map(({ params }) => params['metadata'])).toEqual(asked);
        await vi.waitFor(() => expect(heard).toEqual(told), { interval: 5 });
        client.close();
        await server.close();
      }),
      { numRuns: 30 },
    );
  });

  it('says that it was dropped and resumed, and that the session is lost, once each', async () => {
    const { server, client } = await start();
    const said: string[] = [];
    for (const event of ['dropped', 'resumed', 'lost'] as const) client.on(event, () => said.push(event));
    server.cutNow();
    await vi.waitFor(() => expect(said).toEqual(['dropped', 'resumed']), { interval: 5 });
    server.forget();
    await vi.waitFor(() => expect(said).toEqual(['dropped', 'resumed', 'dropped', 'lost']), { interval: 5 });
    expect(client.closed).toBe(true);
    await client.over;
    await expect(ask(client, 'too late')).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });

  it('rejects what waits when the session is lost', async () => {
    const { server, client } = await start();
    server.cutNext('beforeExecution');
    const answer = ask(client, 'one');
    server.forget();
    await expect(answer).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });

  it('does not wait for the next attempt when the network is back', async () => {
    let online = (): void => undefined;
    const onOnline = (listener: () => void) => {
      online = listener;
      return () => undefined;
    };
    const delays: number[] = [];
    const hour = 3_600_000;
    const delay = (attempt: number) => {
      delays.push(attempt);
      return delays.length === 1 ? hour : 0;
    };
    const { server, client } = await start({ delay, platform: { onOnline } });
    const dropped = new Promise<void>((resolve) => client.on('dropped', resolve));
    const resumed = new Promise<void>((resolve) => client.on('resumed', resolve));
    server.cutNow();
    await dropped;
    await new Promise((resolve) => setImmediate(resolve));
    online();
    await resumed;
    expect(server.resumes).toBe(1);
  });
});
