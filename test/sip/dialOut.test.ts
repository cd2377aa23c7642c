/** Calls that are made from a room, and between somebody and a phone. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { CallRecord, CallRoomResult, PhoneCall } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../support/Client.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import {
  AS_IT_IS,
  hearsTone,
  MICROPHONE_HERTZ,
  PhoneHall,
  seesNoPhone,
  seesPhone,
} from './support/PhoneHall.ts';
import { Bell } from './support/Bell.ts';
import { FROM_HERE } from './support/PhoneServer.ts';
import { freePhonePort } from './support/ports.ts';

const BOB = '+49301112222';
/** Where somebody listens, and never says a word. */
const MUTE = '+49401112222';
let hall: PhoneHall;
let port: number;
let mute: Socket;

beforeAll(async () => {
  port = await freePhonePort();
  mute = createSocket('udp4').bind(0, '127.0.0.1');
  await once(mute, 'listening');
  hall = await PhoneHall.start({
    trunks: [
      FROM_HERE,
      {
        ...{ trunkId: 'out', country: 'DE', optionsSeconds: 0 },
        outbound: { address: `127.0.0.1:${port}`, callerId: '+49309999', prefixes: ['+4930'] },
      },
      {
        ...{ trunkId: 'mute', country: 'DE', optionsSeconds: 0 },
        outbound: { address: `127.0.0.1:${mute.address().port}`, prefixes: ['+4940'] },
      },
    ],
    rules: [{ ruleId: 'ann', numbers: ['+493010'], target: { kind: 'user', identity: 'ann' } }],
  });
});
afterEach(() => hall.clear());
afterAll(async () => {
  await hall.stop();
  mute.close();
});

/** The phone that the trunk leads to. */
const callee = (answers: 'auto' | 'manual') =>
  hall.phone({ number: BOB, port, hertz: 700, codec: 'PCMA', answers });

const states = (client: Client, callId: string, last: PhoneCall['state']): Promise<string[]> =>
  waitFor(`the call to be ${last}`, () => client.call('callStates', callId), {
    done: (seen) => seen.at(-1) === last,
  });

async function recordOf(callId: string): Promise<CallRecord> {
  const calls = await waitFor('the record to be written', () => hall.server.calls(), {
    done: (records) => records.some((one) => one.callId === callId && one.state === 'ended'),
  });
  const found = calls.find((one) => one.callId === callId);
  if (!found) throw new Error('unreachable');
  return found;
}

describe('a phone that is called from a room', () => {
  it('rings, is answered and comes in; both hear each other, and it gets the keys that are pressed', async () => {
    const ann = await hall.client('out', 'ann', 'host');
    const bob = await callee('manual');
    const callId = await ann.call('dial', BOB, { displayName: 'Bob' });
    await bob.told('CALL_INCOMING');
    await states(ann, callId, 'ringing');
    expect((await ann.call('people')).map(({ identity }) => identity)).toEqual(['ann']);
    await bob.answer();
    expect(await states(ann, callId, 'answered')).toEqual(['dialing', 'ringing', 'answered']);
    const { identity, phone } = await seesPhone(ann, 'is Bob', ({ displayName }) => displayName === 'Bob');
    expect(phone).toMatchObject({ direction: 'out', state: 'answered', onHold: false });
    await hearsTone(ann, identity, { hertz: 700 });
    await ann.call('publish', ['microphone']);
    await bob.hears([MICROPHONE_HERTZ], { not: [700] });

    await ann.call('sendDigits', callId, '12#');
    await bob.told('CALL_DTMF_START', { times: 3 });
    expect(bob.digits).toEqual(['1', '2', '#']);
    await bob.hangUp();
    await states(ann, callId, 'ended');
    await seesNoPhone(ann);
    expect(await recordOf(callId)).toMatchObject({
      ...{ direction: 'out', trunkId: 'out', to: BOB, room: 'out', endedBy: 'called', status: 200 },
      quality: { codec: 'PCMA' },
    });
  });

  it('rings no more when it is cancelled', async () => {
    const ann = await hall.client('out', 'ann', 'host');
    const bob = await callee('manual');
    const callId = await ann.call('dial', BOB);
    await states(ann, callId, 'ringing');
    await ann.call('cancelCall', callId);
    await bob.told('CALL_CLOSED');
    expect(await states(ann, callId, 'cancelled')).toEqual(['dialing', 'ringing', 'cancelled']);
    await expect.poll(() => ann.call('calls')).toEqual([]);
    expect(await recordOf(callId)).toMatchObject({ answeredAt: null, endedBy: 'host', status: 487 });
  });

  it('is busy when it declines, and does not answer when it goes on ringing', async () => {
    const ann = await hall.client('out', 'ann', 'host');
    const bob = await callee('manual');
    const busy = await ann.call('dial', BOB);
    await states(ann, busy, 'ringing');
    await bob.hangUp();
    await states(ann, busy, 'busy');
    expect(await recordOf(busy)).toMatchObject({ answeredAt: null, status: 486 });

    const unanswered = await ann.call('dial', BOB, { ringSeconds: 5 });
    await states(ann, unanswered, 'ringing');
    await states(ann, unanswered, 'noAnswer');
    await bob.told('CALL_CLOSED', { times: 2 });
    expect((await recordOf(unanswered)).answeredAt).toBeNull();
  });

  it('and says nothing can be given up at once; what no prefix allows is not called', async () => {
    const ann = await hall.client('out', 'ann', 'host');
    await expect(ann.call('dial', '+33123456789')).rejects.toThrow(/cannot be called/);
    // Not where another test answers: an INVITE goes on being sent until something is said (RFC 3261, section 9.1).
    const callId = await ann.call('dial', MUTE);
    await states(ann, callId, 'dialing');
    await ann.call('cancelCall', callId);
    expect(await states(ann, callId, 'cancelled')).toEqual(['dialing', 'cancelled']);
  });
});

