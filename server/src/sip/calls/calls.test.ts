/** Call control with real sockets: phones that call, and phones that are called. */
import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DigestClient } from '../stack/auth/DigestClient.ts';
import { ControlHarness, EXTENSION, outboundTo, SETTINGS, trunkOf } from './testing/ControlHarness.ts';
import { press, TestPhone } from './testing/TestPhone.ts';

const CALLER = '+4917012345678';
const CALLED = '+493012345';

let harness: ControlHarness;
let phone: TestPhone;
beforeEach(async () => {
  harness = new ControlHarness();
  phone = await TestPhone.open();
});
afterEach(async () => {
  await Promise.all([harness.stop(), phone.close()]);
});

/** A call of the phone that the server was told of. */
async function callIn(settings: Partial<PhoneSettings> = {}) {
  const port = await harness.start({ trunks: [trunkOf()], ...settings });
  const sound = phone.offers;
  const session = phone.call(CALLED, { port, from: CALLER, sound });
  const ended = vi.fn();
  session.on('ended', ended);
  const { legId } = await harness.told('incoming');
  return { session, legId, ended, sound };
}

const established = (session: { state: string }) =>
  vi.waitFor(() => expect(session.state).toBe('established'), { timeout: 5000 });

describe('a call that comes in', () => {
  it('is told with its numbers as they are written everywhere', async () => {
    const port = await harness.start({ trunks: [trunkOf()] });
    phone.call('03012345', { port, from: '0049 170 12345678' });
    expect(await harness.told('incoming')).toMatchObject({
      ...{ trunkId: 'carrier', extension: null, from: CALLER, fromName: 'Ann', to: CALLED },
    });
  });

  it('is answered, and hears that it waits', async () => {
    const { session, legId } = await callIn();
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await established(session);
    expect(await harness.told('answered')).toMatchObject({ legId, codec: 'PCMU' });
    await harness.do({ type: 'place', legId, place: { kind: 'waiting', prompt: 'waiting-for-host' } });
    await vi.waitFor(() => expect(phone.heard).toBeGreaterThan(10), { timeout: 5000 });
  });

  it('is asked for a PIN, which is told, and asked again', async () => {
    const { session, legId } = await callIn();
    const ask = (prompt: 'enter-pin' | 'wrong-pin') =>
      harness.do({ type: 'decide', legId, decision: { kind: 'askPin', prompt, length: 6 } });
    await ask('enter-pin');
    await established(session);
    await press(session, '123456');
    await harness.told('pinEntered', ({ digits }) => digits === '123456');
    await ask('wrong-pin');
    await press(session, '65#');
    await harness.told('pinEntered', ({ digits }) => digits === '65');
    expect(harness.events.some(({ type }) => type === 'answered')).toBe(false);
  });

  it('is refused with the reason, or taken back', async () => {
    const { legId, ended } = await callIn();
    await harness.do({
      ...{ type: 'decide', legId },
      decision: { kind: 'reject', status: 486, why: 'The meeting is locked.', prompt: null },
    });
    await vi.waitFor(() => expect(ended).toHaveBeenCalled(), 15_000);
    expect(ended.mock.calls[0]?.[0]).toMatchObject({ by: 'them', status: 486 });
    const { end } = await harness.told('ended');
    expect(end).toMatchObject({ by: 'server', status: 486, why: 'The meeting is locked.', answeredAt: null });
  });

  it('that the caller gives up is over', async () => {
    const { session, legId } = await callIn();
    await harness.do({ type: 'decide', legId, decision: { kind: 'ring' } });
    await session.end();
    const { end } = await harness.told('ended');
    expect(end).toMatchObject({ by: 'caller', status: 487 });
  });

  it('says keys of the meeting, and not others', async () => {
    const { session, legId } = await callIn();
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await harness.told('answered');
    await established(session);
    await harness.do({ type: 'openZone', zoneId: 'z', audioLevelExtensionId: 10 });
    await harness.told('zoneOpened');
    await harness.do({
      ...{ type: 'place', legId },
      place: { kind: 'zone', zoneId: 'z', participantId: 'PA_1', uplink: null, muted: false, prompt: null },
    });
    await press(session, '5*6');
    expect(await harness.told('key')).toMatchObject({ legId, action: 'toggleMute' });
    expect(harness.events.filter(({ type }) => type === 'key')).toHaveLength(1);
  });

  it('takes keys that are pressed before it is anywhere', async () => {
    const { session, legId } = await callIn();
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await established(session);
    await press(session, '*6');
    await harness.do({
      ...{ type: 'place', legId },
      place: { kind: 'zone', zoneId: 'z', participantId: 'PA_1', uplink: null, muted: false, prompt: null },
    });
    expect(await harness.told('key')).toMatchObject({ legId, action: 'toggleMute' });
  });

  it('lasts as long as calls may, and no longer', async () => {
    const { session, legId } = await callIn({ limits: { ...SETTINGS.limits, maxCallSeconds: 1 } });
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await established(session);
    const { end } = await harness.told('ended');
    expect(end).toMatchObject({ by: 'server', why: 'The call has lasted as long as calls may here.' });
    await vi.waitFor(() => expect(session.state).toBe('ended'), { timeout: 5000 });
  });

  it('of a stranger is not answered at all', async () => {
    const trunk = trunkOf({ inbound: { numbers: ['*'], allowedAddresses: ['192.0.2.1'], auth: null } });
    const port = await harness.start({ trunks: [trunk] });
    const session = phone.call(CALLED, { port, from: CALLER, ringMs: 1500 });
    const ringing = vi.fn();
    session.on('ringing', ringing);
    await vi.waitFor(() => expect(session.state).toBe('ended'), { timeout: 5000 });
    expect(ringing).not.toHaveBeenCalled();
    expect(harness.events.some(({ type }) => type === 'incoming' || type === 'refused')).toBe(false);
  });

  it('of who is where phones are, but is none of them, is refused, and not written down', async () => {
    const port = await harness.start({ extensions: [EXTENSION] });
    const session = phone.call(CALLED, { port, from: CALLER });
    const ended = vi.fn();
    session.on('ended', ended);
    await vi.waitFor(() => expect(session.state).toBe('ended'), { timeout: 5000 });
    expect(ended).toHaveBeenCalledWith(expect.objectContaining({ status: 403 }));
    expect(harness.events.some(({ type }) => type === 'incoming' || type === 'refused')).toBe(false);
  });

  it.each([
    [
      'to a number that is none of the trunk',
      { number: '+498912345', change: {}, status: 404, why: /\+498912345/ },
    ],
    ['when all lines are in use', { number: CALLED, change: { maxCalls: 1 }, status: 486, why: /1 calls/ }],
  ])('%s is refused with the reason told', async (_, { number, change, status, why }) => {
    const port = await harness.start({ trunks: [trunkOf(change)] });
    phone.call(CALLED, { port, from: CALLER });
    await harness.told('incoming');
    const session = phone.call(number, { port, from: CALLER });
    await vi.waitFor(() => expect(session.state).toBe('ended'), { timeout: 5000 });
    expect(await harness.told('refused')).toMatchObject({ trunkId: 'carrier', source: '127.0.0.1', status });
    expect((await harness.told('refused')).why).toMatch(why);
  });
});

