import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { GstPlayer, GstPublisher, assertGStreamer } from '../support/GstPublisher.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { joinToken } from '../support/tokens.ts';

let server: ParleyServer;
let browser: Browser;

beforeAll(async () => {
  assertGStreamer();
  // A player's reports are up to 6.2 s apart (RFC 3550, section 6.3.1): all the signs of life that GStreamer gives.
  const env = { PARLEY_WHIP_SILENCE_TIMEOUT: '6000', PARLEY_WHIP_GONE_TIMEOUT: '9000' };
  [server, browser] = await Promise.all([ParleyServer.start({ env }), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe('GStreamer as publisher', () => {
  it.each(['vp8', 'h264'] as const)('sends %s and Opus, is seen and heard, and leaves', async (codec) => {
    const ann = await Client.join(browser, server, { room: codec, identity: 'ann' });
    const encoder = new GstPublisher(`${server.url}/whip/${codec}`, joinToken(codec, 'gst'), codec);
    try {
      await encoder.isConnected();
      await ann.seesMoving('gst');
      await ann.hears('gst');
      expect((await ann.call('video', 'gst')).codec.toLowerCase()).toBe(`video/${codec}`);
      await encoder.stop();
      await ann.event('participantLeft', 'gst left');
    } finally {
      await encoder.kill();
      await ann.close();
    }
  });

  it('leaves when it is gone without a word', async () => {
    const ann = await Client.join(browser, server, { room: 'gone', identity: 'ann' });
    const encoder = new GstPublisher(`${server.url}/whip/gone`, joinToken('gone', 'gst'));
    try {
      await encoder.isConnected();
      await ann.seesMoving('gst');
      await encoder.kill();
      await ann.event('participantLeft', 'gst connectionLost');
    } finally {
      await encoder.kill();
      await ann.close();
    }
  });
});

describe('GStreamer as player', () => {
  it.each(['vp8', 'h264'] as const)('offers, is answered, and plays %s and Opus', async (codec) => {
    const room = `play-${codec}`;
    const ann = await Client.join(browser, server, { room, identity: 'ann' });
    const encoder = new GstPublisher(`${server.url}/whip/${room}`, joinToken(room, 'gst'), codec);
    await encoder.isConnected();
    const player = new GstPlayer(`${server.url}/whep/${room}/gst`, joinToken(room, 'wall'), codec);
    try {
      await player.isConnected();
      await player.plays();
      await player.stop();
      await ann.event('participantLeft', 'wall left');
    } finally {
      await Promise.all([player.kill(), encoder.kill()]);
      await ann.close();
    }
  });

  it('stays for as long as it plays, and leaves when it is gone without a word', async () => {
    const ann = await Client.join(browser, server, { room: 'stay', identity: 'ann' });
    const encoder = new GstPublisher(`${server.url}/whip/stay`, joinToken('stay', 'gst'));
    await encoder.isConnected();
    const player = new GstPlayer(`${server.url}/whep/stay/gst`, joinToken('stay', 'wall'));
    try {
      // Longer than a player may be without a sign of life, at 30 pictures in a second.
      await player.plays({ pictures: 360 });
      expect(await ann.call('events')).not.toContainEqual(
        expect.objectContaining({ event: 'participantLeft' }),
      );
      await player.kill();
      await ann.event('participantLeft', 'wall connectionLost');
    } finally {
      await Promise.all([player.kill(), encoder.kill()]);
      await ann.close();
    }
  });
});
