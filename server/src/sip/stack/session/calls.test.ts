import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseUri } from '../message/uri.ts';
import { answer } from '../testing/answer.ts';
import { soundAt } from '../testing/Sound.ts';
import { ANN, BOB, TwoPhones, pass, watch } from '../testing/TwoPhones.ts';

let phones: TwoPhones;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  phones = new TwoPhones();
});
afterEach(() => vi.useRealTimers());

describe('a call', () => {
  it('rings, is taken, and ended by BYE', async () => {
    const out = phones.call();
    const seen = watch(out);
    await pass(20);
    phones.called[0]?.ring();
    await pass(20);
    expect(await phones.called[0]?.answer()).toBe(true);
    await pass(20);
    void out.end();
    await pass(20);
    expect(seen).toEqual(['ringing 180', 'established', 'ended by us 200']);
    expect(phones.net.whats(ANN)).toEqual(['INVITE', 'ACK', 'BYE']);
    expect(phones.net.whats(BOB)).toEqual(['100', '180', '200', '200']);
    expect([
      phones.ann.sessions.size,
      phones.bob.sessions.size,
      phones.ann.dialogs.size,
      phones.bob.dialogs.size,
    ]).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['in', 'ended by us 200', 'ended by them 200'],
    ['out', 'ended by them 200', 'ended by us 200'],
  ])('is ended by who was called %s', async (who, atBob, atAnn) => {
    const { out, inward, seenOut, seenIn } = await phones.established();
    void (who === 'in' ? inward : out).end({ protocol: 'Q.850', cause: 16, text: 'Bye' });
    await pass(20);
    expect([seenIn, seenOut]).toEqual([[atBob], [atAnn]]);
  });

  it('has sound before it is taken', async () => {
    const seen = watch(phones.call());
    await pass(20);
    phones.called[0]?.progress();
    await pass(20);
    void phones.called[0]?.answer();
    await pass(20);
    expect(seen).toEqual(['progress 183', 'established']);
  });

  it('is refused', async () => {
    const seen = watch(phones.call());
    await pass(20);
    phones.called[0]?.reject(486);
    await pass(20);
    expect(seen).toEqual(['ended by them 486']);
    expect(phones.net.whats(ANN)).toEqual(['INVITE', 'ACK']);
  });

  it('is refused with a whole book, of which the beginning is kept', async () => {
    phones.net.host(BOB, (message, flow) => {
      if (message.kind !== 'request' || message.method !== 'INVITE') return;
      const text = 'x'.repeat(5_000);
      answer(message, flow, {
        status: 486,
        headers: { Reason: `SIP;cause=486;text="${text}"` },
        reason: text,
      });
    });
    const out = phones.call();
    const cause = new Promise((resolve) => out.once('ended', resolve));
    await pass(20);
    const text = 'x'.repeat(200);
    expect(await cause).toMatchObject({ text, reason: { text } });
  });

  it('is refused where nobody takes calls', async () => {
    const seen = watch(
      phones.bob.invite({
        from: { uri: parseUri(`sip:bob@${BOB}`) },
        target: parseUri(`sip:ann@${ANN}`),
        ...{ path: {}, sound: soundAt(BOB) },
      }),
    );
    await pass(20);
    expect(seen).toEqual(['ended by them 405']);
  });

  it('ends after 3 minutes of ringing, and by its peer hears of it', async () => {
    const seen = watch(phones.call());
    await pass(20);
    phones.called[0]?.ring();
    const inward = phones.called[0] && watch(phones.called[0]);
    await pass(180_000);
    expect([seen.at(-1), inward]).toEqual(['ended by us 408', ['ended by them 487']]);
    expect(phones.net.whats(ANN)).toEqual(['INVITE', 'CANCEL', 'ACK']);
  });

  it('brings its offer late, and the answer with the ACK', async () => {
    const { out, inward } = await phones.established({ lateOffer: true });
    expect([out.state, inward.state]).toEqual(['established', 'established']);
    expect(phones.net.last(ANN, 'INVITE')?.body.length).toBe(0);
    expect(phones.net.last(ANN, 'ACK')?.body.toString()).toContain('m=audio 20000');
    expect(inward.sound.agreed?.direction).toBe('sendrecv');
  });

  it('passes keys on by INFO', async () => {
    const { out, seenIn } = await phones.established();
    expect(
      await Promise.all([out.info({ contentType: 'application/dtmf-relay', body: 'Signal=5' }), pass(20)]),
    ).toMatchObject([200, expect.anything()]);
    expect(seenIn).toEqual(['info Signal=5']);
  });
});

