/** What crosses: calls that are taken back, or answered, while the other side thinks of something else. */
import type { PhoneEvent, PhoneSettings } from '@parley/protocol/phoneProcess';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SoundEngine } from '../audio/engine.ts';
import { ControlHarness, outboundTo, SETTINGS, trunkOf } from './testing/ControlHarness.ts';
import { TestPhone } from './testing/TestPhone.ts';
import { PhoneSystem } from './PhoneSystem.ts';
import { soundOf } from './soundOf.ts';

const [CALLER, CALLED] = ['+4917012345678', '+493012345'];
const PATIENCE = { timeout: 5000, interval: 5 };

let phone: TestPhone;
beforeEach(async () => {
  phone = await TestPhone.open();
});
afterEach(() => phone.close());

const over = (session: { state: string }) => vi.waitFor(() => expect(session.state).toBe('ended'), PATIENCE);

describe('a call whose ports are still being opened', () => {
  let system: PhoneSystem;
  let events: PhoneEvent[];
  let engine: SoundEngine;
  /** Lets the ports be opened; or not. */
  let open: ((outcome?: Error) => void)[];
  const closed = vi.fn();
  beforeEach(() => {
    [events, open] = [[], []];
    closed.mockClear();
  });
  afterEach(() => system.close());

  async function start(change: Partial<PhoneSettings> = {}): Promise<number> {
    const settings = { ...SETTINGS, trunks: [trunkOf()], ...change };
    engine = await soundOf(settings);
    const openLeg: SoundEngine['openLeg'] = async (legId) => {
      await new Promise<void>((resolve, reject) => open.push((error) => (error ? reject(error) : resolve())));
      const sound = await engine.openLeg(legId);
      const close = sound.close.bind(sound);
      sound.close = () => {
        closed();
        return close();
      };
      return sound;
    };
    const slow: SoundEngine = {
      openLeg,
      openZone: (...all) => engine.openZone(...all),
      counters: () => engine.counters(),
      close: () => engine.close(),
    };
    system = new PhoneSystem(settings, slow, (event) => events.push(event));
    await system.start();
    const listening = events.find((event) => event.type === 'listening');
    return listening?.udpPort ?? 0;
  }
  const opening = (count = 1) => vi.waitFor(() => expect(open).toHaveLength(count), PATIENCE);
  const call = (port: number) => phone.call(CALLED, { port, from: CALLER });

  it('is over when it is taken back, and nothing is left of it', async () => {
    const session = call(await start());
    const ended = vi.fn();
    session.on('ended', ended);
    await opening();
    await session.end();
    // The server has answered 200 to CANCEL and 487 to the INVITE when nothing of the phone waits any more.
    await phone.agent.transactions.untilQuiet();
    open[0]?.();
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce(), PATIENCE);
    await vi.waitFor(() => expect(system.legs.size).toBe(0), PATIENCE);
    expect(events.filter(({ type }) => type === 'incoming')).toEqual([]);
  });

  it('is refused when there are none, and the next is taken', async () => {
    const port = await start();
    const session = call(port);
    await opening();
    open[0]?.(new Error('no ports'));
    await over(session);
    expect(events.at(-1)).toMatchObject({ type: 'refused', status: 503 });
    call(port);
    await opening(2);
    open[1]?.();
    await vi.waitFor(() => expect(system.legs.all).toHaveLength(1), PATIENCE);
  });

  it('counts: not more begin at once than there may be', async () => {
    const port = await start({ trunks: [trunkOf({ maxCalls: 1 })] });
    call(port);
    await opening();
    const second = call(port);
    await over(second);
    expect(events.at(-1)).toMatchObject({ type: 'refused', status: 486 });
    expect(open).toHaveLength(1);
    open[0]?.();
    await vi.waitFor(() => expect(system.legs.size).toBe(1), PATIENCE);
  });

  it('that is made can be taken back: nobody is called', async () => {
    const harness = new ControlHarness();
    await harness.start({ trunks: [trunkOf({ outbound: outboundTo(phone.port) })] });
    await start({ trunks: [] });
    const dial = harness.do({
      ...{ type: 'dial', legId: 'leg', trunkId: 'carrier', target: CALLED, callerId: null, digits: '' },
      ...{ displayName: '', ringSeconds: 30 },
    });
    const hangUp = harness.do({ type: 'hangUp', legId: 'leg', by: 'host', why: 'Taken back.', prompt: null });
    await Promise.all([dial, hangUp]);
    expect((await harness.told('ended')).end).toMatchObject({ by: 'host', why: 'Taken back.' });
    await harness.stop();
    expect(phone.ringing).toEqual([]);
  });
});

describe('CANCEL and 200', () => {
  it('of calls that come in cross: however it goes, both sides agree that the call is over', async () => {
    const harness = new ControlHarness();
    const port = await harness.start({ trunks: [trunkOf({ maxCalls: 30 })] });
    for (let nth = 0; nth < 6; nth += 1) {
      const session = phone.call(CALLED, { port, from: CALLER });
      const seen = harness.events.length;
      const fresh = () => harness.events.slice(seen);
      await vi.waitFor(() => expect(fresh().some(({ type }) => type === 'incoming')).toBe(true), PATIENCE);
      const incoming = fresh().find((event) => event.type === 'incoming');
      const legId = incoming?.legId ?? '';
      const deciding = harness.do({ type: 'decide', legId, decision: { kind: 'answer' } });
      if (nth % 2 === 1) await new Promise((resolve) => setImmediate(resolve));
      await session.end();
      await deciding;
      await over(session);
      await harness.told('ended', (event) => event.legId === legId);
    }
    expect(phone.agent.sessions.size).toBe(0);
    await harness.stop();
  });

  it('of calls that are made cross: whoever was called is not left alone in it', async () => {
    const harness = new ControlHarness();
    await harness.start({ trunks: [trunkOf({ outbound: outboundTo(phone.port) })] });
    await harness.do({
      ...{ type: 'dial', legId: 'leg', trunkId: 'carrier', target: CALLED, callerId: null, digits: '' },
      ...{ displayName: '', ringSeconds: 30 },
    });
    await vi.waitFor(() => expect(phone.ringing).toHaveLength(1), PATIENCE);
    const [call] = phone.ringing;
    const session = call && phone.take(call);
    if (!session) throw new Error('unreachable');
    session.ring();
    await harness.told('progress');
    const answering = session.answer();
    await harness.do({ type: 'hangUp', legId: 'leg', by: 'host', why: 'Taken back.', prompt: null });
    await answering;
    await over(session);
    expect((await harness.told('ended')).end).toMatchObject({ by: 'host', answeredAt: null });
    expect(harness.events.filter(({ type }) => type === 'answered' || type === 'ended')).toHaveLength(1);
    await harness.stop();
  });
});
