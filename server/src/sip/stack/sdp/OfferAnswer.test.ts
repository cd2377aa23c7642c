import { describe, expect, it } from 'vitest';
import { answerDirection, type CodecName, type Direction } from './model.ts';
import { NoAgreement, OfferAnswer, type Encryption } from './OfferAnswer.ts';
import { readDescription } from './readDescription.ts';

const SUITES = [{ name: 'AES_CM_128_HMAC_SHA1_80', masterLength: 30 }];
const KEY = Buffer.alloc(30, 7).toString('base64');

const side = (
  encryption: Encryption = 'off',
  codecs: CodecName[] = ['opus', 'G722', 'PCMA', 'PCMU'],
): OfferAnswer => new OfferAnswer({ address: '192.0.2.1', port: 20_000, codecs, encryption, suites: SUITES });

const sdp = (...media: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 198.51.100.1', 's=-', 'c=IN IP4 198.51.100.1', 't=0 0', ...media].join('\r\n');

const linesOf = (text: string): string[] | undefined => text.match(/^m=.*/gm)?.map((line) => line.trim());

describe('offer and answer', () => {
  it.each<[CodecName[], CodecName[], string]>([
    [['opus', 'G722', 'PCMU'], ['PCMU', 'opus'], 'PCMU'],
    [['G722', 'PCMA'], ['PCMA'], 'PCMA'],
    [['PCMU'], ['opus', 'G722', 'PCMA', 'PCMU'], 'PCMU'],
  ])('%j and %j speak %s, as who answers likes best', (offered, answering, name) => {
    const [caller, called] = [side('off', offered), side('off', answering)];
    const answer = called.answer(caller.offer());
    caller.accept(answer);
    expect([caller.agreed?.format.name, called.agreed?.format.name]).toEqual([name, name]);
    expect(answer.match(/^a=rtpmap/gm)).toHaveLength(2);
    expect(caller.agreed).toMatchObject({
      remote: { address: '192.0.2.1', port: 20_000 },
      telephoneEvent: 101,
    });
  });

  it('takes an answer of several codecs in its order, and says what else may come', () => {
    const caller = side('off', ['opus', 'G722', 'PCMA', 'PCMU']);
    caller.offer();
    caller.accept(sdp('m=audio 4000 RTP/AVP 0 8 111 101', 'a=rtpmap:111 opus/48000/2'));
    expect(caller.agreed?.format).toEqual({ name: 'PCMU', payloadType: 0 });
    expect(caller.agreed?.formats.map(({ name }) => name)).toEqual(['PCMU', 'PCMA', 'opus']);
    const other = side('off', ['PCMA']);
    other.offer();
    other.accept(sdp('m=audio 4000 RTP/AVP 0 8'));
    expect(other.agreed?.format.name).toBe('PCMA');
    expect(other.agreed?.formats).toEqual([{ name: 'PCMA', payloadType: 8 }]);
  });

  it('knows payload types that go without saying, and keeps the numbers of the offer', () => {
    const called = side();
    called.answer(sdp('m=audio 4000 RTP/AVP 8 0 96', 'a=rtpmap:96 telephone-event/8000'));
    expect(called.agreed).toMatchObject({ format: { name: 'PCMA', payloadType: 8 }, telephoneEvent: 96 });
    const answer = called.answer(sdp('m=audio 4000 RTP/AVP 120', 'a=rtpmap:120 OPUS/48000/2'));
    expect(answer).toMatch(/m=audio 20000 RTP\/AVP 120\r\na=rtpmap:120 opus\/48000\/2/);
  });

  it('refuses every other line in its place', () => {
    const answer = side().answer(
      sdp(
        'm=video 5000 RTP/AVP 96',
        'm=audio 4000 RTP/AVP 0',
        'm=audio 4002 RTP/AVP 0',
        'm=image 9 udptl t38',
      ),
    );
    expect(answer.match(/^m=.*/gm)?.map((line) => line.trim())).toEqual([
      'm=video 0 RTP/AVP 96',
      'm=audio 20000 RTP/AVP 0',
      'm=audio 0 RTP/AVP 0',
      'm=image 0 udptl t38',
    ]);
  });

  it('refuses what it cannot read in its place, too', () => {
    const offer = sdp('m=x-new 9 A-B/C 1 2', 'm=audio 4000/2 RTP/AVP 0', 'm=audio 4000 RTP/AVP 0');
    expect(linesOf(side().answer(offer))).toEqual([
      'm=x-new 0 A-B/C 1 2',
      'm=audio 0 RTP/AVP 0',
      'm=audio 20000 RTP/AVP 0',
    ]);
  });

  it.each([
    ['no sound', sdp('m=video 5000 RTP/AVP 96')],
    ['sound for everybody', sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP4 255.255.255.255')],
    ['sound for a group', sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP4 239.1.1.1/127')],
    ['an address of another kind', sdp('m=audio 4000 RTP/AVP 0', 'c=IN IP6 2001:db8::1')],
    ['sound without a port for RTCP', sdp('m=audio 65535 RTP/AVP 0')],
    ['no codec', sdp('m=audio 5000 RTP/AVP 18')],
    ['sound that is refused', sdp('m=audio 0 RTP/AVP 0')],
    ['no description', 'hello'],
  ])('%s is no agreement', (_, offer) => {
    expect(() => side().answer(offer)).toThrow(NoAgreement);
  });

  it.each<[Direction, Direction, Direction]>([
    ['sendrecv', 'sendrecv', 'sendrecv'],
    ['sendonly', 'sendrecv', 'recvonly'],
    ['inactive', 'sendrecv', 'inactive'],
    ['recvonly', 'sendrecv', 'sendonly'],
    ['sendrecv', 'sendonly', 'sendonly'],
    ['sendonly', 'sendonly', 'inactive'],
  ])('offered %s where one wants %s: %s', (offered, wanted, answered) => {
    expect(answerDirection(offered, wanted)).toBe(answered);
  });

  it('knows a call that is held as in old times', () => {
    const held = sdp('m=audio 4000 RTP/AVP 0').replace('c=IN IP4 198.51.100.1', 'c=IN IP4 0.0.0.0');
    expect(readDescription(held)?.audio?.direction).toBe('sendonly');
  });

  it('says the same to the letter while nothing changes, and counts what does', () => {
    const caller = side();
    const first = caller.offer();
    expect(caller.offer()).toBe(first);
    caller.wanted = 'sendonly';
    const held = caller.offer();
    const version = (text: string) => Number(/^o=\S+ \d+ (\d+)/m.exec(text)?.[1]);
    expect(version(held)).toBe(version(first) + 1);
  });
});

describe('an offer within a call', () => {
  const key = `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`;
  const theirs = ['m=audio 4000 RTP/SAVP 0 96 97', 'a=rtpmap:96 opus/48000/2', key];
  const offered = sdp(
    'm=video 5000 RTP/AVP 96',
    ...theirs,
    'a=rtpmap:97 telephone-event/8000',
    'm=audio 4002 RTP/AVP 8',
  );

  it('has the lines, the profile and the numbers that the call has', () => {
    const called = side('optional');
    called.answer(offered);
    const offer = called.offer();
    expect(linesOf(offer)).toEqual([
      'm=video 0 RTP/AVP 96',
      'm=audio 20000 RTP/SAVP 96 9 8 0 97',
      'm=audio 0 RTP/AVP 8',
    ]);
    for (const line of ['a=rtpmap:96 opus', 'a=rtpmap:97 telephone-event', 'a=crypto:3 AES_CM_128'])
      expect(offer).toContain(line);
    called.accept(sdp('m=video 0 RTP/AVP 96', ...theirs, 'm=audio 0 RTP/AVP 8'));
    expect(called.agreed).toMatchObject({ format: { name: 'PCMU' }, srtp: { theirs: expect.any(Buffer) } });
    expect(called.offer()).toBe(offer);
  });

  it('gives no number another meaning', () => {
    const called = side();
    const meanings = [
      'a=rtpmap:111 telephone-event/8000',
      'a=rtpmap:101 speex/8000',
      'a=rtpmap:96 iLBC/8000',
    ];
    called.answer(sdp('m=audio 4000 RTP/AVPF 0 111 101 96', ...meanings));
    expect(linesOf(called.offer())).toEqual(['m=audio 20000 RTP/AVPF 97 9 8 0 111']);
    const other = side();
    other.answer(sdp('m=audio 4000 RTP/AVP 0 101', 'a=rtpmap:101 opus/48000/2'));
    expect(linesOf(other.offer())).toEqual(['m=audio 20000 RTP/AVP 101 9 8 0 96']);
  });

  it('changes with what they offer next', () => {
    const called = side('optional');
    called.answer(offered);
    called.answer(sdp('m=video 0 RTP/AVP 96', 'm=audio 4000 RTP/AVP 0', 'm=audio 0 RTP/AVP 8'));
    expect(linesOf(called.offer())).toEqual([
      'm=video 0 RTP/AVP 96',
      'm=audio 20000 RTP/AVP 96 9 8 0 97',
      'm=audio 0 RTP/AVP 8',
    ]);
    expect(() => called.accept(sdp('m=audio 4000 RTP/AVP 0'))).not.toThrow();
  });

  it('does not make an encrypted call a plain one', () => {
    const plain = sdp('m=audio 4000 RTP/SAVP 0');
    const called = side('optional');
    called.answer(offered);
    for (const offer of [() => called.offer(), () => called.repeat()]) {
      offer();
      expect(() => called.accept(plain)).toThrow(NoAgreement);
    }
    const caller = side('optional');
    caller.accept(side('optional').answer(caller.offer()));
    caller.repeat();
    expect(() => caller.accept(plain)).toThrow(NoAgreement);
    expect(caller.agreed?.srtp).toBeDefined();
  });

  it('is not what an INVITE has, which one phone may answer with a key, and another without', () => {
    const caller = side('optional');
    caller.accept(side('optional').answer(caller.offer()));
    caller.accept(sdp('m=audio 4000 RTP/AVP 0'));
    expect(caller.agreed?.srtp).toBeUndefined();
  });
});

describe('encryption', () => {
  it.each<[Encryption, Encryption, boolean | 'none']>([
    ['off', 'off', false],
    ['off', 'optional', false],
    ['optional', 'off', false],
    ['optional', 'optional', true],
    ['required', 'optional', true],
    ['optional', 'required', true],
    ['required', 'off', 'none'],
    ['off', 'required', 'none'],
  ])('%s and %s: %s', (calling, answering, expected) => {
    const [caller, called] = [side(calling), side(answering)];
    const agree = (): void => caller.accept(called.answer(caller.offer()));
    if (expected === 'none') return void expect(agree).toThrow(NoAgreement);
    agree();
    expect([caller.agreed?.srtp !== undefined, called.agreed?.srtp !== undefined]).toEqual([
      expected,
      expected,
    ]);
    expect(caller.agreed?.srtp?.ours).toEqual(called.agreed?.srtp?.theirs);
    expect(caller.agreed?.srtp?.theirs).toEqual(called.agreed?.srtp?.ours);
  });

  describe('of several sounds', () => {
    const keyed = `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`;
    const strange = `a=crypto:3 F8_128_HMAC_SHA1_80 inline:${KEY}`;
    const [plain, secure] = [['m=audio 4000 RTP/AVP 0'], ['m=audio 4002 RTP/SAVP 0', keyed]];
    const sealed = ['m=audio 4004 RTP/SAVP 0', strange];
    const mute = ['m=audio 4006 RTP/SAVP 18', keyed];
    it.each<[Encryption, string[][], number]>([
      ['off', [plain, secure], 0],
      ['off', [secure, plain], 1],
      ['optional', [plain, secure], 1],
      ['optional', [secure, plain], 0],
      ['optional', [sealed, plain], 1],
      ['optional', [mute, plain, secure], 2],
      ['required', [plain, secure], 1],
      ['required', [plain, sealed, secure], 2],
    ])('%s takes of %j the one at %i', (encryption, offered, at) => {
      const answer = side(encryption).answer(sdp(...offered.flat()));
      const ports = linesOf(answer)?.map((line) => line.split(' ')[1]);
      expect(ports).toEqual(offered.map((_, place) => (place === at ? '20000' : '0')));
    });
  });

  it('answers in the profile of the offer', () => {
    const crypto = `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20`;
    const answer = side('optional').answer(sdp('m=audio 4000 RTP/SAVP 0', crypto));
    expect(answer).toMatch(/RTP\/SAVP 0\r\n[^]*a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:/);
  });

  it('does not take a key that is too short, or of a suite that is not spoken', () => {
    const offer = (line: string) => sdp('m=audio 4000 RTP/SAVP 0', line);
    for (const line of [
      'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA',
      `a=crypto:1 F8_128_HMAC_SHA1_80 inline:${KEY}`,
      `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${KEY}|2^20|1:4`,
    ])
      expect(() => side('optional').answer(offer(line))).toThrow(NoAgreement);
  });
});
