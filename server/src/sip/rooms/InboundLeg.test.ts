/** What callers hear who enter a PIN, and what is written down of it, where it leads nowhere. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PinOutcome } from '../../room/phonePorts.ts';
import { PhoneHarness, eventually } from '../testing/PhoneHarness.ts';

let harness: PhoneHarness;
beforeAll(async () => {
  harness = await PhoneHarness.create();
  await harness.running();
});
afterAll(() => harness.close());

it.each<[string, PinOutcome, prompt: string, why: string]>([
  [
    'a right one for a room that is full',
    { kind: 'full', why: 'There are as many calls as there may be.' },
    'try-later',
    'There are as many calls as there may be.',
  ],
  [
    'any, after too many that were wrong',
    { kind: 'locked' },
    'too-many-tries',
    'Too many wrong PINs were entered.',
  ],
  [
    'the last wrong one of a call',
    { kind: 'wrong', triesLeft: 0 },
    'too-many-tries',
    'No right PIN was entered.',
  ],
])('%s', async (_, outcome, prompt, why) => {
  harness.book.routes = () => ({ kind: 'pin', length: 6 });
  harness.book.pins = () => outcome;
  const legId = harness.ring();
  await harness.lastTold('decide', legId, ({ decision }) => decision.kind === 'askPin');
  harness.tell({ type: 'pinEntered', legId, digits: '246810' });
  expect(await harness.lastTold('hangUp', legId)).toMatchObject({ by: 'server', prompt, why });
  await eventually(() => expect(harness.log.over.at(-1)).toMatchObject({ callId: legId, why }));
});
