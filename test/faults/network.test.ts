import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { allowed, report } from '../support/figures.ts';
import { NetworkNamespace, namespaceObstacle } from '../support/NetworkNamespace.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { waitFor } from '../support/waitFor.ts';

const obstacle = namespaceObstacle();
if (obstacle) console.warn(`The tests of bad networks are skipped: ${obstacle}.`);

/** What the design promises of a network that loses a fifth of all packets each way, ms. */
const JOIN_WITHIN_MS = 5000;
const JOINS = 10;

describe.skipIf(obstacle !== undefined)('a bad network', () => {
  let namespace: NetworkNamespace;
  let server: ParleyServer;
  let browsers: Browser[];
  let ann: Client;
  let far: { url: string };

  beforeEach(async () => {
    namespace = new NetworkNamespace();
    server = await ParleyServer.start();
    far = { url: server.url.replace('localhost', namespace.hostAddress) };
    browsers = await Promise.all([
      launchChromium(),
      launchChromium({
        executablePath: namespace.chromium,
        args: [`--unsafely-treat-insecure-origin-as-secure=${far.url}`],
      }),
    ]);
    ann = await Client.join(browsers[0] as Browser, server, { room: 'bad-network', identity: 'ann' });
    await ann.call('publish');
  });
  afterEach(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.stop();
    namespace.close();
  });

  it('that loses a fifth of all packets each way is joined all the same', { tags: 'meeting' }, async () => {
    namespace.loseUdp(0.2);
    const bob = await Client.open(browsers[1] as Browser, far);
    const figures: number[] = [];
    for (let round = 0; round < JOINS; round += 1) {
      await bob.page.reload();
      await bob.join({ room: 'bad-network', identity: `bob-${round}` });
      const ms = await waitFor('the first decoded frame', () => bob.call('firstFrame'), {
        timeout: allowed(JOIN_WITHIN_MS),
        interval: 20,
        done: (at) => at !== undefined,
      });
      figures.push(ms ?? Number.NaN);
      await bob.call('leave');
    }
    report('join to first decoded frame at 20 % loss each way', figures);
    expect(figures).toHaveLength(JOINS);
  });

  it('without UDP carries media over TCP, both ways', async () => {
    namespace.blockUdp();
    const bob = await Client.join(browsers[1] as Browser, far, { room: 'bad-network', identity: 'bob' });
    await bob.call('publish');
    await bob.seesMoving('ann');
    await ann.seesMoving('bob');
    expect(await bob.call('transportProtocol', 'ann')).toBe('tcp');
  });
});