describe('a call between two', () => {
  const token = joinToken('any', 'ann', { video: { canDial: true } });
  const bell = async (): Promise<Bell> => hall.keep(await Bell.open(hall.server.server.url, token));

  /** Comes into the room of a call. */
  async function come({ room, token: own }: CallRoomResult): Promise<Client> {
    const client = await hall.page();
    await client.join({ room, identity: 'ann', token: own, options: { audioConstraints: AS_IT_IS } });
    return client;
  }

  it('rings in all apps of somebody; answered in one, the others stop, and both hear each other', async () => {
    const [first, second] = [await bell(), await bell()];
    const phone = await hall.phone({ number: '+4930111', hertz: 700 });
    await phone.dial(hall.server.at('+493010'));
    const { callId, number } = await first.rings();
    expect(number).toBe('+4930111');
    await second.rings();
    await phone.told('CALL_RINGING');
    const ann = await come(await first.answer(callId));
    await second.stops('answered');
    await phone.told('CALL_ESTABLISHED');
    const { identity } = await seesPhone(ann, 'speaks', ({ muted }) => muted === false);
    await hearsTone(ann, identity, { hertz: 700 });
    await ann.call('publish', ['microphone']);
    await phone.hears([MICROPHONE_HERTZ], { not: [700] });
    await ann.call('leave');
    await phone.told('CALL_CLOSED');
  });

  it('that is declined, or that nobody could hear ring, is refused', async () => {
    const phone = await hall.phone({ number: '+4930111' });
    await phone.dial(hall.server.at('+493010'));
    expect((await phone.told('CALL_CLOSED')).param).toMatch(/^480/);
    const app = await bell();
    await phone.dial(hall.server.at('+493010'));
    await app.decline((await app.rings()).callId);
    await app.stops('declined');
    expect((await phone.told('CALL_CLOSED', { times: 2 })).param).toMatch(/^603/);
  });

  it('to a phone goes on in a room of its own, and ends with either', async () => {
    const bob = await callee('auto');
    const app = await bell();
    const ann = await come(await app.prepare(BOB));
    const callId = await ann.call('dial', BOB);
    const { identity } = await seesPhone(ann, 'speaks', ({ muted }) => muted === false);
    await hearsTone(ann, identity, { hertz: 700 });
    await ann.call('publish', ['microphone']);
    await bob.hears([MICROPHONE_HERTZ], { not: [700] });
    await bob.hangUp();
    await states(ann, callId, 'ended');
  });
});