describe('a phone that falls silent', () => {
  const limits = { ...SETTINGS.limits, silentSeconds: 3 };

  it('is gone', async () => {
    const { session, legId } = await callIn({ limits });
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await established(session);
    const { end } = await harness.told('ended');
    expect(end).toMatchObject({ by: 'server', why: expect.stringMatching(/no sound for \d s/) as string });
  });

  it('is there where it holds the call, and has as long as before when it does no more', async () => {
    const { session, legId, ended, sound } = await callIn({ limits });
    await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
    await established(session);
    // Not silent before it holds, however busy the machine is.
    phone.talk(sound);
    expect(await session.hold()).toBe(true);
    expect(await harness.told('held')).toMatchObject({ legId, held: true });
    phone.hush();
    // The other call of the same phone is silent as long, and is gone.
    const other = phone.call(CALLED, { port: harness.port, from: CALLER });
    const { legId: otherId } = await harness.told('incoming', (event) => event.legId !== legId);
    await harness.do({ type: 'decide', legId: otherId, decision: { kind: 'answer' } });
    await vi.waitFor(() => expect(other.state).toBe('ended'), { timeout: 15_000 });
    expect(session.state).toBe('established');
    const resumedAt = performance.now();
    expect(await session.resume()).toBe(true);
    await vi.waitFor(() => expect(ended).toHaveBeenCalled(), { timeout: 15_000, interval: 10 });
    expect(performance.now() - resumedAt).toBeGreaterThan(2500);
  });
});

