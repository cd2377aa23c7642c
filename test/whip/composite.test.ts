import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { HttpMediaPage } from '../support/HttpMediaPage.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

const TONES = { ann: 440, bob: 1200 };

let server: ParleyServer;
let browser: Browser;
const open: { close(): Promise<void>; errors: string[] }[] = [];

beforeAll(async () => {
  const env = {
    ...{ PARLEY_RECORDER_MAX_PROGRAMS: '1', PARLEY_RECORDER_PRESET: 'ultrafast' },
    ...{ PARLEY_RECORDER_WIDTH: '640', PARLEY_RECORDER_HEIGHT: '360', PARLEY_RECORDER_FRAME_RATE: '15' },
  };
  [server, browser] = await Promise.all([ParleyServer.start({ env }), launchChromium()]);
});
afterEach(async () => {
  for (const page of open) expect(page.errors).toEqual([]);
  await Promise.all(open.splice(0).map((page) => page.close()));
});
afterAll(async () => {
  await browser.close();
  expect(await server.stop()).toMatchObject({ code: 0, orphans: [] });
});

async function join(room: string, identity: 'ann' | 'bob', colour: string): Promise<Client> {
  const client = await Client.join(browser, server, { room, identity });
  open.push(client);
  await client.call('publishColour', colour, 640, 360);
  await client.call('publishTone', TONES[identity]);
  return client;
}

async function ask(room: string, identity: string, offer?: 'h264' | 'none') {
  const page = await HttpMediaPage.open(browser, server);
  open.push(page);
  const options = { url: `${server.url}/whep/${room}`, token: joinToken(room, identity) };
  const { answer } = await page.call('watch', { ...options, ...(offer && { offer }) });
  return { page, answer };
}

async function watch(room: string, identity: string, offer?: 'h264' | 'none'): Promise<HttpMediaPage> {
  const { page, answer } = await ask(room, identity, offer);
  expect(answer.status, answer.body).toBe(201);
  return page;
}

const recordersIn = async (client: Client): Promise<string[]> =>
  (await client.call('participants')).filter((identity) => identity.startsWith('recorder-'));

/** Of the recorder that was started last. */
const recorderPid = (): number => {
  const started = server.log.filter(({ msg }) => msg === 'recorder started').at(-1);
  return Number(started?.['pid']);
};

const sees = (page: HttpMediaPage, ...colours: ('red' | 'green' | 'blue')[]) =>
  waitFor(`to see ${colours.join(' and ')}`, () => page.call('colours'), {
    timeout: 60_000,
    done: (shares) => colours.every((colour) => shares[colour] > 0.1),
  });
const hears = (page: HttpMediaPage, ...tones: number[]) =>
  waitFor(`to hear ${tones.join(' and ')} Hz`, () => page.call('loudness', tones), {
    timeout: 60_000,
    done: (levels) => levels.length === tones.length && levels.every((level) => level > 100),
  });

describe('the composite by WHEP', () => {
  it('shows and sounds everybody, is made once for all, and only while somebody watches', async () => {
    const ann = await join('room', 'ann', 'rgb(200,0,0)');
    const bob = await join('room', 'bob', 'rgb(0,160,0)');
    const one = await watch('room', 'one');
    await sees(one, 'red', 'green');
    await hears(one, TONES.ann, TONES.bob);
    // Sound that breaks off, as where others use the machine, has all frequencies: there is a moment without.
    await waitFor('nothing else to be heard', () => one.call('loudness', [3000]), {
      timeout: 60_000,
      done: ([level = 255]) => level < 60,
    });
    expect(await recordersIn(ann)).toHaveLength(1);
    const two = await watch('room', 'two', 'none');
    await sees(two, 'red', 'green');
    await hears(two, TONES.ann, TONES.bob);
    expect(await recordersIn(ann)).toHaveLength(1);

    const { answer: refused } = await fetchOther();
    expect(refused.status, refused.body).toBe(409);
    expect(refused.body).toContain('RECORDING_CAPACITY');

    const painted = performance.now();
    await bob.call('paint', 'rgb(0,0,220)');
    await sees(one, 'red', 'blue');
    const delay = Math.round(performance.now() - painted);
    console.log(`composite by WHEP: a change is seen after ${delay} ms`);

    process.kill(recorderPid(), 'SIGKILL');
    await bob.call('paint', 'rgb(0,160,0)');
    await sees(one, 'red', 'green');
    await hears(two, TONES.ann, TONES.bob);

    await one.call('end');
    await two.plays();
    await two.call('end');
    await waitFor('the recorder to leave', () => recordersIn(ann), {
      timeout: 30_000,
      done: (recorders) => recorders.length === 0,
    });
  }, 240_000);
});

/** Somebody who watches another room, for which there is no place. */
async function fetchOther() {
  await join('other', 'ann', 'rgb(200,0,0)');
  return ask('other', 'wall');
}
