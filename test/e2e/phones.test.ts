/** Phones in the app: calling them from a meeting, who speaks by one, and the pages from which they are run. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freeTcpPort } from '../sip/support/ports.ts';
import { inState, PhoneApp } from '../support/PhoneApp.ts';
import { joinToken } from '../support/tokens.ts';
import { fits, joinAs, row, tile } from '../support/WebApp.ts';

let app: PhoneApp;

beforeAll(async () => {
  app = await PhoneApp.start();
});
afterEach(async () => expect(await app.leave()).toEqual([]));
afterAll(() => app.stop());

/** Ann, who runs the room and may call. */
async function hostOf(room: string): Promise<Page> {
  const token = joinToken(room, 'ann', { video: { roomAdmin: true, roomCreate: true, canDial: true } });
  const page = await app.web.visit(`/r/${room}#token=${token}`);
  await joinAs(page, 'Ann');
  await page.getByTestId('meeting').waitFor();
  return page;
}

async function openDialer(page: Page): Promise<void> {
  await page.getByTestId('more').click();
  await page.getByTestId('phones').click();
  await page.getByTestId('phones-panel').waitFor();
}

async function dial(page: Page, number: string, name = ''): Promise<void> {
  await page.getByTestId('dial-number').fill(number);
  if (name !== '') await page.getByTestId('dial-name').fill(name);
  await page.getByTestId('dial').click();
}

const call = (page: Page, name: string) => page.getByTestId('call').filter({ hasText: name });