describe('a call that is made', () => {
  const dial = { type: 'dial', legId: 'leg', trunkId: 'carrier', target: CALLED } as const;
  const rest = { callerId: null, displayName: 'Parley', digits: '', ringSeconds: 30 };

  async function callOut() {
    const trunk = trunkOf({ outbound: outboundTo(phone.port) });
    await harness.start({ trunks: [trunk] });
    await harness.do({ ...dial, ...rest });
    await vi.waitFor(() => expect(phone.ringing).toHaveLength(1), { timeout: 5000 });
    const [call] = phone.ringing;
    if (!call) throw new Error('unreachable');
    return phone.take(call);
  }

  it('rings, is answered, and ended by the phone', async () => {
    const session = await callOut();
    expect(session.request.uri).toContain('sip:+493012345@127.0.0.1');
    session.ring();
    expect(await harness.told('progress')).toMatchObject({ legId: 'leg', state: 'ringing' });
    await session.answer();
    await harness.told('answered');
    await session.end();
    expect((await harness.told('ended')).end).toMatchObject({ by: 'called', status: 200 });
  });

  it('has sound before the answer where the network wants to say something', async () => {
    const session = await callOut();
    session.progress();
    expect(await harness.told('progress')).toMatchObject({ state: 'earlyMedia' });
  });

  it('that is busy says so', async () => {
    const session = await callOut();
    session.reject(486);
    expect((await harness.told('ended')).end).toMatchObject({
      by: 'called',
      status: 486,
      why: 'The line is busy.',
    });
  });

  it('is taken back', async () => {
    const session = await callOut();
    session.ring();
    await harness.told('progress');
    await harness.do({ type: 'hangUp', legId: 'leg', by: 'host', why: 'Taken back.', prompt: null });
    await vi.waitFor(() => expect(session.state).toBe('ended'), { timeout: 5000 });
    expect((await harness.told('ended')).end).toMatchObject({ by: 'host', status: 487, why: 'Taken back.' });
  });

  it('to nowhere says why', async () => {
    await harness.start({ trunks: [trunkOf()] });
    await harness.do({ ...dial, ...rest, trunkId: null, target: '299' });
    expect((await harness.told('ended')).end).toMatchObject({
      status: 503,
      why: expect.stringContaining('299') as string,
    });
  });

  it('is passed on to somebody else', async () => {
    const session = await callOut();
    session.on('refer', (refer) => {
      refer.accept();
      void refer.notify(200);
    });
    await session.answer();
    await harness.told('answered');
    await harness.do({
      type: 'transfer',
      legId: 'leg',
      target: 'sip:+4930777@127.0.0.1',
      attendedLegId: null,
    });
    expect(await harness.told('transferred')).toMatchObject({ status: 200 });
    expect((await harness.told('ended')).end.why).toContain('passed on');
  });

  it('asks for somebody else to be called, and is told how that goes', async () => {
    const session = await callOut();
    await session.answer();
    await harness.told('answered');
    const outcome = session.refer('sip:+493077777@parley.test');
    expect(await harness.told('transferAsked')).toMatchObject({ legId: 'leg', attended: false });
    await harness.do({ type: 'decideTransfer', legId: 'leg', accept: true });
    await harness.do({ ...dial, ...rest, legId: 'other', target: '+493077777', transferOf: 'leg' });
    await vi.waitFor(() => expect(phone.ringing).toHaveLength(2), { timeout: 5000 });
    const [, call] = phone.ringing;
    if (!call) throw new Error('unreachable');
    await phone.take(call).answer();
    expect(await outcome).toMatchObject({ status: 200 });
    await harness.told('ended', ({ legId }) => legId === 'leg');
  });
});

describe('a phone of our own', () => {
  it('registers with its password, calls, and is called', async () => {
    const port = await harness.start({ extensions: [EXTENSION] });
    const registration = phone.register('201', { password: EXTENSION.password, port });
    expect(await harness.told('extension')).toMatchObject({ extension: '201', registered: true });

    await harness.do({
      ...{ type: 'dial', legId: 'leg', trunkId: null, target: '201', callerId: null, displayName: 'Team' },
      ...{ digits: '', ringSeconds: 30 },
    });
    await vi.waitFor(() => expect(phone.ringing).toHaveLength(1), { timeout: 5000 });
    await registration.stop();
    await harness.told('extension', ({ registered }) => !registered);
  });

  it('calls with its password, and nobody else in its name', async () => {
    const port = await harness.start({ extensions: [EXTENSION] });
    const as = (password: string) => ({
      ...{ port, from: '201' },
      path: { digest: new DigestClient({ username: '201', password }) },
    });
    const refused = phone.call('700', as('wrong horse'));
    await vi.waitFor(() => expect(refused.state).toBe('ended'), { timeout: 5000 });
    expect(harness.events.some(({ type }) => type === 'incoming')).toBe(false);
    phone.call('700', as(EXTENSION.password));
    expect(await harness.told('incoming')).toMatchObject({
      ...{ trunkId: null, extension: '201', from: '201', fromName: 'Desk', to: '700' },
    });
  });

  it('with a wrong password is not let in', async () => {
    const port = await harness.start({ extensions: [EXTENSION] });
    const registration = phone.register('201', { password: 'wrong', port });
    await vi.waitFor(() => expect(registration.state.state).toBe('failed'), { timeout: 5000 });
    await registration.stop();
    expect(harness.events.some(({ type }) => type === 'extension')).toBe(false);
  });
});
