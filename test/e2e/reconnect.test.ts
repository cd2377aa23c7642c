import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { waitFor } from '../support/waitFor.ts';

let server: ParleyServer;
let browser: Browser;
let ann: Client;
let bob: Client;
let room = 0;

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start(), launchChromium()]);
});
beforeEach(async () => {
  room += 1;
  [ann, bob] = (await Promise.all(
    ['ann', 'bob'].map((identity) =>
      Client.join(browser, server, {
        room: `reconnect-${room}`,
        identity,
        options: { reconnect: { maxDuration: 30_000 } },
      }),
    ),
  )) as [Client, Client];
  await Promise.all([ann.call('publish'), bob.call('publish')]);
  await Promise.all([ann.seesMoving('bob'), bob.seesMoving('ann')]);
});
afterEach(() => Promise.all([ann.close(), bob.close()]));
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const bothSee = () =>
  Promise.all([ann.seesMoving('bob'), bob.seesMoving('ann'), ann.hears('bob'), bob.hears('ann')]);
const leftEvents = async (client: Client) =>
  (await client.call('events')).filter(({ event }) => event === 'participantLeft');

describe('a connection that breaks', () => {
  it('resumes, and media flows meanwhile', async () => {
    const before = await ann.call('video', 'bob');
    await ann.call('simulate', 'signalDropLong');
    await waitFor('frames while the socket is down', () => ann.call('video', 'bob'), {
      timeout: 5000,
      done: ({ id, frames }) => id === before.id && frames > before.frames + 5,
    });
    expect(await ann.call('state')).toBe('reconnecting');
    await bob.call('setEnabled', 'camera', false);
    await ann.event('reconnected', 'resume');
    // What happened while it was down is told afterwards, once.
    await ann.event('publicationUpdated', 'bob/camera muted=true by=');
    expect(
      (await ann.call('events')).filter(({ about }) => about === 'bob/camera muted=true by='),
    ).toHaveLength(1);
    expect(await leftEvents(bob)).toEqual([]);
  });

  it('finds a new path by an ICE restart', async () => {
    await ann.call('simulate', 'iceRestart');
    await ann.event('reconnected', 'iceRestart');
    await bothSee();
    expect(await leftEvents(bob)).toEqual([]);
  });

  it('makes its media anew', async () => {
    await ann.call('simulate', 'mediaDrop');
    await ann.event('reconnected', 'mediaReset');
    await bothSee();
    expect(await leftEvents(bob)).toEqual([]);
    expect((await bob.call('events')).filter(({ event }) => event === 'publicationRemoved')).toEqual([]);
  });

  it('changes to TCP', async () => {
    await ann.call('simulate', 'forceTcp');
    await ann.event('reconnected', 'mediaReset');
    await bothSee();
    expect(await ann.call('transportProtocol', 'bob')).toBe('tcp');
  });

  it('joins anew when its session is gone', async () => {
    await ann.call('simulate', 'fullReconnect');
    await ann.event('reconnected', 'rejoin');
    await bothSee();
    expect(await ann.call('participants')).toEqual(['ann', 'bob']);
  });

  it('ends with one clear event when nothing helps', async () => {
    await ann.call('simulate', 'terminal');
    await ann.event('disconnected', 'reconnectFailed');
    expect(await ann.call('state')).toBe('disconnected');
    expect((await ann.call('events')).filter(({ event }) => event === 'disconnected')).toHaveLength(1);
  });

  it('is told that another device took its place, and stays away', async () => {
    const other = await Client.join(browser, server, { room: `reconnect-${room}`, identity: 'ann' });
    await ann.event('disconnected', 'duplicateIdentity');
    await other.seesMoving('bob');
    await other.close();
  });
});

describe('a server that is killed', () => {
  it('is joined again when it is back, with everything that was published', async () => {
    const { port, dataDir } = server;
    await server.kill();
    await ann.event('stateChanged', 'reconnecting');
    server = await ParleyServer.start({ port, dataDir });
    await ann.event('reconnected', 'rejoin');
    await bob.event('reconnected', 'rejoin');
    await bothSee();
  });
});