describe('calling a phone from the meeting', () => {
  it('rings, is answered, is seen and heard, takes keys, and is hung up', async () => {
    const phone = await app.openPhone({ number: '+4930222333', hertz: 700, answers: 'manual' });
    const ann = await hostOf('calling');
    await openDialer(ann);
    await dial(ann, '+49 30 222 333', 'Greta');
    await inState(ann, 'ringing').waitFor();
    expect(await fits(ann, 'dial-ringing')).toEqual([]);
    await phone.answer();
    await inState(ann, 'answered').waitFor();
    await ann.getByTestId('mailbox').waitFor();
    await ann.locator('[data-testid="tile"][data-speaking="true"]').filter({ hasText: 'Greta' }).waitFor();
    expect(await fits(ann, 'dial-answered')).toEqual([]);

    await ann.getByTestId('keypad-toggle').click();
    await ann.getByTestId('key-5').click();
    await ann.keyboard.press('7');
    await phone.told('CALL_DTMF_START', { times: 2 });
    await expect.poll(() => ann.getByTestId('pressed').innerText()).toBe('57');
    expect(await fits(ann, 'dial-keypad')).toEqual([]);

    await ann.getByRole('button', { name: 'Close call a phone' }).click();
    await ann.getByTestId('participants').click();
    await row(ann, 'Greta').filter({ hasText: '+49 302 223 33' }).waitFor();
    expect(await fits(ann, 'phone-in-list')).toEqual([]);
    const openMenu = async () => {
      await row(ann, 'Greta').getByTestId('participant-menu').click();
      await ann.getByTestId('keypad').waitFor();
    };
    expect(await fits(ann, 'phone-menu', openMenu)).toEqual([]);
    await ann.getByTestId('keypad').click();
    await ann.locator('[data-testid="key-1"]:focus').waitFor();
    await ann.keyboard.press('9');
    await ann.getByTestId('key-#').click();
    await phone.told('CALL_DTMF_START', { times: 4 });
    expect(await fits(ann, 'phone-keypad-dialog')).toEqual([]);
    await ann.keyboard.press('Escape');

    await row(ann, 'Greta').getByTestId('participant-menu').click();
    await ann.getByTestId('remove').click();
    await ann.getByTestId('confirm-remove').click();
    await phone.told('CALL_CLOSED');
    await tile(ann, 'Greta').waitFor({ state: 'detached' });
  });

  it('says what became of a call, and why one is not made', async () => {
    const phone = await app.openPhone({ number: '+4930222444', answers: 'manual' });
    const ann = await hostOf('refusing');
    await openDialer(ann);
    await dial(ann, 'nobody at all');
    await ann.getByText('This is no number.').waitFor();
    await dial(ann, '+12025550143');
    await ann.getByTestId('dial-error').filter({ hasText: 'may not be called from here' }).waitFor();
    expect(await fits(ann, 'dial-refused')).toEqual([]);

    await dial(ann, '+4930222444');
    await inState(ann, 'ringing').waitFor();
    await phone.hangUp();
    await call(ann, '+49 302 224 44')
      .filter({ hasText: /busy|declined/i })
      .waitFor();
    await dial(ann, '+4930222444', 'Greta');
    await inState(ann, 'ringing').waitFor();
    await ann.getByTestId('hang-up').click();
    await inState(ann, 'cancelled').waitFor();
    await phone.told('CALL_CLOSED', { times: 2 });
    expect(await fits(ann, 'dial-over')).toEqual([]);
  });

  it('is handed over to somebody else', async () => {
    const phone = await app.openPhone({ number: '+4930222666', hertz: 700 });
    const hugo = await app.openStranger({ number: 'hugo', answers: 'manual' });
    const ann = await hostOf('handing-over');
    await openDialer(ann);
    await dial(ann, '+4930222666', 'Greta');
    await inState(ann, 'answered').waitFor();
    await ann.getByTestId('transfer-toggle').click();
    await ann.locator('[data-testid="transfer-number"]:focus').waitFor();
    await ann.keyboard.press('Enter');
    await ann.getByText('Type a number, such as').waitFor();
    await ann.keyboard.type('+12025550143');
    await ann.keyboard.press('Enter');
    await ann.getByTestId('transfer-error').filter({ hasText: 'may not be called from here' }).waitFor();
    expect(await fits(ann, 'transfer-refused')).toEqual([]);
    await ann.getByTestId('transfer-toggle').click();

    await ann.getByRole('button', { name: 'Close call a phone' }).click();
    await ann.getByTestId('participants').click();
    await row(ann, 'Greta').getByTestId('participant-menu').click();
    await ann.getByTestId('hand-over').click();
    await ann.locator('[data-testid="transfer-number"]:focus').waitFor();
    await ann.keyboard.type(hugo.address);
    expect(await fits(ann, 'transfer-dialog')).toEqual([]);
    await ann.keyboard.press('Enter');
    await hugo.told('CALL_INCOMING');
    await hugo.answer();
    await tile(ann, 'Greta').waitFor({ state: 'detached' });
    await hugo.hears([700]);
    await ann.getByRole('button', { name: 'Close participants' }).click();
    await openDialer(ann);
    await inState(ann, 'ended').filter({ hasText: 'The call was passed on to sip:hugo' }).waitFor();
    expect(phone.count('TRANSFER')).toBe(1);
    expect(await fits(ann, 'transferred')).toEqual([]);
  });

  it('takes the place of one’s own sound, until one goes back', async () => {
    const phone = await app.openPhone({ number: '+4930222555', hertz: 900 });
    const ann = await hostOf('own-sound');
    await openDialer(ann);
    await ann.getByRole('combobox', { name: 'Whom to call' }).selectOption('own');
    await ann.getByTestId('own-phone-hint').waitFor();
    await dial(ann, '+4930222555');
    await ann.getByTestId('own-phone').waitFor();
    expect(await fits(ann, 'own-phone-panel')).toEqual([]);
    await ann.getByRole('button', { name: 'Close call a phone' }).click();
    await ann.getByRole('button', { name: 'Mute phone' }).click();
    await ann.getByRole('button', { name: 'Unmute phone' }).waitFor();
    expect(await fits(ann, 'own-phone')).toEqual([]);
    await ann.getByTestId('back-to-computer').click();
    await phone.told('CALL_CLOSED');
    await ann.getByTestId('own-phone').waitFor({ state: 'detached' });
    await ann.getByRole('button', { name: /^(Unmute|Mute) microphone$/ }).waitFor();
  });
});

