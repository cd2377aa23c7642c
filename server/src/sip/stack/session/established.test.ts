import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseUri } from '../message/uri.ts';
import { soundAt } from '../testing/Sound.ts';
import { ANN, BOB, TwoPhones, pass, watch } from '../testing/TwoPhones.ts';

let phones: TwoPhones;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  phones = new TwoPhones();
});
afterEach(() => vi.useRealTimers());

describe('session timers', () => {
  const timer = (interval: number) => ({ interval, least: 90 });

  it('are kept by UPDATE of who was called, half way', async () => {
    phones.taking = { timer: timer(100) };
    const { out, seenOut, seenIn } = await phones.established({ timer: timer(100) });
    await pass(1_000_000);
    expect([out.state, seenOut, seenIn]).toEqual(['established', [], []]);
    expect(phones.net.times(BOB, 'UPDATE')).toHaveLength(19);
    expect(phones.net.whats(ANN).filter((what) => what === 'INVITE')).toHaveLength(1);
  });

  it('end a call whose refreshes do not come', async () => {
    phones.taking = { timer: timer(120) };
    const { seenOut, seenIn } = await phones.established({ timer: timer(120) });
    phones.net.loses = () => true;
    await pass(130_000);
    expect([seenOut, seenIn]).toEqual([['ended by network 408'], ['ended by network 408']]);
  });

  it('that are too short are refused, and asked for anew', async () => {
    const out = phones.call({ timer: { interval: 60, least: 90 } });
    await pass(50);
    void phones.called[0]?.answer();
    await pass(50);
    expect(out.state).toBe('established');
    expect(phones.net.whats(BOB)).toEqual(['422', '100', '200']);
    expect(phones.net.last(ANN, 'INVITE')?.headers.get('session-expires')).toBe('90');
  });
});

describe('a transfer', () => {
  it('is told how it went, and the call ended only then', async () => {
    const { out, inward } = await phones.established();
    const targets: string[] = [];
    inward.on('refer', (refer) => {
      if ('user' in refer.uri) targets.push(refer.uri.user ?? '');
      refer.accept();
      void refer.notify(180).then(() => refer.notify(200));
    });
    const steps: number[] = [];
    const result = out.refer('sip:carol@192.0.2.3', { progress: ({ status }) => steps.push(status) });
    await pass(100);
    expect([await result, targets, steps]).toEqual([{ status: 200, text: 'OK' }, ['carol'], [100, 180, 200]]);
    expect(out.state).toBe('established');
  });

  it('that nobody is for is declined', async () => {
    const { out } = await phones.established();
    const result = out.refer('sip:carol@192.0.2.3');
    await pass(100);
    expect((await result).status).toBe(603);
  });

  it('names the call that is to be replaced, which ends when the other is taken', async () => {
    const { out: first, inward } = await phones.established();
    const { out: second } = await phones.established();
    const seen: unknown[] = [];
    inward.on('refer', (refer) => {
      refer.accept();
      seen.push(refer.replaces?.callId);
    });
    void first.refer('sip:bob@192.0.2.2', { replaces: second });
    await pass(100);
    expect(seen).toEqual([second.callId]);
  });

  it('an INVITE with Replaces takes the place of a call', async () => {
    const { out, seenOut } = await phones.established();
    const replaces = out.replacesId;
    const other = phones.net.agent('192.0.2.3').invite({
      from: { uri: parseUri('sip:carol@192.0.2.3') },
      target: parseUri(`sip:bob@${BOB}`),
      ...{ path: {}, sound: soundAt('192.0.2.3') },
      replaces,
    });
    await pass(20);
    expect(phones.called[1]?.replaces).toBe(phones.called[0]);
    await phones.called[1]?.answer();
    await pass(20);
    expect([other.state, seenOut]).toEqual(['established', ['ended by them 200']]);
  });

  it('an INVITE that would replace what is not there is refused', async () => {
    const replaces = { callId: 'x', toTag: 'y', fromTag: 'z', earlyOnly: false };
    const seen = watch(phones.call({ replaces }));
    await pass(20);
    expect(seen).toEqual(['ended by them 481']);
  });
});

describe('the end', () => {
  it('of a user agent ends its calls', async () => {
    const { seenOut } = await phones.established();
    const waiting = watch(phones.call());
    await pass(20);
    const closed = phones.bob.close();
    await pass(100);
    await closed;
    expect([seenOut, waiting]).toEqual([['ended by them 200'], ['ended by them 480']]);
  });

  it('does not wait for who does not answer', async () => {
    await phones.established();
    phones.net.loses = () => true;
    const closed = phones.bob.close();
    await pass(4_100);
    await expect(closed).resolves.toBeUndefined();
  });
});
