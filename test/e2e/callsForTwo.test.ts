/** A call between two in the app: somebody signed in, and a phone. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { inState, PhoneApp } from '../support/PhoneApp.ts';
import { fits, joinAs } from '../support/WebApp.ts';

let app: PhoneApp;

beforeAll(async () => {
  app = await PhoneApp.start();
});
afterEach(async () => expect(await app.leave()).toEqual([]));
afterAll(() => app.stop());

/** Somebody signed in, whom calls to the number reach. */
async function signedIn(): Promise<Page> {
  const page = await app.administrator();
  const { host } = await page.evaluate(
    async () => (await (await fetch('/api/v1/me')).json()) as { host: { identity: string } },
  );
  await app.ask('PUT', '/dispatch-rules/to-me', {
    numbers: ['+493012345678'],
    target: { kind: 'user', identity: host.identity },
  });
  // Calls are refused where no page listens for them yet.
  await Promise.all([page.waitForResponse('**/api/v1/me/calls/events'), page.reload()]);
  return page;
}
const number = () => app.addressOf('+493012345678');

it('rings in all pages, is answered in one, and ends with the other', async () => {
  const phone = await app.openPhone({ number: '+4930222777', hertz: 800 });
  const page = await signedIn();
  const other = await page.context().newPage();
  await other.goto(`${app.web.server.url}/rooms`);
  await phone.dial(number());
  for (const one of [page, other]) await one.getByTestId('ringing').waitFor();
  expect(await fits(page, 'ringing')).toEqual([]);
  await page.getByTestId('answer-call').click();
  await phone.told('CALL_ESTABLISHED');
  await other.getByTestId('ringing').waitFor({ state: 'detached' });
  expect(await other.getByTestId('missed-call').count()).toBe(0);
  await page.locator('[data-testid="tile"][data-speaking="true"]').waitFor();
  expect(await fits(page, 'call-for-two')).toEqual([]);
  await phone.hangUp();
  await page.getByTestId('call-over').waitFor();
  expect(await fits(page, 'call-ended')).toEqual([]);
});

it('is declined, or missed', async () => {
  const phone = await app.openPhone({ number: '+4930222888' });
  const page = await signedIn();
  await page.getByTestId('call-phone').click();
  await page.locator('[data-testid="call-number"]:focus').waitFor();
  await page.keyboard.type('+49 30');
  await phone.dial(number());
  await page.locator('[data-testid="answer-call"]:focus').waitFor();
  expect(await fits(page, 'ringing-above-dialog')).toEqual([]);
  await page.getByTestId('decline-call').click();
  await phone.told('CALL_CLOSED');
  await page.getByTestId('ringing').waitFor({ state: 'detached' });
  await page.locator('[data-testid="call-number"]:focus').waitFor();
  await page.keyboard.type(' 2');
  await expect.poll(() => page.getByTestId('call-number').inputValue()).toBe('+49 30 2');
  await phone.dial(number());
  await page.locator('[data-testid="answer-call"]:focus').waitFor();
  // Let it ring, and go on where one was.
  await page.keyboard.press('Escape');
  await page.locator('[data-testid="call-number"]:focus').waitFor();
  await page.keyboard.type('22');
  await expect.poll(() => page.getByTestId('call-number').inputValue()).toBe('+49 30 222');
  expect(await page.getByTestId('ringing').count()).toBe(1);
  await page.keyboard.press('Escape');
  await page.getByTestId('call-number').waitFor({ state: 'detached' });
  await phone.hangUp();
  await page.getByTestId('missed-call').waitFor();
  expect(await fits(page, 'missed')).toEqual([]);
});

it('rings beside a meeting, which keeps its keys, and is answered instead of it', async () => {
  const phone = await app.openPhone({ number: '+4930222115', hertz: 800 });
  await app.ask('POST', '/rooms', { name: 'standup' });
  const page = await signedIn();
  await page.goto(`${app.web.server.url}/r/standup`);
  await joinAs(page, 'Ann');
  await page.getByTestId('meeting').waitFor();
  await phone.dial(number());
  await page.getByTestId('ringing').filter({ hasText: 'Answering leaves this meeting.' }).waitFor();
  expect(await page.locator('[data-testid="ringing"] :focus').count()).toBe(0);
  expect(await fits(page, 'ringing-beside-meeting')).toEqual([]);
  const microphone = page.getByRole('button', { name: /^(Unmute|Mute) microphone$/ });
  const before = await microphone.getAttribute('aria-label');
  await page.keyboard.press('m');
  await page.waitForFunction(
    (label) => document.querySelector(`[aria-label="${label}"]`) === null,
    before ?? '',
  );
  await page.getByTestId('answer-call').click();
  await phone.told('CALL_ESTABLISHED');
  await page.waitForURL(({ pathname }) => pathname !== '/r/standup');
  await phone.hangUp();
  await page.getByTestId('call-over').waitFor();
});

it('is made from the front page', async () => {
  const phone = await app.openPhone({ number: '+4930222999', hertz: 800, answers: 'manual' });
  const page = await signedIn();
  await page.getByTestId('call-phone').click();
  await page.getByTestId('call-number').fill('+1 202 555 0143');
  await page.getByTestId('call-now').click();
  await page.getByTestId('call-error').waitFor();
  expect(await fits(page, 'call-refused')).toEqual([]);
  await page.getByTestId('call-number').fill('+49 30 222 999');
  await page.getByTestId('call-now').click();
  await inState(page, 'ringing').waitFor();
  expect(await fits(page, 'calling')).toEqual([]);
  await phone.answer();
  await inState(page, 'answered').waitFor();
  await phone.hangUp();
  await page.getByTestId('call-over').waitFor();
});

it('is not made once its form was closed', async () => {
  await app.openPhone({ number: '+4930222116' });
  const page = await signedIn();
  let answer: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/api/v1/me/calls', async (route) => {
    await closed;
    await route.continue();
  });
  await page.getByTestId('call-phone').click();
  await page.getByTestId('call-number').fill('+49 30 222 116');
  await page.getByTestId('call-now').click();
  await page.getByText('Calling…').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('call-number').waitFor({ state: 'detached' });
  const answered = page.waitForResponse('**/api/v1/me/calls');
  answer();
  await (await answered).finished();
  // Whatever it would do it has done before this.
  await page.getByTestId('call-phone').click();
  await page.getByTestId('call-number').waitFor();
});

it('is over for whoever answers as the other hangs up', async () => {
  const phone = await app.openPhone({ number: '+4930222113' });
  const page = await signedIn();
  // The answer to the answer comes when nobody is on the line any more.
  await page.route('**/api/v1/me/calls/*/answer', async (route) => {
    const response = await route.fetch();
    await phone.hangUp();
    await phone.told('CALL_CLOSED');
    await route.fulfill({ response });
  });
  await phone.dial(number());
  await page.getByTestId('answer-call').click();
  await page.getByText('It was over before you came').waitFor();
});

it('stands in the form when it could not be made', async () => {
  await app.openPhone({ number: '+4930222114' });
  const page = await signedIn();
  await page.route('**/api/v1/me/calls', async (route) => {
    const response = await route.fetch();
    await app.ask('DELETE', '/trunks/here');
    await route.fulfill({ response });
  });
  await page.getByTestId('call-phone').click();
  await page.getByTestId('call-number').fill('+49 30 222 114');
  await page.getByTestId('call-now').click();
  await page.getByTestId('dial-error').waitFor();
  expect(await page.getByTestId('dial-number').inputValue()).toBe('+4930222114');
  expect(await fits(page, 'first-call-failed')).toEqual([]);
});
