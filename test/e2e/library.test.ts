/** Recordings that were cut, that begin by themselves, and that have others below them: from the meeting to the library. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ParleyServer } from '../support/ParleyServer.ts';
import {
  badge,
  card,
  closeDialog,
  fitsAt,
  fromMore,
  player,
  SMALL_RECORDINGS,
  START,
  startRecording,
  stopRecording,
  toast,
  visitAsAdmin,
} from '../support/recordings.ts';
import { adminToken, joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import { fits, joinAs, pathOf, WebApp } from '../support/WebApp.ts';

let app: WebApp;
beforeAll(async () => {
  app = await WebApp.start({ env: SMALL_RECORDINGS });
});
afterEach(async () => {
  expect(await app.leave()).toEqual([]);
});
afterAll(() => app.stop());

const PASSWORD = 'open sesame';
const isFilm = (atLeast: number) => ({
  timeout: 30_000,
  done: (words: string) => Number(/0:(\d\d)/.exec(words)?.[1] ?? 0) >= atLeast,
});

describe('a recording that the end of the server cut', () => {
  it('goes on, and is played from part to part', { timeout: 240_000 }, async () => {
    const ann = await app.startMeeting('Ann');
    const room = pathOf(ann).replace('/r/', '');
    await startRecording(ann);
    await waitFor('film', () => ann.getByTestId('recording-badge').innerText(), isFilm(3));
    const { port, dataDir } = app.server;
    await app.server.kill();
    app.server = await ParleyServer.start({ port, dataDir, env: SMALL_RECORDINGS });
    // What was known before the restart still stands there until then.
    await toast(ann, 'Back in the meeting').waitFor(START);
    await badge(ann, 'recording').waitFor(START);
    await waitFor('more film', () => ann.getByTestId('recording-badge').innerText(), isFilm(6));
    if ((await card(ann, 'recording').count()) === 0) await ann.getByTestId('recording-badge').click();
    await ann.getByTestId('mark-title').fill('After the break');
    await ann.getByTestId('mark').click();
    await ann.getByText('Marked: After the break').waitFor();
    await stopRecording(ann);

    const admin = await visitAsAdmin(app, `/rooms/${room}/recordings`);
    const row = admin.locator('[data-testid="recording-row"][data-state="recovered"]');
    await row.waitFor(START);
    expect(await row.innerText()).toContain('2 parts');
    expect(await fits(admin, 'library-recovered')).toEqual([]);
    await row.click();
    await admin.getByTestId('recording-recovered').waitFor();
    const parts = admin.getByTestId('part');
    await expect.poll(() => parts.count()).toBe(2);
    const playing = parts.and(admin.locator('[aria-current]'));
    await playing.filter({ hasText: 'Part 1' }).waitFor();
    await player(admin).play();
    await player(admin).skipTo(0.5);
    await playing.filter({ hasText: 'Part 2' }).waitFor();
    await waitFor('the second part to play', player(admin).at, { done: (seconds) => seconds > 0.3 });
    expect(await fits(admin, 'recording-parts')).toEqual([]);
    expect(await fitsAt(admin, 'parts', 'recording-parts-below')).toEqual([]);
    await parts.first().click();
    await playing.filter({ hasText: 'Part 1' }).waitFor();
    // What was marked after the break is in the second part.
    await admin.getByTestId('chapter').filter({ hasText: 'After the break' }).click();
    await playing.filter({ hasText: 'Part 2' }).waitFor();
    expect(await admin.getByTestId('player-problem').count()).toBe(0);
  });
});

describe('a meeting that is recorded by itself', () => {
  it('has its breakout rooms below it in the library', { timeout: 240_000 }, async () => {
    const room = 'weekly';
    await makeRoom(room);
    const admin = await visitAsAdmin(app, `/rooms/${room}/settings`);
    const settings = admin.getByTestId('recording-settings');
    await settings.getByRole('combobox', { name: 'Recording by itself' }).selectOption('audio');
    await settings.getByRole('switch', { name: /breakout rooms/ }).click();
    await admin.getByText('Saved.').waitFor();
    expect(await fitsAt(admin, 'recording-settings', 'recording-settings')).toEqual([]);

    const ann = await app.visit(`/r/${room}#token=${joinToken(room, 'Ann', { claims: { role: 'host' } })}`);
    await ann.getByTestId('join-button').click();
    await badge(ann, 'recording').waitFor(START);
    const bob = await app.visit(`/r/${room}`);
    await joinAs(bob, 'Bob');
    await bob.getByTestId('join-password').fill(PASSWORD);
    await bob.getByTestId('join-button').click();
    // Who knows the password is told, and then decides.
    await bob.getByTestId('notice-recorded').waitFor();
    expect(await fits(bob, 'prejoin-password-recorded')).toEqual([]);
    await bob.getByTestId('join-button').click();
    await badge(bob, 'recording').waitFor();
    await bob.getByTestId('recording-badge').click();
    await bob.getByText('by the settings of the room').waitFor();
    await closeDialog(bob);

    await fromMore(ann, 'breakouts');
    await ann.getByTestId('breakout-count').fill('1');
    await ann.getByTestId('create-breakouts').click();
    await ann.getByTestId('assign-randomly').click();
    await ann.getByTestId('open-breakouts').click();
    await bob.getByTestId('breakout-banner').waitFor();
    await badge(bob, 'recording').waitFor(START);
    expect(await fits(bob, 'recording-breakout')).toEqual([]);
    await ann.getByTestId('close-breakouts').click();
    await bob.getByTestId('breakout-banner').waitFor({ state: 'detached' });
    await ann.getByTestId('recording-badge').click();
    await stopRecording(ann);
    await toast(ann, 'The recording has ended').waitFor();

    await admin.getByTestId('section-recordings').click();
    const below = admin.getByTestId('recorded-breakouts').getByTestId('recording-row');
    await below.and(admin.locator('[data-state="ready"]')).waitFor(START);
    await admin.getByTestId('recording-row').and(admin.locator('[data-state="ready"]')).nth(1).waitFor(START);
    expect(await fits(admin, 'library-breakouts')).toEqual([]);
    await admin.getByTestId('recording-row').first().click();
    await admin.getByTestId('recording-page').getByTestId('recording-row').waitFor();
    expect(await fits(admin, 'recording-with-breakouts')).toEqual([]);
    await admin.getByTestId('recording-page').getByTestId('recording-row').click();
    await admin.getByText('Room 1, a breakout room').waitFor();
    await admin.getByTestId('recording-file').filter({ hasText: 'Microphone of Bob' }).waitFor();
    expect(await fits(admin, 'recording-of-breakout')).toEqual([]);
    await admin.getByTestId('parent-recording').click();
    await admin.getByRole('heading', { name: 'Breakout rooms' }).waitFor();
  });
});

async function makeRoom(name: string): Promise<void> {
  const response = await fetch(`${app.server.url}/api/v1/rooms`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, settings: { password: PASSWORD } }),
  });
  expect(response.status).toBe(201);
}
