import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { report } from '../support/figures.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { waitFor } from '../support/waitFor.ts';

let server: ParleyServer;
let browser: Browser;
const clients: Client[] = [];
const join = async (room: string, identity: string): Promise<Client> => {
  const client = await Client.join(browser, server, { room, identity });
  clients.push(client);
  return client;
};

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start(), launchChromium()]);
});
afterEach(async () => {
  for (const client of clients) expect(client.errors).toEqual([]);
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await browser.close();
  expect(await server.stop()).toMatchObject({ code: 0, orphans: [] });
});

async function everybodySeesAndHears(people: Map<string, Client>): Promise<void> {
  for (const [identity, client] of people) {
    for (const other of people.keys()) {
      if (other === identity) continue;
      await client.seesMoving(other);
      await client.hears(other);
    }
  }
}

describe('a meeting', () => {
  it.each([2, 5])('of %i: everybody sees moving pictures and hears sound', async (count) => {
    const people = new Map<string, Client>();
    for (let index = 0; index < count; index += 1)
      people.set(`person-${index}`, await join(`meeting-${count}`, `person-${index}`));
    await Promise.all([...people.values()].map((client) => client.call('publish')));
    await everybodySeesAndHears(people);
  });

  it('tells who speaks', async () => {
    const [ann, bob] = [await join('speaking', 'ann'), await join('speaking', 'bob')];
    await ann.call('publishTone');
    await waitFor('ann among the speakers', () => bob.call('speakers'), {
      done: (speakers) => speakers.includes('ann'),
    });
    await ann.call('setEnabled', 'microphone', false);
    await waitFor('nobody speaking', () => bob.call('speakers'), {
      done: (speakers) => speakers.length === 0,
    });
  });

  it('shows mute and unmute, camera off and on', async () => {
    const [ann, bob] = [await join('mute', 'ann'), await join('mute', 'bob')];
    await ann.call('publish');
    await bob.seesMoving('ann');
    await ann.call('setEnabled', 'camera', false);
    await ann.call('setEnabled', 'microphone', false);
    await waitFor('both muted', () => bob.call('publications'), {
      done: (list) => list.includes('ann/camera muted') && list.includes('ann/microphone muted'),
    });
    await ann.call('setEnabled', 'camera', true);
    await ann.call('setEnabled', 'microphone', true);
    await bob.seesMoving('ann');
    await bob.hears('ann');
  });

  it('carries messages of applications, to all or to one, reliably or not', async () => {
    const ann = await join('data', 'ann');
    const others = [await join('data', 'bob'), await join('data', 'cid')] as const;
    const [bob, cid] = others;
    const texts = async (client: Client) => (await client.call('data')).map(({ text }) => text);
    // A message reaches whoever is there to hear it: first both must be.
    for (const reliable of [true, false]) {
      const knock = `knock ${reliable}`;
      const heard = async () => {
        await ann.call('sendData', knock, undefined, reliable);
        return Promise.all(others.map(texts));
      };
      await waitFor('both to hear', heard, { done: (all) => all.every((one) => one.includes(knock)) });
    }
    const bobId = await bob.call('participantId');
    await ann.call('sendData', 'to all');
    await ann.call('sendData', 'to bob', [bobId]);
    await ann.call('sendData', 'the end');
    for (const client of others) {
      await waitFor('the last message', () => texts(client), { done: (list) => list.includes('the end') });
    }
    const said = (list: string[]) => list.filter((text) => !text.startsWith('knock'));
    expect(said(await texts(bob))).toEqual(['to all', 'to bob', 'the end']);
    expect(said(await texts(cid))).toEqual(['to all', 'the end']);
    expect(await texts(ann)).toEqual([]);
  });

  it('is left without a trace', async () => {
    const [ann, bob] = [await join('leaving', 'ann'), await join('leaving', 'bob')];
    await ann.call('publish');
    await bob.seesMoving('ann');
    await ann.call('leave');
    await bob.event('participantLeft', 'ann left');
    expect(await bob.call('participants')).toEqual(['bob']);
    expect(await bob.call('publications')).toEqual([]);
  });

  it('shows the first picture soon after joining', { tags: 'meeting' }, async () => {
    const ann = await join('first-frame', 'ann');
    await ann.call('publish');
    const bob = await Client.open(browser, server);
    const figures: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      await bob.page.reload();
      await bob.join({ room: 'first-frame', identity: `viewer-${round}` });
      const ms = await waitFor('the first decoded frame', () => bob.call('firstFrame'), {
        done: (at) => at !== undefined,
        interval: 10,
      });
      figures.push(ms ?? Number.NaN);
      await bob.call('leave');
    }
    report('join to first decoded frame', figures);
    await bob.close();
  });
});
