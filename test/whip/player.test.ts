import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import type { HttpMediaProbe } from '../pages/httpMedia.ts';
import { HttpMediaPage } from '../support/HttpMediaPage.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { joinToken } from '../support/tokens.ts';

let server: ParleyServer;
let browser: Browser;
const open: { close(): Promise<void>; errors: string[] }[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start(), launchChromium()]);
});
afterEach(async () => {
  for (const page of open) expect(page.errors).toEqual([]);
  await Promise.all(open.splice(0).map((page) => page.close()));
});
afterAll(async () => {
  await browser.close();
  expect(await server.stop()).toMatchObject({ code: 0, orphans: [] });
});

async function join(room: string, identity: string): Promise<Client> {
  const client = await Client.join(browser, server, { room, identity });
  open.push(client);
  return client;
}

type Offer = NonNullable<Parameters<HttpMediaProbe['watch']>[0]['offer']>;

async function openPage(): Promise<HttpMediaPage> {
  const page = await HttpMediaPage.open(browser, server);
  open.push(page);
  return page;
}

async function watch(path: string, identity: string, offer: Offer = 'plain'): Promise<HttpMediaPage> {
  const page = await openPage();
  const token = joinToken(path.split('/')[0] ?? '', identity);
  const { answer } = await page.call('watch', { url: `${server.url}/whep/${path}`, token, offer });
  expect(answer.status, answer.body).toBe(201);
  return page;
}

async function publish(room: string, codec: string): Promise<void> {
  const encoder = await openPage();
  const token = joinToken(room, 'ann');
  const { status } = await encoder.call('publish', { url: `${server.url}/whip/${room}`, token, codec });
  expect(status).toBe(201);
}

describe('a player by WHEP', () => {
  it('plays the camera and microphone of one participant', async () => {
    const ann = await join('one', 'ann');
    const bob = await join('one', 'bob');
    await Promise.all([ann.call('publish'), bob.call('publish')]);
    const player = await watch('one/ann', 'wall');
    await player.plays();
    expect((await player.call('received')).video.streams).toBe(1);
    expect(await ann.call('participants')).toContain('wall');
    expect((await player.call('end')).status).toBe(200);
    await ann.event('participantLeft', 'wall left');
  });

  it('plays to many at once, whatever payload types each of them gave', async () => {
    const ann = await join('types', 'ann');
    await ann.call('publish');
    const plain = await watch('types/ann', 'plain');
    const alike = await watch('types/ann', 'alike');
    const shuffled = await watch('types/ann', 'shuffled', 'shuffled');
    await Promise.all([plain, alike, shuffled].map((player) => player.plays()));
    const [one, two] = await Promise.all([plain, shuffled].map((page) => page.call('payloadTypes')));
    expect(one).toEqual({ audio: 111, video: 96 });
    expect(two?.['audio']).not.toBe(111);
    expect(two?.['video']).not.toBe(96);
    await plain.close();
    await Promise.all([alike, shuffled].map((player) => player.plays()));
  });

  it.each(['video/H264', 'video/VP9', 'video/AV1'])('plays %s', async (codec) => {
    await join('codecs', 'host');
    await publish('codecs', codec);
    await (await watch('codecs/ann', 'wall')).plays();
  });

  it('that takes only H.264 plays it, and is told when something else is sent', async () => {
    await join('h264', 'host');
    await publish('h264', 'video/H264');
    await (await watch('h264/ann', 'wall', 'h264')).plays();
    await publish('h264', 'video/VP8');
    const page = await openPage();
    const token = joinToken('h264', 'late');
    const url = `${server.url}/whep/h264/ann`;
    const { answer } = await page.call('watch', { url, token, offer: 'h264' });
    expect(answer.status).toBe(406);
    expect(answer.body).toContain('video/VP8 is sent');
  });

  it('that wants only the sound gets only that', async () => {
    const ann = await join('sound', 'ann');
    await ann.call('publish');
    const player = await watch('sound/ann', 'radio', 'audio');
    await player.plays({ audio: true });
    expect((await player.call('received')).video.streams).toBe(0);
  });

  it.each(['plain', 'none'] as const)(
    'goes on when the one it watches mutes, leaves and returns (%s)',
    async (offer) => {
      const host = await join('again', 'host');
      const player = await watch('again/ann', 'wall', offer);
      await player.isConnected();
      const ann = await join('again', 'ann');
      await ann.call('publish');
      await player.plays();
      await ann.call('setEnabled', 'camera', false);
      await host.event('publicationUpdated', 'ann/camera muted=true by=');
      await ann.call('setEnabled', 'camera', true);
      await player.plays();
      await ann.call('leave');
      await host.event('participantLeft', 'ann left');
      const other = await join('again', 'ann');
      await other.call('publish');
      await player.plays();
    },
  );
});
