/** What phones and browsers hear of each other: each has a tone of its own, and hears those of all others, and not its own. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { waitFor } from '../support/waitFor.ts';
import { UNHEARD_DB } from './support/Baresip.ts';
import { hearsTone, MICROPHONE_HERTZ, PhoneHall, seesPhone } from './support/PhoneHall.ts';
import { toRoom } from './support/PhoneServer.ts';

let hall: PhoneHall;

beforeAll(async () => {
  hall = await PhoneHall.start({ rules: [toRoom('two', '+493010'), toRoom('four', '+493011')] });
});
afterEach(() => hall.clear());
afterAll(() => hall.stop());

it('a browser and a phone hear each other; whoever speaks on the phone is the active speaker', async () => {
  const browser = await hall.client('two', 'hanna');
  const phone = await hall.caller('+493010', { number: '+4930111', hertz: 700 });
  const { identity } = await seesPhone(browser, 'speaks', ({ muted }) => muted === false);
  await hearsTone(browser, identity, { hertz: 700 });
  await waitFor('the phone to be the active speaker', () => browser.call('speakers'), {
    done: (speakers) => speakers.includes(identity),
  });
  await waitFor('it to be the only one who leads', () => browser.call('dominant'), {
    done: (dominant) => dominant === identity,
  });
  const level = async () =>
    (await browser.call('levels')).find((one) => one.identity === identity)?.audioLevel;
  await expect.poll(level).toBeGreaterThan(-40);

  await browser.call('publish', ['microphone']);
  await phone.hears([MICROPHONE_HERTZ], { not: [700] });
  await browser.call('setMuted', 'microphone', true);
  await phone.hears([], { not: [MICROPHONE_HERTZ] });
});

const PARTIES = [
  { number: '+4930111', hertz: 700, codec: 'PCMU' },
  { number: '+4930222', hertz: 900, codec: 'PCMA' },
  { number: '+4930333', hertz: 1300, codec: 'G722' },
] as const;

it('of three phones and a browser everybody hears all others, and not themselves', async () => {
  const browser = await hall.client('four', 'hanna');
  await browser.call('publish', ['microphone']);
  const phones = await Promise.all(PARTIES.map((party) => hall.caller('+493011', party)));
  const tones = PARTIES.map(({ hertz }) => hertz);
  await Promise.all(
    phones.map((phone, at) => {
      const own = tones.slice(at, at + 1);
      const others = tones.filter((hertz) => !own.includes(hertz));
      return phone.hears([...others, MICROPHONE_HERTZ], { not: own });
    }),
  );
  for (const [at, phone] of phones.entries())
    expect(phone.loudest(tones[at] ?? 0), phone.number).toBeLessThan(UNHEARD_DB);
  for (const [at, { number, hertz }] of PARTIES.entries()) {
    const ending = number.slice(-2);
    const { identity } = await seesPhone(browser, `is ${number}`, (one) => one.displayName.endsWith(ending));
    // Each comes by itself, and is not a mix of all.
    await hearsTone(browser, identity, { hertz, not: tones.filter((_, other) => other !== at) });
  }
});
