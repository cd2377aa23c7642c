import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { picture } from '../support/pictures.ts';
import { adminToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';

const MAX = 2_000_000;
/** What hostile content asks for when it runs. */
const CANARY = '/canary';
const SCRIPT = `fetch('${CANARY}', { mode: 'no-cors' }); document.title = 'it ran';`;

let server: ParleyServer;
let browser: Browser;
const pages: Page[] = [];
const failures: string[] = [];

beforeAll(async () => {
  const env = { PARLEY_CHAT_FILES_MAX_BYTES: String(MAX) };
  [server, browser] = await Promise.all([ParleyServer.start({ env }), launchChromium()]);
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
  expect(failures.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function enter(path: string, name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.on('pageerror', (error) => failures.push(error.message));
  pages.push(page);
  await page.goto(`${server.url}${path}`);
  if (path === '/') await page.getByTestId('new-meeting').click();
  await page.getByTestId('join-name').fill(name);
  await page.getByTestId('join-button').click();
  await page.getByTestId('meeting').waitFor();
  await page.getByTestId('chat').first().click();
  return page;
}

/** Two people with the chat before them. */
async function meet(): Promise<[Page, Page]> {
  const ann = await enter('/', 'Ann');
  return [ann, await enter(new URL(ann.url()).pathname, 'Bob')];
}

interface Attachment {
  name: string;
  mimeType: string;
  buffer: Buffer;
}
const file = (name: string, content: string | Buffer, mimeType = 'text/plain'): Attachment => ({
  ...{ name, mimeType },
  buffer: Buffer.from(content),
});
const photo = (name = 'photo.png') => file(name, picture(640, 400), 'image/png');

async function send(page: Page, files: Attachment[], text = ''): Promise<void> {
  await page.getByTestId('chat-file-input').setInputFiles(files);
  await page.getByTestId('chat-text').fill(text);
  await page.getByTestId('chat-send').click();
}

const shownWidth = (page: Page) =>
  page
    .getByTestId('chat-image')
    .locator('img')
    .first()
    .evaluate((image: HTMLImageElement) => (image.complete ? image.naturalWidth : 0));

/** What the browser saves when one presses the line of a file. */
async function save(page: Page, name: string): Promise<{ url: string; name: string; content: Buffer }> {
  const downloading = page.waitForEvent('download');
  await page.getByTestId('chat-file').filter({ hasText: name }).click();
  const download = await downloading;
  return {
    url: download.url(),
    name: download.suggestedFilename(),
    content: await readFile(await download.path()),
  };
}

describe('files in the chat', () => {
  it('are seen by the others: a picture as such, which can be enlarged, and all else to be saved', async () => {
    const [ann, bob] = await meet();
    const minutes = 'We met and agreed.';
    await send(ann, [photo(), file('minutes.txt', minutes)], 'Here they are');
    for (const page of [ann, bob]) {
      await waitFor('the picture', () => shownWidth(page), { done: (width) => width === 640 });
      await page.getByTestId('chat-message').filter({ hasText: 'Here they are' }).waitFor();
    }
    expect(await save(bob, 'minutes.txt')).toMatchObject({
      name: 'minutes.txt',
      content: Buffer.from(minutes),
    });
    await bob.getByTestId('chat-image').click();
    await bob.getByTestId('image-viewer').getByText('photo.png').waitFor();
    await bob.keyboard.press('Escape');
    await bob.getByTestId('image-viewer').waitFor({ state: 'detached' });
    expect(await bob.getByTestId('chat-panel').count()).toBe(1);
  });

  it('are there for who comes later, and gone with the message', async () => {
    const [ann, bob] = await meet();
    await send(ann, [photo()]);
    const late = await enter(new URL(ann.url()).pathname, 'Late');
    await waitFor('the picture', () => shownWidth(late), { done: (width) => width === 640 });
    const url = await bob.getByTestId('chat-image').locator('img[src]').getAttribute('src');
    expect((await fetch(String(url))).status).toBe(200);
    await ann.getByTestId('chat-message').getByRole('button', { name: 'Delete' }).click();
    await bob.getByTestId('chat-image').waitFor({ state: 'detached' });
    await expect.poll(async () => (await fetch(String(url))).status).toBe(404);
  });

  it('are pasted and dropped', async () => {
    const [ann] = await meet();
    const bytes = photo().buffer.toString('base64');
    for (const [event, target] of [
      ['paste', 'chat-text'],
      ['drop', 'chat-messages'],
    ] as const) {
      await ann.getByTestId(target).evaluate(
        (element, { type, base64 }) => {
          const data = new DataTransfer();
          const content = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
          data.items.add(new File([content], `${type}ed.png`, { type: 'image/png' }));
          const init = { bubbles: true, cancelable: true };
          element.dispatchEvent(
            type === 'paste'
              ? new ClipboardEvent(type, { ...init, clipboardData: data })
              : new DragEvent(type, { ...init, dataTransfer: data }),
          );
        },
        { type: event, base64: bytes },
      );
      await ann
        .getByTestId('chat-attachment')
        .filter({ hasText: `${event}ed.png` })
        .waitFor();
    }
    await ann.getByTestId('chat-send').click();
    await waitFor('both', () => ann.getByTestId('chat-image').count(), { done: (count) => count === 2 });
  });

  it('that cannot be shared come back, with the reason in words', async () => {
    const [ann, bob] = await meet();
    await send(ann, [file('film.bin', Buffer.alloc(MAX + 1))], 'Look');
    await ann.getByText(/film\.bin: This file is too large\. It may have 1\.9 MB at most\./).waitFor();
    await ann.getByTestId('chat-attachment').filter({ hasText: 'film.bin' }).waitFor();
    expect(await ann.getByTestId('chat-text').inputValue()).toBe('Look');
    await ann.getByRole('button', { name: 'Do not send film.bin' }).click();
    await send(ann, [file('setup.exe', 'MZ')]);
    await ann.getByText(/setup\.exe: Files of this kind cannot be shared here/).waitFor();
    expect(await bob.getByTestId('chat-message').count()).toBe(0);
  });

  it('can be stopped on their way', async () => {
    const [ann, bob] = await meet();
    const network = await ann.context().newCDPSession(ann);
    await network.send('Network.enable');
    const limits = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 50_000 };
    await network.send('Network.emulateNetworkConditions', limits);
    await send(ann, [file('film.bin', Buffer.alloc(MAX, 7))]);
    const bar = ann.getByRole('progressbar', { name: 'Sending film.bin' });
    await waitFor('progress', () => bar.evaluate((element: HTMLProgressElement) => element.value), {
      done: (value) => value > 0 && value < 1,
    });
    await ann.getByRole('button', { name: 'Stop sending film.bin' }).click();
    await bar.waitFor({ state: 'detached' });
    await ann.getByTestId('chat-attachment').filter({ hasText: 'film.bin' }).waitFor();
    await ann.getByRole('button', { name: 'Do not send film.bin' }).click();
    await network.send('Network.emulateNetworkConditions', { ...limits, uploadThroughput: -1 });
    await send(ann, [], 'never mind');
    await bob.getByTestId('chat-message').filter({ hasText: 'never mind' }).waitFor();
    expect(await bob.getByTestId('chat-message').count()).toBe(1);
  });

  it('are not offered where the room does not let one share them', async () => {
    const [ann, bob] = await meet();
    const room = new URL(ann.url()).pathname.split('/').at(-1) ?? '';
    await bob.getByTestId('chat-attach').waitFor();
    const claims = { authorization: `Bearer ${adminToken()}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ settings: { uploading: 'nobody' } });
    const answer = await fetch(`${server.url}/api/v1/rooms/${room}`, {
      method: 'PATCH',
      headers: claims,
      body,
    });
    expect(answer.status).toBe(200);
    await bob.getByTestId('chat-attach').waitFor({ state: 'detached' });
  });
});

describe('a file with a script in it', () => {
  const HOSTILE = [
    file(
      'evil.svg',
      `<svg xmlns="http://www.w3.org/2000/svg"><script>${SCRIPT}</script></svg>`,
      'image/svg+xml',
    ),
    file('evil.html', `<!doctype html><script>${SCRIPT}</script>`, 'text/html'),
    file(
      'evil.xhtml',
      `<html xmlns="http://www.w3.org/1999/xhtml"><body><script>${SCRIPT}</script></body></html>`,
      'application/xhtml+xml',
    ),
    // A picture, and a page for whoever reads on.
    file(
      'evil.png',
      Buffer.concat([picture(64, 64), Buffer.from(`<html><script>${SCRIPT}</script></html>`)]),
      'text/html',
    ),
  ];

  /** All that pages of this context ask the server for; `frame` stands before what is to be a page. */
  function listen(page: Page): string[] {
    const asked: string[] = [];
    page
      .context()
      .on('request', (request) =>
        asked.push(`${request.isNavigationRequest() ? 'frame ' : ''}${request.url()}`),
      );
    return asked;
  }
  const ran = (asked: readonly string[]): boolean => asked.some((url) => url.endsWith(CANARY));

  /** The links as somebody could take them from the app. */
  async function linksOf(page: Page): Promise<string[]> {
    const links: string[] = [];
    for (const name of ['evil.svg', 'evil.html', 'evil.xhtml']) links.push((await save(page, name)).url);
    const image = page.getByRole('button', { name: 'Enlarge evil.png' }).locator('img[src]');
    return [...links, (await image.getAttribute('src')) ?? ''];
  }

  it('would run if the server said that it is a page', async () => {
    for (const { name, mimeType, buffer } of HOSTILE) {
      const page = await (await browser.newContext()).newPage();
      pages.push(page);
      const asked = listen(page);
      await page.route('**/x', (route) => route.fulfill({ contentType: mimeType, body: buffer }));
      await page.goto(`${server.url}/x`);
      await waitFor(`${name} to run`, () => ran(asked), { done: Boolean });
    }
  });

  it('never runs: not in the chat, not opened by its link, not put into a page', async () => {
    const [ann, bob] = await meet();
    const asked = listen(bob);
    await send(ann, HOSTILE);
    const links = await linksOf(bob);
    expect(links).toHaveLength(HOSTILE.length);
    for (const link of links) {
      const page = await bob.context().newPage();
      const downloading = page.waitForEvent('download');
      await page.goto(link).catch(() => undefined);
      await downloading;
      expect(await page.title()).toBe('');
      await page.close();
    }
    const before = asked.length;
    await bob.evaluate((urls) => {
      for (const url of urls)
        for (const [tag, attribute] of [
          ['iframe', 'src'],
          ['object', 'data'],
          ['embed', 'src'],
          ['img', 'src'],
        ] as const) {
          const element = document.createElement(tag);
          element.setAttribute(attribute, url);
          document.body.append(element);
        }
    }, links);
    // Those in frames and pictures are asked for; the policy of the page refuses the others.
    await waitFor('the frames', () => asked.slice(before).filter((url) => url.startsWith('frame ')), {
      done: (frames) => links.every((link) => frames.includes(`frame ${link}`)),
    });
    await bob.evaluate(() => fetch('/healthz'));
    expect(await bob.getByTestId('meeting').count()).toBe(1);
    expect(ran(asked)).toBe(false);
  });

  it('has a link that ends when one leaves', async () => {
    const [ann, bob] = await meet();
    await send(ann, [file('minutes.txt', 'We met.')]);
    const { url } = await save(bob, 'minutes.txt');
    expect((await fetch(url)).status).toBe(200);
    await bob.getByTestId('leave').click();
    await bob.getByTestId('ended').waitFor();
    await expect.poll(async () => (await fetch(url)).status).toBe(401);
  });
});
