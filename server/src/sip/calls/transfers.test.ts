/** Calls that are handed over, as phones see it: with real sockets on both sides. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeUri } from '../stack/message/uri.ts';
import type { IncomingSession } from '../stack/session/IncomingSession.ts';
import type { ReferResult } from '../stack/session/OutgoingRefer.ts';
import type { OutgoingSession } from '../stack/session/OutgoingSession.ts';
import { parseReferTo } from '../stack/session/referHeaders.ts';
import { ControlHarness, outboundTo, trunkOf } from './testing/ControlHarness.ts';
import { TestPhone } from './testing/TestPhone.ts';

const [CALLER, CALLED] = ['+4917012345678', '+493012345'];
const PATIENCE = { timeout: 5000, interval: 10 };

let harness: ControlHarness;
let ann: TestPhone;
let bob: TestPhone;
let port: number;
beforeEach(async () => {
  harness = new ControlHarness();
  [ann, bob] = await Promise.all([TestPhone.open(), TestPhone.open()]);
  port = await harness.start({ trunks: [trunkOf({ outbound: outboundTo(bob.port) })] });
});
afterEach(async () => {
  await Promise.all([harness.stop(), ann.close(), bob.close()]);
});

/** Ann has called, and the call was answered. */
async function callIn(): Promise<{ session: OutgoingSession; legId: string }> {
  const before = harness.events.length;
  const session = ann.call(CALLED, { port, from: CALLER });
  const { legId } = await harness.told('incoming', (event) => harness.events.indexOf(event) >= before);
  await harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
  await harness.told('answered', (event) => event.legId === legId);
  await vi.waitFor(() => expect(session.state).toBe('established'), PATIENCE);
  return { session, legId };
}

/** Bob was called, and has answered. */
async function callOut(legId: string): Promise<IncomingSession> {
  const before = bob.ringing.length;
  await harness.do({
    ...{ type: 'dial', legId, trunkId: 'carrier', target: '+493077777', callerId: null },
    ...{ displayName: 'Parley', digits: '', ringSeconds: 30 },
  });
  await vi.waitFor(() => expect(bob.ringing.length).toBe(before + 1), PATIENCE);
  const call = bob.ringing.at(-1);
  if (!call) throw new Error('unreachable');
  const session = bob.take(call);
  await session.answer();
  await harness.told('answered', (event) => event.legId === legId);
  return session;
}

const over = (session: { state: string }) => vi.waitFor(() => expect(session.state).toBe('ended'), PATIENCE);

