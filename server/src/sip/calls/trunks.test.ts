/** Trunks as calls use them: what is told to carriers, and what becomes of calls while trunks change. */
import type { Trunk } from '@parley/protocol';
import type { PhoneCommand } from '@parley/protocol/phoneProcess';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ControlHarness, outboundTo, trunkOf } from './testing/ControlHarness.ts';
import { TestPhone } from './testing/TestPhone.ts';
import { sipUri } from './TrunkLine.ts';

const [CALLER, CALLED] = ['+4917012345678', '+493012345'];
const DIAL: Extract<PhoneCommand, { type: 'dial' }> = {
  ...{ type: 'dial', legId: 'leg', trunkId: 'carrier', target: CALLED, callerId: null },
  ...{ displayName: 'Parley', digits: '', ringSeconds: 30 },
};

let harness: ControlHarness;
let phone: TestPhone;
beforeEach(async () => {
  harness = new ControlHarness();
  phone = await TestPhone.open();
});
afterEach(async () => {
  for (const call of phone.ringing) call.refuse(486);
  await Promise.all([...phone.agent.sessions].map((session) => session.end()));
  await Promise.all([harness.stop(), phone.close()]);
});

async function rung(count = 1) {
  await vi.waitFor(() => expect(phone.ringing).toHaveLength(count), { timeout: 5000 });
  const call = phone.ringing.at(-1);
  if (!call) throw new Error('unreachable');
  return call;
}

