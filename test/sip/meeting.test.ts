/** What people on the phone do in a meeting, and what hosts do with them. */
import type { RoomPhone } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/Client.ts';
import { waitFor } from '../support/waitFor.ts';
import type { Baresip } from './support/Baresip.ts';
import { PhoneHall, seesNoPhone, seesPhone } from './support/PhoneHall.ts';
import { FROM_HERE, PROMPT_HERTZ, toRoom } from './support/PhoneServer.ts';

const { music, ...PROMPT } = PROMPT_HERTZ;
const TONE = 700;
let hall: PhoneHall;

beforeAll(async () => {
  hall = await PhoneHall.start({
    trunks: [FROM_HERE],
    rules: [
      { ruleId: 'pin', numbers: ['+493020'], target: { kind: 'pin' } },
      ...['keys', 'hosts', 'breakouts', 'removal'].map((room, at) => toRoom(room, `+49303${at}`)),
    ],
  });
});
afterEach(() => hall.clear());
afterAll(() => hall.stop());

async function makeRoom(name: string, settings = {}): Promise<void> {
  await hall.server.rest('/rooms', { method: 'POST', body: { name, settings } });
}
const pinOf = async (room: string): Promise<string> =>
  (await hall.server.rest<RoomPhone>(`/rooms/${room}/phone`)).pin ?? '';
/** A PIN that is not this one, of the same length. */
const wrongPin = (pin: string): string => pin.replace(/^\d/, (digit) => String((Number(digit) + 1) % 10));

/** A host in a room, and a phone that has called it. */
async function meet(room: string, number: string): Promise<{ host: Client; phone: Baresip }> {
  const host = await hall.client(room, 'hanna', 'host');
  const phone = await hall.caller(number, { number: '+4930111', hertz: TONE });
  await seesPhone(host, 'speaks', ({ muted }) => muted === false);
  return { host, phone };
}

describe('a PIN', () => {
  it('is asked for until it is right; after it, the lobby holds, with music, and a host lets in', async () => {
    await makeRoom('board', { lobby: 'notHosts' });
    const pin = await pinOf('board');
    const host = await hall.client('board', 'hanna', 'host');
    const phone = await hall.caller('+493020', { number: '+4930111', hertz: TONE });
    await phone.hears([PROMPT['enter-pin']]);
    await phone.press(wrongPin(pin));
    await phone.hears([PROMPT['wrong-pin']]);
    await phone.press(pin);
    await phone.hears([PROMPT['waiting-for-host']]);
    await phone.hears([music]);
    const knockers = await waitFor('somebody at the door', () => host.call('knocks'), {
      done: ({ length }) => length === 1,
    });
    expect(knockers[0]).toMatch(/^\+49 .*11$/);
    expect(await hall.server.phonesIn('board', 0)).toEqual([]);

    await host.call('admitAll');
    await phone.hears([PROMPT.admitted], { not: [music] });
    await seesPhone(host, 'speaks', ({ muted }) => muted === false);
    expect(hall.server.server.output).not.toContain(pin);
  });

  it('that is wrong three times ends the call, with words', async () => {
    await makeRoom('guarded');
    const pin = wrongPin(await pinOf('guarded'));
    const phone = await hall.caller('+493020', { number: '+4930112' });
    await phone.hears([PROMPT['enter-pin']]);
    await phone.press(pin);
    await phone.hears([PROMPT['wrong-pin']]);
    await phone.press(pin);
    await phone.hears([PROMPT['wrong-pin']]);
    await phone.press(pin);
    await phone.hears([PROMPT['too-many-tries']]);
    await phone.told('CALL_CLOSED');
  });
});

describe('by keys', () => {
  it('a phone mutes itself and raises its hand, which others see and it hears', async () => {
    const { host, phone } = await meet('keys', '+493030');
    const other = await hall.caller('+493030', { number: '+4930222' });
    await other.hears([TONE]);

    await phone.press('*6');
    await phone.hears([PROMPT.muted]);
    await seesPhone(host, 'is muted', ({ muted }) => muted === true);
    await other.hears([], { not: [TONE] });
    await phone.press('*6');
    await phone.hears([PROMPT.unmuted]);
    await other.hears([TONE]);

    await phone.press('*9');
    await phone.hears([PROMPT['hand-raised']]);
    const { participantId } = await seesPhone(host, 'has raised the hand', ({ handUp }) => handUp);
    await host.call('lowerHand', participantId);
    await phone.hears([PROMPT['hand-lowered']]);
    await phone.press('*0');
    await phone.hears([PROMPT.help]);
  });
});

describe('a host', () => {
  it('mutes and renames a phone, which can unmute itself', async () => {
    const { host, phone } = await meet('hosts', '+493031');
    const { participantId } = await seesPhone(host, 'is there');
    await host.call('mute', participantId);
    await phone.hears([PROMPT.muted]);
    await seesPhone(host, 'is muted', ({ muted }) => muted === true);
    await phone.press('*6');
    await phone.hears([PROMPT.unmuted]);
    await host.call('rename', participantId, 'Ann');
    await seesPhone(host, 'is Ann', ({ displayName, muted }) => displayName === 'Ann' && muted === false);
  });

  it('moves a phone to a breakout room, where it hears who is there, and from where it comes back', async () => {
    const { host, phone } = await meet('breakouts', '+493032');
    const other = await hall.caller('+493032', { number: '+4930222', hertz: 1100 });
    await phone.hears([1100], { not: [TONE] });
    const { identity } = await seesPhone(host, 'is the first', ({ displayName }) =>
      displayName.endsWith('11'),
    );
    const [breakoutId = ''] = await host.call('createBreakouts', ['Blue']);
    await host.call('assign', [{ identity, breakoutId }]);
    await host.call('openBreakouts');
    await phone.hears([PROMPT['moved-to-breakout']], { not: [1100] });
    await other.hears([], { not: [TONE] });

    await phone.press('*1');
    await phone.hears([PROMPT['back-in-main']]);
    await phone.hears([1100], { not: [TONE] });
    await other.hears([TONE], { not: [1100] });
  });

  it('removes a phone, which is told so before its call ends', async () => {
    const { host, phone } = await meet('removal', '+493033');
    const { participantId } = await seesPhone(host, 'is there');
    await host.call('remove', participantId);
    await phone.hears([PROMPT.removed]);
    await phone.told('CALL_CLOSED');
    await seesNoPhone(host);
    const [call] = await hall.server.calls('?room=removal');
    expect(call).toMatchObject({ state: 'ended', endedBy: 'host', status: 200 });
  });
});