it('invites by telephone, where the server has a number', async () => {
  await app.openPhone({ number: '+4930222666' });
  const ann = await hostOf('dial-in');
  await ann.getByTestId('alone').getByTestId('dial-in').waitFor();
  const pin = (await ann.getByTestId('room-pin').innerText()).replaceAll(' ', '');
  expect(pin).toMatch(/^\d{8}$/);
  const link = await ann.getByRole('link', { name: '+49 301 234 5678' }).getAttribute('href');
  expect(link).toBe(`tel:+493012345678,,${pin}%23`);
  expect(await fits(ann, 'dial-in-alone')).toEqual([]);
  await ann.getByTestId('participants').click();
  await ann.getByTestId('participants-panel').getByTestId('dial-in').waitFor();
  expect(await fits(ann, 'dial-in-panel')).toEqual([]);
});

describe('the pages of phones', () => {
  const open = async (page: Page, section: string) => {
    await page.goto(`${app.web.server.url}/phones/${section}`);
  };
  const save = (page: Page) => page.getByTestId('save').click();

  it('ask for a sign-in', async () => {
    const page = await app.web.visit('/phones');
    await page.getByTestId('sign-in-needed').waitFor();
  });

  it('make a trunk, say what is wrong with it, and how it is doing', { timeout: 120_000 }, async () => {
    const page = await app.administrator();
    await page.getByTestId('your-rooms').click();
    await page.getByTestId('phones-link').click();
    await page.getByTestId('new-trunk').click();
    await page.getByTestId('trunk-name').fill('Nobody there');
    await expect.poll(() => page.getByTestId('trunk-id').inputValue()).toBe('nobody-there');
    await page.getByText('Calls go out').click();
    await page.getByTestId('trunk-prefixes').fill('49');
    await save(page);
    await page.getByText('Two letters, such as DE or US.').waitFor();
    await page.getByText('49 is no beginning of a number: write +49.').waitFor();
    await expect.poll(() => page.getByTestId('trunk-country').getAttribute('aria-invalid')).toBe('true');
    expect(await fits(page, 'trunk-form')).toEqual([]);

    await page.getByTestId('trunk-country').fill('de');
    await page.getByTestId('trunk-prefixes').fill('+49\n+43');
    await page.getByTestId('trunk-address').fill(`127.0.0.1:${await freeTcpPort()}`);
    await page.getByText('Asked whether it is there').fill('5');
    await page.getByTestId('trunk-addresses').fill('203.0.113.999');
    await save(page);
    await page.getByText('has 203.0.113.999, which is no address').waitFor();
    await expect.poll(() => page.getByTestId('trunk-addresses').getAttribute('aria-invalid')).toBe('true');
    expect(await fits(page, 'trunk-refused')).toEqual([]);
    await page.getByTestId('trunk-addresses').fill('');
    await save(page);
    const trunk = page.getByTestId('trunk').filter({ hasText: 'Nobody there' });
    await trunk.getByText('Does not answer', { exact: true }).waitFor({ timeout: 50_000 });
    await trunk.getByTestId('trunk-why').waitFor();
    expect(await fits(page, 'trunks')).toEqual([]);
    await page.route('**/api/v1/trunks?*', (route) => route.abort());
    await page.route('**/api/v1/trunks', (route) => route.abort());
    await page.getByTestId('not-renewed').waitFor();
    expect(await trunk.count()).toBe(1);
    expect(await fits(page, 'trunks-not-renewed')).toEqual([]);
    await page.unrouteAll();
    await page.getByTestId('not-renewed').waitFor({ state: 'detached' });
    await trunk.getByTestId('edit').click();
    expect(await page.getByTestId('trunk-prefixes').inputValue()).toBe('+49\n+43');
    await page.keyboard.press('Escape');
    await trunk.getByTestId('delete').click();
    await page.getByTestId('confirm-delete').click();
    await trunk.waitFor({ state: 'detached' });
  });

  it('make rules and extensions', async () => {
    const page = await app.administrator();
    await open(page, 'rules');
    await page.getByTestId('new-rule').click();
    await page.getByTestId('rule-id').fill('standup');
    await page.getByTestId('rule-numbers').fill('+49 30 555');
    await save(page);
    await page.getByText('Name of a room, as it stands in its link.').waitFor();
    expect(await fits(page, 'rule-form')).toEqual([]);
    await page.getByTestId('rule-value').fill('standup');
    await save(page);
    await page.getByText('Calls to +4930555 → into the room standup').waitFor();
    expect(await fits(page, 'rules')).toEqual([]);

    await page.getByTestId('phones-extensions').click();
    await page.getByTestId('empty').waitFor();
    await page.getByTestId('new-extension').click();
    await page.getByTestId('extension-id').fill('101');
    await page.getByTestId('extension-password').fill('short');
    await save(page);
    await page.getByText('At least 8 characters:').waitFor();
    await page.getByTestId('extension-password').fill('long enough');
    await save(page);
    await page.getByTestId('extension').filter({ hasText: 'Not registered' }).waitFor();
    expect(await fits(page, 'extensions')).toEqual([]);
  });

  it('tell of calls, and why others were refused', async () => {
    const phone = await app.openPhone({ number: '+4930222111', hertz: 600 });
    await app.ask('PUT', '/dispatch-rules/hall', {
      numbers: ['+493012345678'],
      priority: 1,
      target: { kind: 'room', room: 'hall' },
    });
    await phone.dial(app.addressOf('+493012345678'));
    await phone.told('CALL_ESTABLISHED');
    await phone.hears([]);
    await phone.hangUp();
    await phone.dial(app.addressOf('+4930999'));
    await phone.told('CALL_CLOSED');
    await app.ask('DELETE', '/dispatch-rules/hall');

    const page = await app.administrator();
    await open(page, 'calls');
    const record = page.getByTestId('call-record').filter({ hasText: '+49 302 221 11' });
    await record.first().waitFor();
    expect(await fits(page, 'calls')).toEqual([]);
    const saved = page.waitForEvent('download');
    await page.getByTestId('calls-csv').click();
    expect((await saved).suggestedFilename()).toBe('calls.csv');
    await page.getByTestId('filter-number').fill('+49 30 000');
    await page.keyboard.press('Enter');
    await page.getByTestId('empty').waitFor();
    await page.getByTestId('clear-filter').click();
    await record.first().waitFor();
    await expect.poll(() => page.getByTestId('filter-number').inputValue()).toBe('');

    await page.getByTestId('phones-refused').click();
    await page.getByTestId('refused-call').filter({ hasText: '+49 309 99' }).first().waitFor();
    expect(await fits(page, 'refused')).toEqual([]);
  });

  it('give a room another PIN, and somebody their own', async () => {
    await app.openPhone({ number: '+4930222112' });
    await app.ask('POST', '/rooms', { name: 'by-phone' });
    const page = await app.administrator();
    await page.goto(`${app.web.server.url}/rooms/by-phone/phones`);
    const pin = await page.getByTestId('room-pin').innerText();
    await page.getByTestId('renew-pin').click();
    await page.getByTestId('confirm-renew').click();
    await page.getByTestId('room-pin').filter({ hasNotText: pin }).waitFor();
    await page.getByTestId('pin-name').fill('Greta');
    await page.getByTestId('make-pin').click();
    await page.getByTestId('made-pin').filter({ hasText: 'PIN of Greta' }).waitFor();
    await page.getByTestId('pin').filter({ hasText: 'Greta' }).waitFor();
    expect(await fits(page, 'pins')).toEqual([]);
    await expect.poll(() => page.getByTestId('pin-name').inputValue()).toBe('');
    await page.getByTestId('revoke-pin').click();
    await page.getByTestId('confirm-revoke').click();
    await page.getByText('None yet.').waitFor();
  });
});