describe('a trunk', () => {
  it('that cannot be used says why, and the others work', async () => {
    const broken = trunkOf({ trunkId: 'broken', tls: { ca: '/nowhere/ca.pem', verify: true, alpn: false } });
    const port = await harness.start({ trunks: [broken, trunkOf()] });
    const { state } = await harness.told('trunk', (event) => event.state.trunkId === 'broken');
    expect(state.why).toContain('/nowhere/ca.pem');
    phone.call(CALLED, { port, from: CALLER });
    expect(await harness.told('incoming')).toMatchObject({ trunkId: 'carrier' });
  });

  it('that is changed keeps its calls and counts them; those of one that is removed end', async () => {
    const port = await harness.start({ trunks: [trunkOf()] });
    const session = phone.call(CALLED, { port, from: CALLER });
    const { legId } = await harness.told('incoming');
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await harness.told('answered');
    await harness.configure({ trunks: [trunkOf({ name: 'Another', maxCalls: 1 })] });
    phone.call(CALLED, { port, from: CALLER });
    expect(await harness.told('refused')).toMatchObject({ status: 486 });
    expect(session.state).toBe('established');
    await harness.configure({ trunks: [] });
    const { end } = await harness.told('ended', (event) => event.legId === legId);
    expect(end.why).toContain('removed');
  });

  it('whose calls are to come from elsewhere hears those that go on, and takes no others from where they came', async () => {
    const port = await harness.start({ trunks: [trunkOf()] });
    const session = phone.call(CALLED, { port, from: CALLER });
    const { legId } = await harness.told('incoming');
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await vi.waitFor(() => expect(session.state).toBe('established'), { timeout: 5000 });
    const inbound = { numbers: ['+4930123*'], allowedAddresses: ['192.0.2.1'], auth: null };
    await harness.configure({ trunks: [trunkOf({ inbound })] });
    const other = phone.call(CALLED, { port, from: CALLER });
    await vi.waitFor(() => expect(other.state).toBe('ended'), { timeout: 5000 });
    await session.end();
    expect((await harness.told('ended')).end).toMatchObject({ by: 'caller', status: 200 });
    expect(harness.events.filter(({ type }) => type === 'incoming')).toHaveLength(1);
  });

  it('takes numbers as people write them', async () => {
    const inbound = { numbers: ['+49 (30) 12-345'], allowedAddresses: ['127.0.0.1'], auth: null };
    const port = await harness.start({ trunks: [trunkOf({ inbound })] });
    phone.call('03012345', { port, from: CALLER });
    expect(await harness.told('incoming')).toMatchObject({ to: CALLED });
  });

  describe('at a carrier where there is another account', () => {
    const accountOf = (trunkId: string): Trunk =>
      trunkOf({
        ...{ trunkId, outbound: outboundTo(phone.port) },
        inbound: { numbers: ['*'], allowedAddresses: ['127.0.0.1'], auth: null },
        registration: {
          ...{ registrar: `127.0.0.1:${phone.port}`, username: trunkId, expiresSeconds: 600 },
          auth: { username: trunkId, password: 'secret' },
        },
      });

    it.each([
      ['sales', '+4930111', '+4930111'],
      ['service', '+4930222', '+4930222'],
      ['+4930333', '+4930333', '+4930333'],
    ])('is meant where %s is called', async (user, number, to) => {
      const port = await harness.start({ trunks: [accountOf('sales'), accountOf('service')] });
      phone.call(user, { port, from: CALLER, to: { uri: sipUri(number, '127.0.0.1') } });
      const trunkId = user === 'service' ? 'service' : 'sales';
      expect(await harness.told('incoming')).toMatchObject({ trunkId, to });
    });
  });

  it('is called with the domain that it knows, and nothing that it did not ask for', async () => {
    await harness.start({ trunks: [trunkOf({ outbound: outboundTo(phone.port) })] });
    await harness.do(DIAL);
    const { headers, uri } = (await rung()).request;
    expect(uri).toBe(`sip:${CALLED}@127.0.0.1:${phone.port}`);
    expect(headers.get('from')).toContain('<sip:+4930999@127.0.0.1>');
    expect(headers.get('supported')).not.toContain('100rel');
  });

  it('is called with the parameters and abilities that it wants', async () => {
    const outbound = { ...outboundTo(phone.port), uriParams: 'user=phone', reliable: true };
    await harness.start({ trunks: [trunkOf({ outbound })] });
    await harness.do(DIAL);
    const { headers, uri } = (await rung()).request;
    expect(uri).toBe(`sip:${CALLED}@127.0.0.1:${phone.port};user=phone`);
    expect(headers.get('supported')).toContain('100rel');
  });

  it.each(['P-Asserted-Identity', 'P-Preferred-Identity', 'Remote-Party-ID'] as const)(
    'is told who calls by %s, as somebody of the domain that it wants, with the headers that it wants',
    async (callerIdHeader) => {
      const wanted = { callerIdHeader, fromDomain: 'account.example', headers: { 'X-Account': '42' } };
      await harness.start({ trunks: [trunkOf({ outbound: { ...outboundTo(phone.port), ...wanted } })] });
      await harness.do(DIAL);
      const { headers } = (await rung()).request;
      expect(headers.get('from')).toContain('<sip:+4930999@account.example>');
      expect(headers.get('x-account')).toBe('42');
      const shown = ['p-asserted-identity', 'p-preferred-identity', 'remote-party-id'].map((name) => [
        name,
        headers.get(name),
      ]);
      expect(shown.filter(([, value]) => value !== undefined)).toEqual([
        [callerIdHeader.toLowerCase(), '<sip:+4930999@account.example>'],
      ]);
    },
  );

  it('is called by its proxy', async () => {
    const proxy = `sip:127.0.0.1:${phone.port};lr`;
    const outbound = { ...outboundTo(phone.port), address: '192.0.2.1:5070', proxy };
    await harness.start({ trunks: [trunkOf({ outbound })] });
    await harness.do(DIAL);
    const { headers, uri } = (await rung()).request;
    expect(uri).toBe(`sip:${CALLED}@192.0.2.1:5070`);
    expect(headers.get('route')).toBe(`<${proxy}>`);
  });

  it('is called from the address that this side is reached by, and sends its sound there', async () => {
    const advertisedAddress = '198.51.100.20';
    const trunks = [trunkOf({ outbound: outboundTo(phone.port) })];
    const port = await harness.start({ trunks, advertisedAddress });
    await harness.do(DIAL);
    const { headers, body } = (await rung()).request;
    expect(headers.get('via')).toContain(`SIP/2.0/UDP ${advertisedAddress}:${port};`);
    expect(headers.get('contact')).toContain(`@${advertisedAddress}:${port}`);
    expect(String(body)).toContain(`c=IN IP4 ${advertisedAddress}\r\n`);
    expect(`${headers.get('contact')}${String(body)}`).not.toContain('127.0.0.1');
  });

  it('that calls is answered with that address, for the call and for its sound', async () => {
    const advertisedAddress = '198.51.100.20';
    const port = await harness.start({ trunks: [trunkOf()], advertisedAddress });
    const sound = phone.offers;
    const session = phone.call(CALLED, { port, from: CALLER, sound });
    const { legId } = await harness.told('incoming');
    // It is not waited for: who calls from here cannot reach that address to confirm the answer.
    void harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await vi.waitFor(() => expect(session.state).toBe('established'), { timeout: 5000 });
    expect(sound.agreed?.remote.address).toBe(advertisedAddress);
    expect(session.remoteTarget).toMatchObject({ host: advertisedAddress, port });
  });

  it('registers by a transport of its own', async () => {
    const registration: Trunk['registration'] = {
      ...{ registrar: `127.0.0.1:${phone.port}`, transport: 'tcp', username: 'parley', expiresSeconds: 600 },
      auth: { username: 'parley', password: 'secret' },
    };
    await harness.start({ trunks: [trunkOf({ registration, outbound: outboundTo(phone.port) })] });
    // Nothing takes connections there: by UDP the phone would have refused it.
    const { state } = await harness.told('trunk', ({ state: { why } }) => why !== null);
    expect(state).toMatchObject({ registration: 'retrying', why: expect.stringContaining('503') as string });
  });
});

describe('an address that is on no trunk', () => {
  const direct = () => ({ ...DIAL, trunkId: null, target: `sip:ann@127.0.0.1:${phone.port}` });

  it('answers when it is called, and is heard as long as the call goes on', async () => {
    await harness.start({ trunks: [trunkOf({ inbound: null, outbound: null })] });
    await harness.do(direct());
    const session = phone.take(await rung());
    await session.answer();
    await harness.told('answered');
    await session.end();
    expect((await harness.told('ended')).end).toMatchObject({ by: 'called', status: 200 });
  });

  it('that calls is a stranger', async () => {
    const port = await harness.start({ trunks: [trunkOf({ inbound: null, outbound: null })] });
    phone.call(CALLED, { port, from: CALLER });
    await harness.do(direct());
    await rung();
    phone.call(CALLED, { port, from: CALLER });
    (await rung()).refuse(486);
    await harness.told('ended');
    expect(harness.events.some(({ type }) => type === 'incoming')).toBe(false);
  });
});

it('a call that cannot even begin has ended, with a reason', async () => {
  await harness.start({ trunks: [trunkOf()] });
  await harness.do({ ...DIAL, trunkId: null, target: 'sip:ann@[2001:db8::1]' });
  expect((await harness.told('ended')).end).toMatchObject({ status: 503, by: 'server' });
});
