import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as inFolder } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { HttpMediaPage } from '../support/HttpMediaPage.ts';
import { ParleyServer, isAlive } from '../support/ParleyServer.ts';
import { adminToken, joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

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
async function openPage(of: ParleyServer = server): Promise<HttpMediaPage> {
  const page = await HttpMediaPage.open(browser, of);
  open.push(page);
  return page;
}

/** Ports that somebody is told to send to. */
const portsIn = (sdp: string): string[] => [
  ...new Set([...sdp.matchAll(/^a=candidate:\S+ 1 \w+ \d+ \S+ (\d+)/gm)].map(([, port = '']) => port)),
];

async function publish(room: string, more: { simulcast?: boolean; codec?: string; identity?: string } = {}) {
  const { identity = 'obs', ...options } = more;
  const encoder = await openPage();
  const token = joinToken(room, identity);
  const answer = await encoder.call('publish', { url: `${server.url}/whip/${room}`, token, ...options });
  expect({ status: answer.status, type: answer.headers['content-type'] }, answer.body).toEqual({
    status: 201,
    type: 'application/sdp',
  });
  return { encoder, answer };
}

describe('a publisher by WHIP', () => {
  it('is seen and heard by people in the room, and leaves on DELETE', async () => {
    const ann = await join('show', 'ann');
    const { encoder } = await publish('show');
    await ann.seesMoving('obs');
    await ann.hears('obs');
    expect((await encoder.call('end')).status).toBe(200);
    await ann.event('participantLeft', 'obs left');
  });

  it.each(['video/H264', 'video/VP9', 'video/AV1'])('is seen in %s', async (codec) => {
    const ann = await join('codecs', 'ann');
    await publish('codecs', { codec });
    await ann.seesMoving('obs');
    expect((await ann.call('video', 'obs')).codec).toBe(codec);
  });

  it('sends layers, of which each gets what fits their tile', async () => {
    const ann = await join('layers', 'ann');
    await publish('layers', { simulcast: true });
    await ann.seesMoving('obs');
    for (const [width, height] of [
      [160, 90],
      [1280, 720],
    ] as const) {
      await ann.call('resize', 'obs', width, height);
      await waitFor(`pictures of ${height} lines`, () => ann.call('video', 'obs'), {
        timeout: 30_000,
        done: (seen) => (height === 90 ? seen.height > 0 && seen.height <= 180 : seen.height >= 360),
      });
    }
  });

  it('trickles candidates, and goes on after a restart of ICE', async () => {
    const ann = await join('restart', 'ann');
    const { encoder } = await publish('restart');
    await encoder.isConnected();
    expect(await encoder.call('trickle')).toMatchObject({ status: 204, body: '' });
    expect(await encoder.call('trickle', null)).toMatchObject({ status: 428 });
    const { etag } = await encoder.call('session');
    const answer = await encoder.call('restart');
    expect(answer.status).toBe(200);
    expect(answer.headers['etag']).not.toBe(etag);
    expect(await encoder.call('trickle', etag)).toMatchObject({ status: 412 });
    await encoder.isConnected();
    await ann.seesMoving('obs');
    await ann.hears('obs');
    expect(await ann.call('participants')).toContain('obs');
  });

  it('is one of two, each of whom is seen', async () => {
    const ann = await join('two', 'ann');
    await publish('two', { identity: 'stage' });
    await publish('two', { identity: 'gallery', codec: 'video/H264' });
    for (const identity of ['stage', 'gallery']) {
      await ann.seesMoving(identity);
      await ann.hears(identity);
    }
  });

  it('leaves when its program closes the connection without a word', async () => {
    const ann = await join('closed', 'ann');
    const { encoder } = await publish('closed');
    await ann.seesMoving('obs');
    await encoder.call('close');
    await ann.event('participantLeft', 'obs connectionLost');
  });

  it('is gone with a server that is killed, and comes again', async () => {
    const dataDir = mkdtempSync(inFolder(tmpdir(), 'parley-whip-'));
    const former = await ParleyServer.start({ dataDir });
    const page = await openPage(former);
    const token = joinToken('killed', 'obs');
    expect((await page.call('publish', { url: `${former.url}/whip/killed`, token })).status).toBe(201);
    await page.isConnected();
    const workers = former.workerPids;
    await former.kill();
    await waitFor('the workers to end', () => workers.filter(isAlive), {
      done: (alive) => alive.length === 0,
    });
    const later = await ParleyServer.start({ dataDir, port: former.port });
    const list = await fetch(`${later.url}/api/v1/rooms/killed/participants`, {
      headers: { authorization: `Bearer ${adminToken()}` },
    });
    // The meeting goes on when people return; nobody is in it now.
    if (list.ok) expect(await list.json()).toMatchObject({ items: [] });
    else expect(list.status).toBe(404);
    const url = `${later.url}/whip/killed`;
    expect((await page.call('publish', { url, token })).status).toBe(201);
    await page.isConnected();
    await later.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('sends to the port that everybody sends to', async () => {
    const { answer } = await publish('port');
    const player = await openPage();
    const token = joinToken('port', 'wall');
    const seen = await player.call('watch', { url: `${server.url}/whep/port/obs`, token });
    expect(portsIn(answer.body)).toHaveLength(1);
    expect(portsIn(seen.answer.body)).toEqual(portsIn(answer.body));
    await player.plays();
  });
});
