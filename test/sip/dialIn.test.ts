/** Telephones that call rooms, with real sound. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PhoneHall } from './support/PhoneHall.ts';
import { toRoom } from './support/PhoneServer.ts';

let hall: PhoneHall;

beforeAll(async () => {
  hall = await PhoneHall.start({ rules: [toRoom('hall', '+493010')] });
});
afterEach(() => hall.clear());
afterAll(() => hall.stop());

const CODECS = ['PCMU', 'PCMA', 'G722', 'opus'] as const;

it.each(CODECS)('two phones in a room hear each other and not themselves: PCMU and %s', async (codec) => {
  const ann = await hall.caller('+493010', { number: '+4930111', hertz: 700 });
  const [alone] = await hall.server.phonesIn('hall', 1);
  expect(alone).toMatchObject({ kind: 'phone', phone: { direction: 'in', state: 'answered' } });
  const bob = await hall.caller('+493010', { number: '+4930222', hertz: 1100, codec });
  await ann.hears([1100], { not: [700] });
  await bob.hears([700], { not: [1100] });
  expect(await hall.server.phonesIn('hall', 2)).toHaveLength(2);
  const codecs = (await hall.server.calls('?room=hall')).slice(0, 2).map(({ quality }) => quality.codec);
  expect(codecs.sort()).toEqual(['PCMU', codec].sort());

  await ann.hangUp();
  await hall.server.phonesIn('hall', 1);
  await bob.hangUp();
  await hall.server.phonesIn('hall', 0);
});
