/** Running rooms in the app: invite links and bans in the meeting, and the pages of rooms. */
import { readFileSync } from 'node:fs';
import type { Page as ListPage } from '@parley/client-sdk';
import type { CreatedInvite, RoomInfo } from '@parley/protocol';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adminToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import { fits, joinAs, pathOf, row, tile, WebApp } from '../support/WebApp.ts';

let app: WebApp;
beforeAll(async () => {
  app = await WebApp.start();
});
afterEach(async () => {
  expect(await app.leave()).toEqual([]);
});
afterAll(() => app.stop());

async function openOptions(page: Page, tab: string): Promise<void> {
  await page.getByTestId('more').click();
  await page.getByTestId('meeting-options').click();
  await page.getByTestId(`tab-${tab}`).click();
}

/** The pages of somebody who may run all rooms. */
const visitAsAdmin = (path: string): Promise<Page> =>
  app.visit(path, { extraHTTPHeaders: { authorization: `Bearer ${adminToken()}` } });

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${app.server.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken()}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}`).toBe(true);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** Makes the link in the dialog that is open, and gives its path. */
async function makeLink(page: Page, role: string, label: string): Promise<string> {
  await page.getByTestId('invite-label').fill(label);
  await page.getByRole('combobox', { name: 'Role' }).selectOption(role);
  await page.getByTestId('make-invite').click();
  const url = new URL((await page.getByTestId('made-invite').getAttribute('data-url')) ?? '');
  return url.pathname + url.hash;
}

describe('a host in the meeting', () => {
  it('invites by a link with a role, and revokes it', async () => {
    const ann = await app.startMeeting('Ann');
    await openOptions(ann, 'invites');
    await ann.getByTestId('empty').waitFor();
    const link = await makeLink(ann, 'viewer', 'press');
    await ann.getByTestId('invite').filter({ hasText: 'press' }).waitFor();
    expect(await fits(ann, 'host-invites')).toEqual([]);

    const vera = await app.visit(link);
    expect(vera.url()).not.toContain('invite=');
    await joinAs(vera, 'Vera');
    await vera.getByTestId('meeting').waitFor();
    await ann.getByRole('button', { name: 'Close' }).click();
    await ann.getByTestId('participants').click();
    await row(ann, 'Vera').filter({ hasText: 'Viewer' }).waitFor();

    await openOptions(ann, 'invites');
    await ann.getByTestId('invite').filter({ hasText: 'used once' }).waitFor();
    await ann.getByTestId('revoke-invite').click();
    await ann.getByTestId('confirm-revoke').click();
    await ann.getByTestId('empty').waitFor();
    const late = await app.visit(link);
    await joinAs(late, 'Late');
    await late.getByTestId('error-panel').waitFor();
    expect(await late.getByTestId('error-panel').innerText()).toMatch(/invitation is not valid/i);
    const lost = await app.visit('/r/no-such-meeting#invite=of-another-time');
    await joinAs(lost, 'Lost');
    await lost.getByTestId('error-panel').waitFor();
    expect(await lost.getByTestId('error-panel').innerText()).toMatch(/ask who invited you/i);
    for (const page of [late, lost])
      expect([
        await page.getByTestId('create-meeting').count(),
        await page.getByTestId('join-password').count(),
      ]).toEqual([0, 0]);
    expect(await vera.getByTestId('meeting').count()).toBe(1);
  });

  it('makes somebody a host by a link, who may do the same', async () => {
    const ann = await app.startMeeting('Ann');
    await openOptions(ann, 'invites');
    const cora = await app.visit(await makeLink(ann, 'host', 'co-host'));
    await joinAs(cora, 'Cora');
    await cora.getByTestId('meeting').waitFor();
    await openOptions(cora, 'invites');
    await cora.getByTestId('invite').filter({ hasText: 'co-host' }).waitFor();
    await makeLink(cora, 'participant', 'friends');
    await cora.getByTestId('invite').nth(1).waitFor();
  });

  it('lets somebody back in who was banned', async () => {
    const [ann, bob] = await app.meet();
    await ann.getByTestId('participants').click();
    await row(ann, 'Bob').getByTestId('participant-menu').click();
    await ann.getByTestId('remove').click();
    await ann.getByTestId('ban').click();
    await bob.getByTestId('ended').waitFor();
    await bob.goto(`${app.server.url}${pathOf(ann)}`);
    await joinAs(bob, 'Bob');
    await bob.getByTestId('error-panel').waitFor();

    await openOptions(ann, 'bans');
    await ann.getByTestId('bans').getByText('Bob').waitFor();
    expect(await fits(ann, 'host-bans')).toEqual([]);
    await ann.getByTestId('lift-ban').click();
    await ann.getByTestId('empty').waitFor();
    await bob.getByTestId('join-button').click();
    await bob.getByTestId('meeting').waitFor();
    await tile(ann, 'Bob').waitFor({ state: 'attached' });
  });
});

describe('the pages of rooms', () => {
  beforeEach(async () => {
    const { items } = await ask<ListPage<RoomInfo>>('GET', '/rooms');
    for (const { name } of items) await ask('DELETE', `/rooms/${name}`);
  });

  it('ask for a sign-in', async () => {
    for (const path of ['/rooms', '/rooms/demo', '/rooms/demo/meetings']) {
      const page = await app.visit(path);
      await page.getByTestId('sign-in-needed').waitFor();
    }
  });

  it('know who signed in by the admin link, without any token', async () => {
    const page = await app.visit('/rooms');
    expect(await page.getByTestId('sign-in-link').getAttribute('href')).toBe('/auth/login?returnTo=%2Frooms');
    const [, secret = ''] = /\/auth\/admin#(\S+)/.exec(app.server.output) ?? [];
    await page.goto(`${app.server.url}/auth/admin#${secret}`);
    await page.getByTestId('signed-in-as').waitFor();
    expect(page.url()).not.toContain(secret);
    expect(await fits(page, 'landing-signed-in')).toEqual([]);
    await page.getByTestId('your-rooms').click();
    await page.getByTestId('create-room').click();
    await page.getByTestId('new-room-title').fill('Signed in');
    await page.getByTestId('new-room-done').click();
    await page.getByTestId('people-now').waitFor();
    for (const section of ['schedule', 'invites', 'bans', 'meetings']) {
      await page.getByTestId(`section-${section}`).click();
      await page.getByTestId('empty').waitFor();
    }
    await page.getByTestId('section-settings').click();
    await page.getByRole('combobox', { name: 'Lobby' }).selectOption('guests');
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    await page.getByTestId('section-activity').click();
    await page.getByText('changed who waits in the lobby').waitFor();

    // In their own meetings they are no guests.
    await page.goto(`${app.server.url}/r/signed-in`);
    await joinAs(page, 'Ann');
    await page.getByTestId('meeting').waitFor();
    await page.getByTestId('participants').click();
    await page.getByTestId('participants-panel').getByText('Owner').waitFor();
    await page.goto(app.server.url);
    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in').waitFor();
  });

  it('make a room, change it and delete it', async () => {
    const page = await visitAsAdmin('/rooms');
    await page.getByTestId('empty').waitFor();
    expect(await fits(page, 'rooms-empty')).toEqual([]);
    await page.getByTestId('create-room').click();
    await page.getByTestId('new-room-title').fill('Monday meeting');
    await expect.poll(() => page.getByTestId('new-room-name').inputValue()).toBe('monday-meeting');
    await page.getByTestId('new-room-done').click();
    await page.getByRole('heading', { name: 'Monday meeting' }).waitFor();
    expect(pathOf(page)).toBe('/rooms/monday-meeting');

    await page.getByTestId('section-settings').click();
    await page.getByRole('combobox', { name: 'Lobby' }).selectOption('guests');
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    await page.getByTestId('room-title').fill('Tuesday meeting');
    await page.getByTestId('save-texts').click();
    await page.getByRole('heading', { name: 'Tuesday meeting' }).waitFor();
    await page.getByTestId('opens-at').fill('2031-05-06T09:00');
    await page.getByTestId('closes-at').fill('2031-05-06T08:00');
    await page.getByText('It has to close after it opens.').waitFor();
    await expect.poll(() => page.getByTestId('save-hours').isDisabled()).toBe(true);
    await page.getByTestId('closes-at').fill('2031-05-06T17:30');
    await page.getByTestId('save-hours').click();
    await page.getByTestId('clear-hours').waitFor();
    const hours = {
      opensAt: new Date(2031, 4, 6, 9).getTime(),
      closesAt: new Date(2031, 4, 6, 17, 30).getTime(),
    };
    expect((await ask<RoomInfo>('GET', '/rooms/monday-meeting')).settings).toMatchObject(hours);
    expect(await fits(page, 'room-settings')).toEqual([]);
    await page.getByTestId('clear-hours').click();
    await page.getByTestId('clear-hours').waitFor({ state: 'detached' });
    await expect.poll(() => page.getByTestId('opens-at').inputValue()).toBe('');
    const { settings } = await ask<{ settings: object }>('GET', '/rooms/monday-meeting');
    expect(settings).toMatchObject({
      lobby: 'guests',
      title: 'Tuesday meeting',
      opensAt: null,
      closesAt: null,
    });

    await page.getByTestId('section-activity').click();
    await page.getByText('changed the title and the text of the lobby').waitFor();
    await page.getByText('changed when the room opens and when the room closes').first().waitFor();
    await page.getByTestId('section-overview').click();
    await page.getByTestId('delete-room').click();
    await page.getByTestId('confirm-delete').click();
    await page.getByTestId('empty').waitFor();
    expect(pathOf(page)).toBe('/rooms');
  });

  it('tell what was: a meeting that has ended, its people, its chat, and what hosts did', async () => {
    await ask('POST', '/rooms', { name: 'standup', settings: { title: 'Stand-up' } });
    const invite = await ask<CreatedInvite>('POST', '/rooms/standup/invites', { role: 'host', label: 'Ann' });
    const ann = await app.visit(`/r/standup#invite=${invite.code}`);
    await joinAs(ann, 'Ann');
    await ann.getByTestId('meeting').waitFor();
    const bob = await app.visit('/r/standup');
    await joinAs(bob, 'Bob');
    await bob.getByTestId('meeting').waitFor();
    await ann.getByTestId('chat').click();
    await ann.getByTestId('chat-text').fill('The plan: https://example.org/plan');
    await ann.getByTestId('chat-send').click();
    await ann.getByTestId('chat-message').waitFor();

    const page = await visitAsAdmin('/rooms');
    await page.getByTestId('room-card').filter({ hasText: '2 people in now' }).waitFor();
    expect(await fits(page, 'rooms')).toEqual([]);
    await page.getByTestId('room-card').click();
    await page.getByTestId('people-now').getByText('Bob').waitFor();
    expect(await fits(page, 'room-overview')).toEqual([]);
    await page.getByTestId('end-meeting').click();
    await page.getByTestId('confirm-end').click();
    await Promise.all([ann, bob].map((person) => person.getByTestId('ended').waitFor()));

    await page.getByTestId('section-meetings').click();
    await waitFor(
      'the meeting to have ended',
      async () => {
        await page.reload();
        return page.getByTestId('meeting-row').innerText();
      },
      { done: (text) => !text.includes('Now') },
    );
    await page.getByTestId('meeting-row').filter({ hasText: '2 people' }).click();
    const timeline = page.getByTestId('timeline');
    await timeline.getByText('Ann').waitFor();
    await expect.poll(() => timeline.getByRole('img', { name: / to / }).count()).toBe(2);
    const link = page.getByTestId('meeting-chat').getByRole('link');
    expect(await link.getAttribute('href')).toBe('https://example.org/plan');
    expect(await fits(page, 'meeting-report')).toEqual([]);
    await page.goBack();
    await page.getByTestId('meeting-list').waitFor();

    await page.getByTestId('section-activity').click();
    await page.getByText(/ended the meeting for everybody/).waitFor();
    expect(await fits(page, 'room-activity')).toEqual([]);
    await page.getByTestId('section-invites').click();
    await page.getByTestId('invite').filter({ hasText: 'used once' }).waitFor();
    expect(await fits(page, 'room-invites')).toEqual([]);
  });

  it('plan a meeting that recurs, change it, give its calendar file and cancel it', async () => {
    await ask('POST', '/rooms', { name: 'planned' });
    const page = await visitAsAdmin('/rooms/planned/schedule');
    await page.getByTestId('empty').waitFor();
    await page.getByTestId('plan-meeting').click();
    await page.getByTestId('schedule-title').fill('Plan');
    await page.getByTestId('schedule-date').fill('2037-03-30');
    await page.getByTestId('schedule-time').fill('09:30');
    await page.getByRole('combobox', { name: 'Repeats' }).selectOption('weekly');
    expect(await fits(page, 'schedule-form')).toEqual([]);
    await page.getByTestId('schedule-done').click();
    const row = page.getByTestId('schedule');
    await row.filter({ hasText: 'Every Monday' }).waitFor();
    expect(await fits(page, 'schedule')).toEqual([]);

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('calendar-file').click(),
    ]);
    expect(file.suggestedFilename()).toBe('planned.ics');
    expect(readFileSync(await file.path(), 'utf8')).toMatch(
      /SUMMARY:Plan[^]*RRULE:FREQ=WEEKLY|RRULE:FREQ=WEEKLY[^]*SUMMARY:Plan/,
    );

    await page.getByTestId('edit-schedule').click();
    await page.getByTestId('schedule-title').fill('Review');
    await page.getByRole('combobox', { name: 'Repeats' }).selectOption('once');
    await page.getByTestId('schedule-done').click();
    await row.filter({ hasText: 'Review' }).waitFor();
    expect(await row.innerText()).not.toContain('Every');
    await page.getByTestId('cancel-schedule').click();
    await page.getByTestId('confirm-cancel').click();
    await page.getByTestId('empty').waitFor();
  });
});
