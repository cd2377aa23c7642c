/** Desk phones that register with the server, put calls on hold, and speak for somebody’s computer. */
import type { Extension } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../support/waitFor.ts';
import type { Baresip } from './support/Baresip.ts';
import { hearsTone, silentTone, MICROPHONE_HERTZ, PhoneHall, seesPhone } from './support/PhoneHall.ts';

const PASSWORD = 'correct-horse';
let hall: PhoneHall;

beforeAll(async () => {
  const extensions: Partial<Extension>[] = [
    { extension: '201', password: PASSWORD, displayName: 'Desk' },
    { extension: '202', password: PASSWORD, displayName: 'Kitchen' },
    { extension: '203', password: PASSWORD, displayName: 'Door' },
  ];
  hall = await PhoneHall.start({
    trunks: [],
    // This baresip cannot register where SHA-256 is offered beside it.
    sip: { EXTENSIONS: JSON.stringify(extensions), DIGEST_ALGORITHMS: '["MD5"]' },
  });
  await hall.server.rest('/rooms', { method: 'POST', body: { name: 'standup' } });
});
afterEach(() => hall.clear());
afterAll(() => hall.stop());

/** A desk phone that has registered. */
async function desk(number: '201' | '202' | '203', hertz: number, password = PASSWORD): Promise<Baresip> {
  return hall.phone({
    ...{ number, hertz, domain: `127.0.0.1:${hall.server.sipPort}` },
    account: `regint=60;auth_user=${number};auth_pass=${password}`,
  });
}

it('one dials another, and they hear each other; with a wrong password nobody is called', async () => {
  const [one, two] = [await desk('201', 700), await desk('202', 1100)];
  await Promise.all([one.registered(), two.registered()]);
  await one.dial(hall.server.at('202'));
  await two.told('CALL_ESTABLISHED');
  await one.told('CALL_ESTABLISHED');
  await one.hears([1100], { not: [700] });
  await two.hears([700], { not: [1100] });
  await two.hangUp();
  await one.told('CALL_CLOSED');

  // It tries so often that nobody gets in by this name for a while.
  const stranger = await desk('203', 900, 'a-guess-at-it');
  await stranger.dial(hall.server.at('202'));
  await stranger.told('CALL_CLOSED');
  expect(two.count('CALL_ESTABLISHED')).toBe(1);
});

it('one dials a room by its name, and puts it on hold and takes it back', async () => {
  const hanna = await hall.client('standup', 'hanna', 'host');
  await hanna.call('publish', ['microphone']);
  const phone = await desk('201', 700);
  await phone.registered();
  await phone.dial(hall.server.at('standup'));
  const { identity } = await seesPhone(hanna, 'is Desk', ({ displayName }) => displayName === 'Desk');
  await hearsTone(hanna, identity, { hertz: 700 });
  await phone.hears([MICROPHONE_HERTZ]);
  await phone.ask('hold');
  await seesPhone(hanna, 'is on hold', (one) => one.phone?.onHold === true);
  await silentTone(hanna, identity, 700);
  await phone.ask('resume');
  await seesPhone(hanna, 'is back', (one) => one.phone?.onHold === false);
  // What it hears from then on baresip does not write down.
  await hearsTone(hanna, identity, { hertz: 700 });
});

it('one speaks for somebody whose computer falls silent until it is hung up', async () => {
  const [hanna, otto] = [
    await hall.client('standup', 'hanna', 'host'),
    await hall.client('standup', 'otto', 'host'),
  ];
  await otto.call('publish', ['microphone']);
  const phone = await desk('201', 700);
  await phone.registered();
  const participantId = await otto.call('participantId');
  await otto.call('dial', '201', { participantId });
  await seesPhone(hanna, 'is otto', (one) => one.identity === 'otto');
  await hearsTone(hanna, 'otto', { hertz: 700, not: [MICROPHONE_HERTZ] });
  await hanna.call('publish', ['microphone']);
  await phone.hears([MICROPHONE_HERTZ], { not: [700] });
  expect((await hanna.call('people')).map((one) => one.identity).sort()).toEqual(['hanna', 'otto']);
  await phone.hangUp();
  await waitFor('otto to have no phone', () => hanna.call('people'), {
    done: (people) => people.every((one) => one.phone === undefined),
  });
  expect((await hanna.call('people')).map((one) => one.identity).sort()).toEqual(['hanna', 'otto']);
});
