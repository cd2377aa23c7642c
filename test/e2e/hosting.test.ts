/** What hosts do, in the app, and what guests see of it. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ParleyServer } from '../support/ParleyServer.ts';
import { fits, joinAs, moves, pathOf, row, tile, WebApp } from '../support/WebApp.ts';

let app: WebApp;
beforeAll(async () => {
  app = await WebApp.start();
});
afterEach(async () => {
  expect(await app.leave()).toEqual([]);
});
afterAll(() => app.stop());

async function fromMore(page: Page, item: string): Promise<void> {
  await page.getByTestId('more').click();
  await page.getByTestId(item).click();
}

async function fromMenuOf(page: Page, name: string, item: string): Promise<void> {
  if ((await page.getByTestId('participants-panel').count()) === 0)
    await page.getByTestId('participants').click();
  await row(page, name).getByTestId('participant-menu').click();
  await page.getByTestId(item).click();
}

async function setLobby(page: Page, policy: string): Promise<void> {
  await fromMore(page, 'meeting-options');
  await page.getByRole('combobox', { name: 'Lobby' }).selectOption(policy);
  await page.getByRole('button', { name: 'Close' }).click();
}

async function say(page: Page, text: string): Promise<void> {
  if ((await page.getByTestId('chat-panel').count()) === 0) await page.getByTestId('chat').click();
  await page.getByTestId('chat-text').fill(text);
  await page.getByTestId('chat-send').click();
}

const said = (page: Page, text: string) => page.getByTestId('chat-message').filter({ hasText: text });

const toggle = (page: Page, device: string, on: boolean) =>
  page.locator(`[data-testid="toggle-${device}"][aria-pressed="${on}"]`).first();

describe('a host in the app', () => {
  it('lets a guest in from the lobby, who need not knock again after a reload or a restart of the server', async () => {
    const ann = await app.startMeeting('Ann');
    await setLobby(ann, 'guests');
    const bob = await app.visit(pathOf(ann));
    await joinAs(bob, 'Bob');
    await bob.getByTestId('lobby').waitFor();
    expect(await bob.locator('video, audio').count()).toBe(0);
    await ann.getByTestId('participants').click();
    await ann.getByTestId('lobby-section').filter({ hasText: 'Bob' }).waitFor();
    await ann.getByRole('button', { name: /Write to those who wait/ }).click();
    await ann.getByRole('textbox', { name: 'Message' }).fill('Two minutes, please.');
    await ann.getByRole('button', { name: 'Send', exact: true }).click();
    await bob.getByText('Two minutes, please.').waitFor();
    expect([...(await fits(bob, 'lobby')), ...(await fits(ann, 'lobby-host'))]).toEqual([]);

    await ann.getByTestId('admit').click();
    await moves(bob, 'Ann');
    await bob.reload();
    await joinAs(bob, 'Bob');
    await moves(bob, 'Ann');
    await moves(ann, 'Bob');
    const { port, dataDir } = app.server;
    await app.server.kill();
    app.server = await ParleyServer.start({ port, dataDir });
    await bob.getByTestId('reconnecting').waitFor({ state: 'detached' });
    await moves(bob, 'Ann');
    expect(await ann.getByTestId('lobby-section').count()).toBe(0);
  });

  it('turns somebody away, who is told', async () => {
    const ann = await app.startMeeting('Ann');
    await setLobby(ann, 'guests');
    const eve = await app.visit(pathOf(ann));
    await joinAs(eve, 'Eve');
    await eve.getByTestId('lobby').waitFor();
    await ann.getByTestId('participants').click();
    await ann.getByTestId('deny').click();
    await ann.getByTestId('confirm-deny').click();
    await eve.getByTestId('ended').waitFor();
    await ann.getByTestId('lobby-section').waitFor({ state: 'detached' });
  });

  it('mutes, allows unmuting, shows large, promotes, sends back, removes and bans', async () => {
    const [ann, bob] = await app.meet();
    await ann.getByTestId('participants').click();
    const openMenu = async () => {
      if ((await ann.getByRole('menu').count()) === 0)
        await row(ann, 'Bob').getByTestId('participant-menu').click();
    };
    expect(await fits(ann, 'host-menu', openMenu)).toEqual([]);
    await ann.getByTestId('hard-mute').click();
    await tile(ann, 'Bob').getByLabel('Muted').waitFor();
    await bob.getByTestId('toggle-mic').first().click();
    await ann.getByTestId('allow-unmute').click();
    await bob
      .getByRole('button', { name: /Unmute|Turn on the microphone/ })
      .first()
      .waitFor();

    await fromMenuOf(ann, 'Bob', 'role-host');
    await row(ann, 'Bob').filter({ hasText: 'Host' }).waitFor();
    await fromMenuOf(ann, 'Bob', 'role-viewer');
    await tile(ann, 'Bob').waitFor({ state: 'detached' });
    // Nobody films or listens on who may not send any more.
    for (const device of ['mic', 'camera']) await toggle(bob, device, false).waitFor();
    await bob.getByText('A host turned your camera off').waitFor();
    await fromMenuOf(ann, 'Bob', 'role-participant');
    await tile(ann, 'Bob').waitFor();
    await toggle(bob, 'camera', false).click();
    await toggle(bob, 'camera', true).waitFor();
    await moves(ann, 'Bob');

    await fromMenuOf(ann, 'Bob', 'send-to-lobby');
    await bob.getByTestId('lobby').waitFor();
    await ann.getByTestId('admit').click();
    await bob.getByTestId('meeting').waitFor();

    await fromMenuOf(ann, 'Bob', 'remove');
    await ann.getByTestId('ban').click();
    await bob.getByTestId('ended').waitFor();
    await bob.goto(`${app.server.url}${pathOf(ann)}`);
    await joinAs(bob, 'Bob');
    await bob.getByTestId('error-panel').waitFor();
  });

  it('opens breakout rooms, into which people and the late go, and from which everybody returns', async () => {
    const [ann, bob] = await app.meet();
    await fromMore(ann, 'breakouts');
    await ann.getByTestId('from-list').click();
    await ann.getByTestId('breakout-list').fill('Blue:\nRed: bob, Carol');
    await ann.getByText('Nobody here is called Carol').waitFor();
    await ann.getByTestId('create-from-list').click();
    const bobs = ann
      .getByTestId('breakout')
      .filter({ has: ann.getByTestId('breakout-people').filter({ hasText: 'Bob' }) });
    await bobs.filter({ hasText: 'Red' }).waitFor();
    await ann.getByTestId('assign-randomly').click();
    await ann.getByTestId('breakout-count').fill('1');
    await ann.getByTestId('create-breakouts').click();
    await ann.getByTestId('breakout').nth(2).waitFor();
    await bobs.waitFor();
    await ann.getByTestId('open-breakouts').click();
    await bob.getByTestId('breakout-banner').waitFor();
    await tile(bob, 'Ann').waitFor({ state: 'detached' });
    await tile(ann, 'Bob').waitFor({ state: 'detached' });
    expect(await fits(ann, 'breakouts')).toEqual([]);
    expect(await fits(bob, 'breakout-guest')).toEqual([]);

    await bob.getByTestId('ask-for-help').click();
    await bobs.filter({ hasText: 'Asks for help' }).waitFor();
    await bob.getByTestId('ask-for-help').filter({ hasText: 'Help is called' }).waitFor();
    await bobs.getByTestId('visit-breakout').click();
    await moves(ann, 'Bob');
    await moves(bob, 'Ann');
    // They came.
    await bob.getByTestId('ask-for-help').filter({ hasText: 'Ask a host for help' }).waitFor();
    await ann.getByTestId('return-to-main').click();
    await tile(bob, 'Ann').waitFor({ state: 'detached' });

    await ann.getByRole('button', { name: /Write to all rooms/ }).click();
    await ann.getByRole('textbox', { name: 'Message' }).fill('Five minutes left.');
    await ann.getByRole('button', { name: 'Send', exact: true }).click();
    await bob.getByText('Five minutes left.').waitFor();

    // Who drops out lands where they belong.
    await bob.reload();
    await joinAs(bob, 'Bob');
    await bob.getByTestId('breakout-banner').waitFor();
    await ann.getByTestId('close-breakouts').click();
    await moves(bob, 'Ann');
    await moves(ann, 'Bob');
    await bob.getByTestId('breakout-banner').waitFor({ state: 'detached' });
  });
});

describe('the chat in the app', () => {
  it('has what was said before, private messages, links, edits and deletions', async () => {
    const ann = await app.startMeeting('Ann');
    await say(ann, 'Plans: https://example.org/plan?a=1&b=2. Not javascript:alert(1)');
    const bob = await app.visit(pathOf(ann));
    await joinAs(bob, 'Bob');
    await bob.getByTestId('chat').click();
    const link = said(bob, 'Plans').getByRole('link');
    await link.waitFor();
    expect(await link.count()).toBe(1);
    expect(await link.getAttribute('href')).toBe('https://example.org/plan?a=1&b=2');
    expect(await link.getAttribute('rel')).toMatch(/noopener/);

    await say(bob, '<img src=x onerror="document.title=1"> nothing runs');
    await said(ann, '<img src=x').waitFor();
    await ann.getByRole('combobox', { name: /To/ }).selectOption({ label: 'Only to Bob' });
    await say(ann, 'Only you');
    await said(bob, 'only to you').filter({ hasText: 'Only you' }).waitFor();
    const eve = await app.visit(pathOf(ann));
    await joinAs(eve, 'Eve');
    await eve.getByTestId('chat').click();
    await said(eve, 'nothing runs').waitFor();
    expect(await said(eve, 'Only you').count()).toBe(0);

    expect(await fits(bob, 'chat')).toEqual([]);
    await said(bob, 'nothing runs').hover();
    await said(bob, 'nothing runs').getByRole('button', { name: 'Delete' }).click();
    await said(ann, 'This message was deleted.').waitFor();
    expect(await said(ann, 'nothing runs').count()).toBe(0);
  });
});