describe('a call that is taken back', () => {
  it('before anything was heard waits for an answer, and then cancels', async () => {
    phones.net.loses = ({ what, at }) => what === 'INVITE' && at < 400;
    const out = phones.call();
    const seen = watch(out);
    await pass(10);
    void out.end();
    await pass(100);
    expect([seen, phones.net.whats(ANN)]).toEqual([['ended by us 487'], ['INVITE']]);
    await pass(1_000);
    expect(phones.net.whats(ANN)).toEqual(['INVITE', 'INVITE', 'CANCEL', 'ACK']);
    expect(phones.called[0]?.state).toBe('ended');
  });

  it('and never answered leaves nothing after 32 s', async () => {
    const { net, ann } = phones;
    net.host(BOB, (message, flow) => {
      if (message.kind !== 'request') return;
      answer(message, flow, { status: message.method === 'INVITE' ? 180 : 200, tag: 'b' });
    });
    const out = phones.call();
    await pass(20);
    await out.end();
    await pass(31_000);
    expect(net.whats(ANN)).toEqual(['INVITE', 'CANCEL']);
    expect(ann.transactions.size).toBe(1);
    await pass(1_100);
    expect(ann.transactions.size).toBe(0);
  });

  it('while it is being taken is acknowledged, and ended with BYE', async () => {
    phones.net.loses = ({ what }) => what === 'CANCEL';
    const out = phones.call();
    await pass(20);
    const [inward] = phones.called;
    if (!inward) throw new Error('Nobody was phones.called.');
    const seen = watch(inward);
    void out.end();
    await inward.answer();
    await pass(1_000);
    expect(phones.net.whats(ANN).filter((what) => what !== 'CANCEL')).toEqual(['INVITE', 'ACK', 'BYE']);
    expect(seen).toEqual(['established', 'ended by them 200']);
  });

  it('before its owner has taken it up is answered with 487', async () => {
    phones.onInvite = () => undefined;
    const out = phones.call();
    await pass(20);
    void out.end();
    await pass(20);
    expect(phones.net.whats(BOB)).toEqual(['100', '200', '487']);
  });

  it('before it was sent makes no noise', async () => {
    void phones.call().end();
    await pass(1_000);
    expect(phones.net.sent).toEqual([]);
  });
});

describe('what gets lost', () => {
  it('2xx: it is sent again until its ACK comes', async () => {
    phones.net.loses = ({ what, from, at }) => what === '200' && from === BOB && at < 1_000;
    const { out } = await phones.established();
    await pass(3_000);
    expect(out.state).toBe('established');
    expect(phones.net.times(BOB, '200')).toHaveLength(3);
  });

  it('ACK: it is sent again with each copy of the 2xx', async () => {
    phones.net.loses = ({ what, at }) => what === 'ACK' && at < 1_000;
    await phones.established();
    await pass(40_000);
    expect(phones.net.whats(ANN)).toEqual(['INVITE', 'ACK', 'ACK', 'ACK']);
    expect(phones.net.whats(BOB)).toEqual(['100', '200', '200', '200']);
  });

  it.each([
    [false, ['ended by network 408']],
    [true, []],
  ])('every ACK, while sound flows: %s', async (flows, expected) => {
    phones.taking = { mediaFlows: () => flows };
    phones.net.loses = ({ what }) => what === 'ACK';
    const { seenIn } = await phones.established();
    await pass(40_000);
    expect(seenIn).toEqual(expected);
    expect(phones.net.whats(BOB).includes('BYE')).toBe(!flows);
  });

  it('everything: it is over after 32 s', async () => {
    phones.net.loses = () => true;
    const seen = watch(phones.call());
    await pass(32_010);
    expect(seen).toEqual(['ended by network 408']);
  });
});

describe('provisional answers that are to arrive', () => {
  it.each([
    ['required', {}],
    ['supported', { reliable: true }],
  ] as const)('%s: are acknowledged, and sent again until then', async (reliable, options) => {
    phones.taking = options;
    phones.net.loses = ({ what, at }) => what === 'PRACK' && at < 700;
    const out = phones.call({ reliable });
    const seen = watch(out);
    await pass(20);
    phones.called[0]?.progress();
    await pass(100);
    void phones.called[0]?.answer();
    await pass(100);
    expect(phones.net.whats(BOB)).toEqual(['100', '183']);
    await pass(2_000);
    expect(seen).toEqual(['progress 183', 'established']);
    expect(phones.net.whats(BOB).filter((what) => what === '183').length).toBeGreaterThan(1);
  });

  it('bring an offer, which is answered with the PRACK', async () => {
    phones.taking = { reliable: true };
    const out = phones.call({ reliable: 'supported', lateOffer: true });
    const seen = watch(out);
    await pass(20);
    phones.called[0]?.progress();
    await pass(20);
    expect(phones.net.last(ANN, 'PRACK')?.body.toString()).toContain('m=audio');
    void phones.called[0]?.answer();
    await pass(20);
    expect([seen, phones.called[0]?.state]).toEqual([['progress 183', 'established'], 'established']);
    expect(phones.net.last(ANN, 'ACK')?.body.length).toBe(0);
  });

  it('that nobody acknowledges end the call', async () => {
    phones.net.loses = ({ what }) => what === 'PRACK';
    const seen = watch(phones.call({ reliable: 'required' }));
    await pass(20);
    phones.called[0]?.ring();
    await pass(33_000);
    expect(seen.at(-1)).toBe('ended by them 504');
  });
});

describe('hold', () => {
  it.each(['out', 'in'] as const)('by who is %s, and back', async (who) => {
    const { out, inward, seenOut, seenIn } = await phones.established();
    const [holder, other] = who === 'out' ? [out, seenIn] : [inward, seenOut];
    const held = holder.hold();
    await pass(50);
    expect([await held, other, holder.sound.agreed?.direction]).toEqual([true, ['held'], 'sendonly']);
    const back = holder.resume();
    await pass(50);
    expect([await back, other, holder.sound.agreed?.direction]).toEqual([
      true,
      ['held', 'resumed'],
      'sendrecv',
    ]);
  });

  it('by both at once: one of them waits longer', async () => {
    const { out, inward } = await phones.established();
    const both = Promise.all([out.hold(), inward.hold()]);
    await pass(10_000);
    expect(await both).toEqual([true, true]);
    expect(phones.net.whats(ANN).includes('491') && phones.net.whats(BOB).includes('491')).toBe(true);
    expect([out.sound.agreed?.direction, inward.sound.agreed?.direction]).toEqual(['inactive', 'inactive']);
  });
});
