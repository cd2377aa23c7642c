/** Keys that are sent to who takes none by RTP. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pressByInfo } from './infoKeys.ts';
import { ControlHarness, outboundTo, trunkOf } from './testing/ControlHarness.ts';
import { TestPhone } from './testing/TestPhone.ts';

let harness: ControlHarness;
let phone: TestPhone;
beforeEach(async () => {
  harness = new ControlHarness();
  phone = await TestPhone.open();
});
afterEach(async () => {
  await Promise.all([harness.stop(), phone.close()]);
});

/** Calls the phone, which answers; gives the keys that it gets by INFO. */
async function callOut({ takesEvents, digits = '' }: { takesEvents: boolean; digits?: string }) {
  phone.takesEvents = takesEvents;
  await harness.start({ trunks: [trunkOf({ outbound: outboundTo(phone.port) })] });
  await harness.do({
    ...{ type: 'dial', legId: 'leg', trunkId: 'carrier', target: '+493012345', callerId: null },
    ...{ displayName: 'Parley', digits, ringSeconds: 30 },
  });
  await vi.waitFor(() => expect(phone.ringing).toHaveLength(1), { timeout: 5000 });
  const [call] = phone.ringing;
  if (!call) throw new Error('unreachable');
  const session = phone.take(call);
  const keys: string[] = [];
  session.on('info', ({ contentType, body }) => keys.push(`${contentType} ${body}`));
  await session.answer();
  await harness.told('answered');
  return keys;
}

const infoOf = (key: string) => `application/dtmf-relay Signal=${key}\r\nDuration=160\r\n`;
const send = (digits: string) => harness.do({ type: 'sendDigits', legId: 'leg', digits });

it('are sent by INFO, one after the other', async () => {
  const keys = await callOut({ takesEvents: false });
  await send('12');
  expect(keys).toEqual(['1', '2'].map(infoOf));
});

it('stay in order where more are sent meanwhile', async () => {
  const keys = await callOut({ takesEvents: false });
  await Promise.all([send('12'), send('3*')]);
  expect(keys).toEqual([...'123*'].map(infoOf));
});

it('are sent as soon as the phone answers, where the call was made with some', async () => {
  const keys = await callOut({ takesEvents: false, digits: '1,#' });
  await vi.waitFor(() => expect(keys).toEqual(['1', '#'].map(infoOf)), { timeout: 5000 });
});

it('are sent by RTP alone to who takes them so', async () => {
  const keys = await callOut({ takesEvents: true });
  await send('1');
  expect(keys).toEqual([]);
});

it('end with the first that is refused, and are none where they stand on no phone', async () => {
  const sent: string[] = [];
  const info = (status: number) => ({
    info: ({ body }: { body: string }) => {
      sent.push(body.split('\r\n')[0] ?? '');
      return Promise.resolve(status);
    },
  });
  await pressByInfo(info(200), 'x1w2a');
  await pressByInfo(info(415), '34');
  expect(sent).toEqual(['Signal=1', 'Signal=2', 'Signal=A', 'Signal=3']);
});
