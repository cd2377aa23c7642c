import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import { joinAs, moves, overflow, PHONE, tile, WebApp } from '../support/WebApp.ts';

let app: WebApp;

beforeAll(async () => {
  app = await WebApp.start();
});
afterEach(async () => {
  expect(await app.leave()).toEqual([]);
});
afterAll(() => app.stop());

describe('the web app', () => {
  it('takes two people from the front page into a meeting where they see each other', async () => {
    const [ann, bob] = await app.meet();
    await moves(ann, 'Bob');
    await moves(bob, 'Ann');
    await expect.poll(() => bob.locator('audio').count()).toBeGreaterThan(0);
  });

  it('shows that somebody muted, and switched the camera off', async () => {
    const [ann, bob] = await app.meet();
    await moves(bob, 'Ann');
    await ann.getByTestId('toggle-mic').first().click();
    await tile(bob, 'Ann').getByLabel('Muted').waitFor();
    await ann.getByTestId('toggle-camera').first().click();
    await tile(bob, 'Ann').locator('video').waitFor({ state: 'detached' });
    await ann.getByTestId('toggle-camera').first().click();
    await moves(bob, 'Ann');
  });

  it('shares a screen, which takes the stage, and stops', async () => {
    const [ann, bob] = await app.meet();
    await ann.getByTestId('toggle-screen').first().click();
    await moves(bob, 'Ann’s screen');
    await ann.getByTestId('toggle-screen').first().click();
    await tile(bob, 'Ann’s screen').waitFor({ state: 'detached' });
  });

  it('says goodbye, and lets one come back', async () => {
    const [ann, bob] = await app.meet();
    await moves(ann, 'Bob');
    await bob.getByTestId('leave').click();
    await bob.getByTestId('ended').waitFor();
    await tile(ann, 'Bob').waitFor({ state: 'detached' });
    await bob.getByTestId('rejoin').click();
    await waitFor('Bob back', () => tile(ann, 'Bob').count(), { done: (count) => count === 1 });
  });

  it('says in words what is wrong when a meeting does not exist, and offers to create it', async () => {
    const page = await app.visit('/r/no-such-meeting');
    await joinAs(page, 'Ann');
    await page.getByTestId('create-meeting').click();
    await page.getByTestId('meeting').waitFor();
  });

  it('brings the meeting back after the server was restarted', async () => {
    const [ann, bob] = await app.meet();
    await moves(ann, 'Bob');
    const { port, dataDir } = app.server;
    await app.server.kill();
    await ann.getByTestId('reconnecting').waitFor();
    app.server = await ParleyServer.start({ port, dataDir });
    await ann.getByTestId('reconnecting').waitFor({ state: 'detached' });
    await bob.getByTestId('reconnecting').waitFor({ state: 'detached' });
    await moves(ann, 'Bob');
  });

  it('says that it is the server that restarts, and not their network', async () => {
    const [ann] = await app.meet();
    const { port, dataDir } = app.server;
    await app.server.stop();
    await ann.getByTestId('reconnecting').filter({ hasText: 'The server is restarting' }).waitFor();
    app.server = await ParleyServer.start({ port, dataDir });
    await ann.getByTestId('reconnecting').waitFor({ state: 'detached' });
  });

  it('asks a viewer for no camera, and keeps the menu on a small screen', async () => {
    const token = joinToken('webinar', 'vera', { claims: { role: 'viewer' } });
    const vera = await app.visit(`/r/webinar#token=${token}`, { viewport: PHONE });
    await vera.getByText('You join as a viewer').waitFor();
    expect(await vera.getByTestId('toggle-camera').count()).toBe(0);
    await vera.getByTestId('join-button').click();
    await vera.getByTestId('meeting').waitFor();
    await vera.getByRole('button', { name: 'More' }).click();
    // It grows while it opens.
    await waitFor('the menu to lie on the screen', () => vera.getByRole('menu').boundingBox(), {
      done: (box) => box !== null && box.x >= 0 && box.x + box.width <= PHONE.width,
    });
  });

  it('fits a phone', async () => {
    const phone = { viewport: PHONE, hasTouch: true, isMobile: true };
    const [ann, bob] = await app.meet(phone);
    await moves(ann, 'Bob');
    for (const page of [ann, bob, await app.visit('/', phone), await app.visit('/r/anything', phone)])
      expect(await overflow(page)).toBe(0);
    for (const button of ['toggle-mic', 'toggle-camera', 'leave']) {
      const box = await ann.getByTestId(button).first().boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(44);
    }
  });
});

describe('without a camera that may be used', () => {
  it('says why in words, and lets one join all the same', async () => {
    const strict = await launchChromium({
      without: ['--use-fake-ui-for-media-stream'],
      args: ['--deny-permission-prompts'],
    });
    const page = await (await strict.newContext()).newPage();
    await page.goto(`${app.server.url}/r/denied`);
    await page.getByTestId('error-panel').first().waitFor();
    expect(await page.getByTestId('error-panel').first().innerText()).toMatch(/allow/i);
    await joinAs(page, 'Ann');
    await page.getByTestId('create-meeting').click();
    await page.getByTestId('meeting').waitFor();
    await strict.close();
  });
});
