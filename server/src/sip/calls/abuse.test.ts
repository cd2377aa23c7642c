/** What peers may send that no phone would: it is refused or passed over, and the next call is taken. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answers, options, udpTo, type SipSocket } from '../stack/testing/SipSocket.ts';
import { ControlHarness, EXTENSION, trunkOf } from './testing/ControlHarness.ts';
import { TestPhone } from './testing/TestPhone.ts';

const [CALLER, CALLED] = ['+4917012345678', '+493012345'];

let harness: ControlHarness;
let phone: TestPhone;
let socket: SipSocket;
let port: number;
let count = 0;
beforeEach(async () => {
  harness = new ControlHarness();
  phone = await TestPhone.open();
  port = await harness.start({ trunks: [trunkOf()], extensions: [EXTENSION] });
  socket = await udpTo(port);
});
afterEach(async () => {
  socket.close();
  await Promise.all([harness.stop(), phone.close()]);
});

interface Raw {
  method?: string;
  uri?: string;
  /** Instead of, or beside, those that are legal. */
  fields?: Record<string, string>;
  body?: string;
}

/** A request from the address of the trunk, byte by byte as it is wanted. */
function send({ method = 'INVITE', uri = `sip:${CALLED}@127.0.0.1`, fields = {}, body = '' }: Raw): string {
  count += 1;
  const callId = `abuse-${count}`;
  const all: Record<string, string> = {
    Via: `SIP/2.0/UDP 127.0.0.1:${socket.port};rport;branch=z9hG4bKa${count}`,
    From: `<sip:${CALLER}@127.0.0.1>;tag=t`,
    To: `<sip:${CALLED}@127.0.0.1>`,
    'Call-ID': callId,
    CSeq: `1 ${method}`,
    Contact: `<sip:a@127.0.0.1:${socket.port}>`,
    ...fields,
    'Content-Length': String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.send(`${method} ${uri} SIP/2.0\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  return callId;
}

const refused = (callId: string) =>
  socket.next((one) => one.kind === 'response' && one.status >= 300 && one.headers.get('call-id') === callId);

/** It is there, and takes calls. */
async function isWell(): Promise<void> {
  const { data, callId } = options({ port: socket.port });
  socket.send(data);
  await socket.next(answers(callId));
  const session = phone.call(CALLED, {
    port,
    from: CALLER,
    headers: { 'P-Asserted-Identity': '<sip:+49301@a>' },
  });
  const { legId } = await harness.told('incoming', ({ from }) => from === '+49301');
  await session.end();
  await harness.told('ended', (event) => event.legId === legId);
}

describe('from the address of a trunk', () => {
  it.each<[string, Raw, status: number]>([
    ['a call to a number that is not escaped rightly', { uri: 'sip:%zz%@127.0.0.1' }, 400],
    ['one in place of a call that there is not', { fields: { Replaces: 'x;to-tag=1;from-tag=2' } }, 481],
    ['one in place of nothing', { fields: { Replaces: ';;;' } }, 400],
    ['a message', { method: 'MESSAGE', body: 'Hello' }, 405],
    ['a subscription', { method: 'SUBSCRIBE', fields: { Event: 'presence' } }, 405],
    ['a transfer', { method: 'REFER', fields: { 'Refer-To': '<sip:+1900123@127.0.0.1>' } }, 403],
    ['a notice', { method: 'NOTIFY', fields: { Event: 'refer' } }, 481],
    ['a method that nobody knows', { method: 'STEAL' }, 501],
    ['a registration without a password', { method: 'REGISTER' }, 401],
    [
      'one with a broken password',
      { method: 'REGISTER', fields: { Authorization: 'Digest username="201", realm=,,=' } },
      401,
    ],
    ['a transfer within no call', { method: 'REFER', fields: { To: '<sip:a@b>;tag=none' } }, 481],
  ])('%s is refused, and nobody is the worse for it', async (_, raw, status) => {
    const callId = send(raw);
    expect(await refused(callId)).toMatchObject({ status });
    await isWell();
  });

  it.each<[string, Raw]>([
    ['a call whose Contact is no address', { fields: { Contact: '*' } }],
    ['a call whose Record-Route is none', { fields: { 'Record-Route': '<mailto:x>' } }],
    ['an ACK to nothing', { method: 'ACK', fields: { To: '<sip:a@b>;tag=none' }, body: 'v=\0' }],
    ['an ACK without a sender', { method: 'ACK', fields: { From: '' } }],
    ['a request with no Via', { fields: { Via: '' } }],
  ])('%s does no harm', async (_, raw) => {
    send(raw);
    await isWell();
  });

  it('answers to questions that nobody asked are passed over', async () => {
    for (const line of ['SIP/2.0 200 OK', 'SIP/2.0 999 \0', 'SIP/2.0 180 Ringing'])
      socket.send(`${line}\r\nVia: SIP/2.0/UDP x;branch=z9hG4bKx\r\nCSeq: 1 INVITE\r\n\r\n`);
    await isWell();
  });

  it('a call is not begun by a transfer that nobody has proved to be allowed', async () => {
    const callId = send({ method: 'REFER', fields: { 'Refer-To': `<sip:201@127.0.0.1>` } });
    await refused(callId);
    expect(harness.events.some(({ type }) => type === 'transferAsked')).toBe(false);
  });
});
