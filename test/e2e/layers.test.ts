import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RoomOptions } from '@parley/client-sdk';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { waitFor } from '../support/waitFor.ts';

let server: ParleyServer;
let browser: Browser;
const clients: Client[] = [];
const join = async (room: string, identity: string, options?: RoomOptions): Promise<Client> => {
  const client = await Client.join(browser, server, { room, identity, ...(options && { options }) });
  clients.push(client);
  return client;
};

beforeAll(async () => {
  [server, browser] = await Promise.all([
    ParleyServer.start({ env: { PARLEY_MEDIA_INITIAL_OUTGOING_BITRATE: '5000000' } }),
    launchChromium(),
  ]);
});
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const decodedHeight = (client: Client, height: number): Promise<unknown> =>
  waitFor(`pictures ${height} high`, () => client.call('video', 'ann'), {
    timeout: 25_000,
    done: (video) => video.height === height,
  });

describe('simulcast', () => {
  it('sends three layers, and the receiver’s follows the size of the tile', async () => {
    const [ann, bob] = [await join('layers', 'ann'), await join('layers', 'bob')];
    await ann.call('publishDrawing', 1280, 720);
    await bob.seesMoving('ann');
    await bob.call('resize', 'ann', 1280, 720);
    await decodedHeight(bob, 720);
    const layers = await waitFor('three layers', () => ann.call('sent'), {
      timeout: 25_000,
      done: (sent) => sent.length === 3 && sent.every(({ active, frames }) => active && frames > 0),
    });
    expect(layers.map(({ height }) => height)).toEqual([180, 360, 720]);
    await bob.call('resize', 'ann', 160, 90);
    await decodedHeight(bob, 180);
    await bob.call('resize', 'ann', 640, 360);
    await decodedHeight(bob, 360);
  });

  it('switches off at the sender what nobody wants', async () => {
    const [ann, bob] = [await join('dynacast', 'ann'), await join('dynacast', 'bob')];
    await ann.call('publishDrawing', 1280, 720);
    await bob.seesMoving('ann');
    await bob.call('resize', 'ann', 160, 90);
    await waitFor('only the smallest layer to be sent', () => ann.call('sent'), {
      done: (sent) =>
        sent
          .filter(({ active }) => active)
          .map(({ rid }) => rid)
          .join() === 'r0',
    });
    await bob.call('resize', 'ann', 0, 0);
    await waitFor('nothing to be sent', () => ann.call('sent'), {
      done: (sent) => sent.every(({ active }) => !active),
    });
    const paused = await bob.call('video', 'ann');
    await bob.call('resize', 'ann', 1280, 720);
    await waitFor('pictures again', () => bob.call('video', 'ann'), {
      done: ({ frames }) => frames > paused.frames,
    });
  });
});

describe('codecs', () => {
  it.each([
    ['vp9', 'video/VP9', 'L3T3_KEY'],
    ['av1', 'video/AV1', 'L1T3'],
  ] as const)('%s is sent in scalable layers and decoded', async (videoCodec, mimeType, mode) => {
    const ann = await join(videoCodec, 'ann', { publishDefaults: { videoCodec } });
    const bob = await join(videoCodec, 'bob');
    await ann.call('publishDrawing', 1280, 720);
    await bob.seesMoving('ann', 'camera', 30_000);
    expect((await bob.call('video', 'ann')).codec.toLowerCase()).toBe(mimeType.toLowerCase());
    expect((await ann.call('sent')).map((layer) => layer.mode)).toEqual([mode]);
  });

  it('h264 is sent and decoded', async () => {
    const ann = await join('h264', 'ann', { publishDefaults: { videoCodec: 'h264' } });
    const bob = await join('h264', 'bob');
    await ann.call('publishDrawing', 640, 360);
    await bob.seesMoving('ann', 'camera', 30_000);
    expect((await bob.call('video', 'ann')).codec.toLowerCase()).toBe('video/h264');
  });
});

describe('screen share', () => {
  it('shows the screen and carries its sound, and ends', async () => {
    const [ann, bob] = [await join('screen', 'ann'), await join('screen', 'bob')];
    await ann.call('setEnabled', 'screen', true);
    await bob.seesMoving('ann', 'screen');
    await waitFor('the sound of the screen', () => bob.call('audio', 'ann', 'screenAudio'), {
      done: ({ packets }) => packets > 0,
    });
    await ann.call('setEnabled', 'screen', false);
    await bob.event('publicationRemoved', 'ann/screen');
    await bob.event('publicationRemoved', 'ann/screenAudio');
  });
});

describe('media over TCP', () => {
  it('works where UDP is not to be had', async () => {
    const ann = await join('tcp', 'ann');
    const bob = await join('tcp', 'bob', { forceTcp: true });
    await ann.call('publish', ['camera']);
    await bob.seesMoving('ann');
    expect(await bob.call('transportProtocol', 'ann')).toBe('tcp');
  });
});
