import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { allowed, report } from '../support/figures.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { waitFor } from '../support/waitFor.ts';

let server: ParleyServer;
let browser: Browser;
let ann: Client;
let bob: Client;

beforeAll(async () => {
  browser = await launchChromium();
});
beforeEach(async () => {
  // A worker for each fault: one that keeps dying is replaced with patience, which is not what is measured here.
  server = await ParleyServer.start({ env: { PARLEY_MEDIA_WORKERS: '4' } });
  [ann, bob] = (await Promise.all(
    ['ann', 'bob'].map((identity) => Client.join(browser, server, { room: 'fault', identity })),
  )) as [Client, Client];
  await Promise.all([ann.call('publish'), bob.call('publish')]);
  await Promise.all([ann.seesMoving('bob'), bob.seesMoving('ann')]);
});
afterEach(async () => {
  await Promise.all([ann.close(), bob.close()]);
  await server.stop();
});
afterAll(() => browser.close());

/** Milliseconds until both see moving pictures of a new consumer. */
async function recovery(fault: (pid: number) => void): Promise<number> {
  const views = [
    { client: ann, other: 'bob' },
    { client: bob, other: 'ann' },
  ];
  const before = await Promise.all(views.map(({ client, other }) => client.call('video', other)));
  const pid = await server.busiestWorker();
  const started = performance.now();
  fault(pid);
  await Promise.all(
    views.map(({ client, other }, index) =>
      waitFor(`${other} again`, () => client.call('video', other), {
        interval: 20,
        done: ({ id, frames }) => id !== '' && id !== before[index]?.id && frames > 0,
      }),
    ),
  );
  const ms = performance.now() - started;
  await Promise.all(views.map(({ client, other }) => client.seesMoving(other)));
  await Promise.all(views.map(({ client, other }) => client.hears(other)));
  return ms;
}

const departures = async () =>
  (await Promise.all([ann, bob].map((client) => client.call('events'))))
    .flat()
    .filter(({ event }) => event === 'participantLeft' || event === 'publicationRemoved');

describe('a media worker', () => {
  it('that is killed is replaced, and nobody leaves', { tags: 'meeting' }, async () => {
    const figures: number[] = [];
    for (let round = 0; round < 10; round += 1)
      figures.push(await recovery((pid) => process.kill(pid, 'SIGKILL')));
    report('media back after a worker was killed', figures);
    expect(await departures()).toEqual([]);
  });

  it('that hangs is noticed and replaced, and nobody leaves', { tags: 'meeting' }, async () => {
    const ms = await recovery((pid) => process.kill(pid, 'SIGSTOP'));
    report('media back after a worker hung', [ms]);
    expect(await departures()).toEqual([]);
  });
});

describe('a server that is told to stop', () => {
  it('tells everybody, ends in order and leaves nothing behind', async () => {
    const { code, ms, orphans } = await server.stop();
    expect({ code, orphans }).toEqual({ code: 0, orphans: [] });
    expect(ms).toBeLessThan(allowed(5000));
    for (const client of [ann, bob]) await client.event('stateChanged', 'reconnecting');
    expect(server.log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});
