import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { joinToken } from '../support/tokens.ts';
import { percentile, report } from '../support/figures.ts';
import { waitFor } from '../support/waitFor.ts';

const MOVES = 20;
const ROUNDS = 3;
/** What is promised of a move, ms. */
const MAX_GAP_MS = 300;

let server: ParleyServer;
let browser: Browser;
const clients: Client[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start(), launchChromium()]);
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function join(
  room: string,
  identity: string,
  role: 'host' | 'participant' = 'participant',
): Promise<Client> {
  const token = joinToken(room, identity, { claims: { role } });
  const client = await Client.join(browser, server, { room, identity, token });
  clients.push(client);
  return client;
}
/** Comes to the door, and has to wait there. */
async function knock(room: string, identity: string): Promise<Client> {
  const client = await Client.open(browser, server);
  clients.push(client);
  await client.call('beginJoin', { url: server.url, token: joinToken(room, identity) });
  await waitFor(`${identity} to wait`, () => client.call('waiting'), {
    done: (waiting) => waiting !== undefined,
  });
  return client;
}
const settle = (client: Client, place: string) =>
  waitFor(`being in ${place}`, () => client.call('place'), { done: (seen) => seen === place });

async function makeRoom(name: string, settings: object): Promise<void> {
  const claims = { video: { roomJoin: true, roomCreate: true } };
  const response = await fetch(`${server.url}/api/v1/rooms`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${joinToken(name, 'maker', claims)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name, settings }),
  });
  expect(response.status).toBe(201);
}

describe('a lobby', () => {
  it('keeps people out until a host lets them in; then they see and hear', async () => {
    await makeRoom('lobby', { lobby: 'notHosts', title: 'Board', lobbyText: 'Please wait.' });
    const ann = await knock('lobby', 'ann');
    expect(await ann.call('waiting')).toMatchObject({
      title: 'Board',
      text: 'Please wait.',
      hostPresent: false,
    });
    const hanna = await join('lobby', 'hanna', 'host');
    await hanna.call('publish');
    await waitFor('ann at the door', () => hanna.call('knockers'), {
      done: (people) => people.includes('ann'),
    });
    await expect.poll(() => ann.call('waiting')).toMatchObject({ hostPresent: true });
    await hanna.call('admitAll');
    await ann.event('joined');
    await ann.seesMoving('hanna');
    await ann.hears('hanna');
  });

  it('takes somebody back, whose media ends, and lets them in again with what they sent', async () => {
    const hanna = await join('back', 'hanna', 'host');
    const ann = await join('back', 'ann');
    await ann.call('publish');
    await hanna.seesMoving('ann');
    await hanna.call('sendToLobby', await ann.call('participantId'));
    await ann.event('sentToLobby');
    await expect.poll(() => hanna.call('participants')).toEqual(['hanna']);
    await expect.poll(() => ann.call('state')).toBe('knocking');
    await waitFor('ann at the door', () => hanna.call('knockers'), {
      done: (people) => people.includes('ann'),
    });
    await hanna.call('admitAll');
    await waitFor('ann to be in', () => ann.call('state'), { done: (state) => state === 'connected' });
    await hanna.seesMoving('ann');
  });

  it('survives that the server is killed: who waits keeps waiting, and is let in', async () => {
    await makeRoom('crash', { lobby: 'notHosts' });
    const ann = await knock('crash', 'ann');
    const { port, dataDir } = server;
    await server.kill();
    server = await ParleyServer.start({ port, dataDir });
    const hanna = await join('crash', 'hanna', 'host');
    await waitFor('ann at the door', () => hanna.call('knockers'), {
      done: (people) => people.includes('ann'),
    });
    await waitFor(
      'ann to be let in',
      async () => {
        await hanna.call('admitAll');
        return (await ann.call('events')).some(({ event }) => event === 'joined');
      },
      { done: Boolean, interval: 200 },
    );
  });
});

describe('breakout rooms', () => {
  it('part people and bring them back; who moves hears the others without a gap', async () => {
    const hanna = await join('split', 'hanna', 'host');
    const [ann, bob, cat] = [
      await join('split', 'ann'),
      await join('split', 'bob'),
      await join('split', 'cat'),
    ];
    for (const client of [ann, bob, cat]) await client.call('publishTone');
    await ann.hears('bob');
    await ann.hears('cat');
    const [red = '', blue = ''] = await hanna.call('createBreakouts', ['Red', 'Blue']);
    await hanna.call('assign', [
      { identity: 'ann', breakoutId: red },
      { identity: 'bob', breakoutId: red },
      { identity: 'cat', breakoutId: blue },
    ]);
    await ann.call('listenForGaps', 'bob');
    const moveThereAndBack = async (): Promise<number[]> => {
      await ann.call('longestGap');
      await hanna.call('openBreakouts');
      await Promise.all([settle(ann, 'Red'), settle(bob, 'Red'), settle(cat, 'Blue')]);
      await ann.hears('bob');
      expect(await ann.call('participants')).toEqual(['ann', 'bob']);
      const there = await ann.call('longestGap');
      await hanna.call('closeBreakouts');
      await Promise.all([settle(ann, 'main'), settle(bob, 'main'), settle(cat, 'main')]);
      await ann.hears('bob');
      await ann.hears('cat');
      return [there, await ann.call('longestGap')];
    };
    const rounds: number[] = [];
    // Others may use the machine: a round that they hold up says nothing of the server, and is done again.
    while (rounds.length < ROUNDS && !rounds.some((p95) => p95 < MAX_GAP_MS)) {
      const figures: number[] = [];
      for (let move = 0; move < MOVES / 2; move += 1) figures.push(...(await moveThereAndBack()));
      report('gap in received audio of a move between rooms', figures);
      rounds.push(percentile(figures, 0.95));
    }
    expect(Math.min(...rounds)).toBeLessThan(MAX_GAP_MS);
  }, 150_000);

  it('have a chat of their own', async () => {
    const hanna = await join('talk', 'hanna', 'host');
    const [ann, bob] = [await join('talk', 'ann'), await join('talk', 'bob')];
    await ann.call('say', 'to all');
    await waitFor('the message', () => bob.call('chat'), { done: (texts) => texts.includes('to all') });
    const [red = ''] = await hanna.call('createBreakouts', ['Red']);
    await hanna.call('assign', [{ identity: 'ann', breakoutId: red }]);
    await hanna.call('openBreakouts');
    await settle(ann, 'Red');
    await ann.call('say', 'to red');
    await bob.call('say', 'to main');
    await waitFor('own messages', () => ann.call('chat'), { done: (texts) => texts.includes('to red') });
    expect(await ann.call('chat')).not.toContain('to main');
    expect(await bob.call('chat')).not.toContain('to red');
    await hanna.call('closeBreakouts');
    await settle(ann, 'main');
    await waitFor('what was said', () => ann.call('chat'), { done: (texts) => texts.includes('to main') });
  });
});