describe('a phone that hands its call over', () => {
  it('names numbers of this side as it would dial them, and addresses elsewhere in full', async () => {
    const { session, legId } = await callIn();
    const first = session.refer(`sip:202@127.0.0.1:${port}`);
    expect(await harness.told('transferAsked')).toMatchObject({ legId, target: '202', attended: false });
    await harness.do({ type: 'decideTransfer', legId, accept: false });
    await first;
    const refused = session.refer('sip:202@elsewhere.test');
    await harness.told('transferAsked', ({ target }) => target === 'sip:202@elsewhere.test');
    await harness.do({ type: 'decideTransfer', legId, accept: false });
    expect((await refused).status).toBe(603);
    expect(session.state).toBe('established');
  });

  it('to the other end of its other call is told that it is done, and its call ends', async () => {
    const [first, second] = [await callIn(), await callIn()];
    const outcome = first.session.refer(`sip:202@127.0.0.1:${port}`, { replaces: second.session });
    expect(await harness.told('transferAsked')).toMatchObject({
      ...{ legId: first.legId, attended: true, replaces: second.legId },
    });
    await harness.do({ type: 'decideTransfer', legId: first.legId, accept: true, outcome: 200 });
    expect(await outcome).toMatchObject({ status: 200 });
    await over(first.session);
    expect(second.session.state).toBe('established');
  });

  it('keeps its call where the other does not answer, and hears why', async () => {
    const { session, legId } = await callIn();
    const heard: number[] = [];
    const outcome = session.refer('sip:+493077777@parley.test', {
      progress: ({ status }: ReferResult) => heard.push(status),
    });
    await harness.told('transferAsked');
    await harness.do({ type: 'decideTransfer', legId, accept: true });
    await harness.do({
      ...{ type: 'dial', legId: 'third', trunkId: 'carrier', target: '+493077777', callerId: null },
      ...{ displayName: '', digits: '', ringSeconds: 30, transferOf: legId },
    });
    await vi.waitFor(() => expect(bob.ringing).toHaveLength(1), PATIENCE);
    const [call] = bob.ringing;
    const asked = call && bob.take(call);
    asked?.ring();
    await harness.told('progress', (event) => event.legId === 'third');
    asked?.reject(486);
    expect(await outcome).toMatchObject({ status: 486 });
    expect(heard).toEqual([100, 180, 486]);
    expect(session.state).toBe('established');
  });

  it('takes the place of a call: that ends when the new one is answered', async () => {
    const { session, legId } = await callIn();
    const { replacesId } = session;
    const next = bob.call(CALLED, { port, from: CALLER, replaces: replacesId });
    const incoming = await harness.told('incoming', ({ replaces }) => replaces === legId);
    expect(session.state).toBe('established');
    await harness.do({ type: 'decide', legId: incoming.legId, decision: { kind: 'answer' } });
    await over(session);
    await vi.waitFor(() => expect(next.state).toBe('established'), PATIENCE);
    expect((await harness.told('ended', (event) => event.legId === legId)).end.by).toBe('server');
  });
});

describe('a call that is handed over from here', () => {
  const transfer = (attendedLegId: string | null, target = '+4930888') =>
    harness.do({ type: 'transfer', legId: 'leg', target, attendedLegId });

  it('to a number is asked for as the trunk would call it', async () => {
    const session = await callOut('leg');
    const asked = new Promise<string>((resolve) => {
      session.on('refer', (refer) => {
        resolve(`${writeUri(refer.uri)} ${refer.replaces === undefined ? 'blind' : 'attended'}`);
        refer.accept();
        void refer.notify(180);
        void refer.notify(603);
      });
    });
    await transfer(null);
    expect(await asked).toBe(`sip:+4930888@127.0.0.1:${bob.port} blind`);
    // What was said in the notice is what counts, not that it was begun.
    expect(await harness.told('transferred')).toMatchObject({ status: 603 });
    expect(session.state).toBe('established');
  });

  it('to the other end of another call names that, and ends', async () => {
    const session = await callOut('leg');
    const { session: other, legId } = await callIn();
    session.on('refer', (refer) => {
      refer.accept();
      const { replaces } = refer;
      if (!replaces) return;
      // The phone at the other end finds the call that is meant.
      expect(replaces.callId).toBe(other.callId);
      expect(refer.dialled).toContain(`127.0.0.1:${ann.port}`);
      bob.agent.invite({
        from: { uri: refer.uri },
        ...{ target: refer.uri, path: {}, sound: bob.offers, replaces },
      });
      void refer.notify(200);
    });
    const taking = vi.waitFor(() => {
      const [call] = ann.ringing;
      if (!call) throw new Error('Nobody calls.');
      expect(call.replaces).toBe(other);
      return ann.take(call);
    }, PATIENCE);
    await transfer(legId);
    await (await taking).answer();
    await over(other);
    expect(await harness.told('transferred')).toMatchObject({ status: 200 });
    await over(session);
  });

  it('to what is no address says so', async () => {
    await callOut('leg');
    await transfer(null, 'sip:\r\nX: y');
    expect(await harness.told('transferred')).toMatchObject({ status: 400 });
  });
});

it('Refer-To is read with the call that it replaces', () => {
  const { replaces } = parseReferTo('<sip:a@b?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2>');
  expect(replaces).toMatchObject({ callId: 'x@y', toTag: '1', fromTag: '2' });
});
