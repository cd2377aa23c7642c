import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DigestClient } from '../auth/DigestClient.ts';
import { DigestServer } from '../auth/DigestServer.ts';
import { Headers } from '../message/Headers.ts';
import { writeMessage, type SipMessage, type SipRequest } from '../message/SipMessage.ts';
import { parseUri } from '../message/uri.ts';
import { answer } from '../testing/answer.ts';
import { soundAt } from '../testing/Sound.ts';
import { ANN, BOB, TwoPhones, pass, watch } from '../testing/TwoPhones.ts';
import type { Flow } from '../transport/Flow.ts';

let phones: TwoPhones;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  phones = new TwoPhones();
});
afterEach(() => vi.useRealTimers());

const SDP = soundAt(BOB).offer();
const contact = { Contact: `<sip:bob@${BOB}>` };

/** What a host does with requests of a method; ACK and what is not named gets nothing. */
function host(address: string, methods: Record<string, (request: SipRequest, flow: Flow) => void>): void {
  phones.net.host(address, (message: SipMessage, flow) => {
    if (message.kind === 'request') methods[message.method]?.(message, flow);
  });
}
const ok = (request: SipRequest, flow: Flow): void => answer(request, flow, { status: 200 });

describe('a call that reaches several phones', () => {
  it('is with the one that answers first; the others are acknowledged and ended', async () => {
    host(BOB, {
      INVITE: (request, flow) => {
        for (const tag of ['one', 'two', 'three'])
          answer(request, flow, { status: 180, tag, headers: contact });
        for (const tag of ['two', 'one', 'two'])
          answer(request, flow, { status: 200, tag, headers: contact, body: SDP });
      },
      BYE: ok,
    });
    const out = phones.call();
    const seen = watch(out);
    await pass(100);
    expect(seen).toEqual(['ringing 180', 'ringing 180', 'ringing 180', 'established']);
    expect(out.remote.params.get('tag')).toBe('two');
    expect(phones.net.whats(ANN).sort()).toEqual(['ACK', 'ACK', 'ACK', 'BYE', 'INVITE']);
    expect(phones.net.last(ANN, 'BYE')?.headers.get('to')).toContain('tag=one');
    expect(phones.ann.dialogs.size).toBe(1);
  });

  it('tells once what the one says that rang first, and answered after another rang', async () => {
    let invite: SipRequest | undefined;
    host(BOB, {
      INVITE: (request, flow) => {
        invite = request;
        for (const tag of ['one', 'two']) answer(request, flow, { status: 180, tag, headers: contact });
        answer(request, flow, { status: 200, tag: 'one', headers: contact, body: SDP });
      },
    });
    const seen = watch(phones.call());
    await pass(100);
    const headers = Headers.of({
      Via: `SIP/2.0/UDP ${BOB};branch=z9hG4bKinfo`,
      From: `${invite?.headers.get('to')};tag=one`,
      To: invite?.headers.get('from'),
      'Call-ID': invite?.headers.get('call-id'),
      CSeq: '1 INFO',
      'Content-Type': 'application/dtmf',
    });
    const info = { kind: 'request', method: 'INFO', uri: `sip:ann@${ANN}`, headers } as const;
    phones.net.flow(BOB, ANN).send(writeMessage({ ...info, body: Buffer.from('5') }));
    await pass(10);
    expect(seen).toEqual(['ringing 180', 'ringing 180', 'established', 'info 5']);
  });

  it('takes sound of one, and is taken by another', async () => {
    host(BOB, {
      INVITE: (request, flow) => {
        answer(request, flow, { status: 183, tag: 'one', headers: contact, body: SDP });
        answer(request, flow, {
          status: 200,
          tag: 'two',
          headers: contact,
          body: SDP.replace('20000', '30000'),
        });
      },
    });
    const out = phones.call();
    const seen = watch(out);
    await pass(100);
    expect([seen, out.sound.agreed]).toMatchObject([
      ['progress 183', 'established'],
      { remote: { port: 30_000 } },
    ]);
  });
});

describe('an answer that nothing can be made of', () => {
  it.each([
    ['no sound', {}],
    [
      'sound that is not spoken here',
      { body: SDP.replaceAll('PCMU/8000', 'G729/8000').replace('AVP 0', 'AVP 18') },
    ],
  ])('%s: it is acknowledged, and ended', async (_, o) => {
    host(BOB, {
      INVITE: (request, flow) => answer(request, flow, { status: 200, tag: 'b', headers: contact, ...o }),
      BYE: ok,
    });
    const seen = watch(phones.call());
    await pass(100);
    expect([seen, phones.net.whats(ANN)]).toEqual([['ended by us 488'], ['INVITE', 'ACK', 'BYE']]);
  });
});

describe('challenges', () => {
  const digest = new DigestServer('trunk.example');
  const credentials = { username: 'parley', password: 'tulip' };

  function challenge(status: 401 | 407, realm = digest): void {
    const field = status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
    host(BOB, {
      INVITE: (request, flow) => {
        const { ok: isRight } = realm.verify(request, '192.0.2.1', () => 'tulip');
        if (isRight) answer(request, flow, { status: 200, tag: 'b', headers: contact, body: SDP });
        else answer(request, flow, { status, headers: { [field]: realm.challenges()[0] ?? '' } });
      },
      BYE: ok,
    });
  }

  it.each([401, 407] as const)('%i is answered, in the same call', async (status) => {
    challenge(status);
    const out = phones.call({ path: { digest: new DigestClient(credentials) } });
    await pass(100);
    const [first, second] = phones.net.sent.filter(({ what }) => what === 'INVITE');
    expect(out.state).toBe('established');
    const field = (name: string) => [first, second].map((one) => one?.message.headers.get(name));
    expect(field('cseq')).toEqual(['1 INVITE', '2 INVITE']);
    expect(new Set([...field('call-id'), ...field('from')]).size).toBe(2);
    expect(phones.net.last(ANN, 'ACK')?.headers.get('cseq')).toBe('2 ACK');
  });

  it('of a call go on being answered in it', async () => {
    challenge(407);
    const out = phones.call({ path: { digest: new DigestClient(credentials) } });
    await pass(100);
    void out.end();
    await pass(100);
    expect(phones.net.last(ANN, 'BYE')?.headers.get('proxy-authorization')).toContain('nc=00000003');
  });

  it('with a wrong password come to an end', async () => {
    challenge(401);
    const seen = watch(
      phones.call({ path: { digest: new DigestClient({ ...credentials, password: 'rose' }) } }),
    );
    await pass(100);
    expect([seen, phones.net.whats(ANN)]).toEqual([
      ['ended by them 401'],
      ['INVITE', 'ACK', 'INVITE', 'ACK'],
    ]);
  });

  it.each([
    ['a stranger, to whom nothing belongs', {}],
    ['another realm', { digest: new DigestClient({ ...credentials, realm: 'other.example' }) }],
  ])('of %s get no answer', async (_, path) => {
    challenge(401);
    const seen = watch(phones.call({ path }));
    await pass(100);
    expect(seen).toEqual(['ended by them 401']);
    expect(phones.net.sent.some(({ message }) => message.headers.has('authorization'))).toBe(false);
  });

  it('of a second realm get no answer where the first was taken', async () => {
    const client = new DigestClient(credentials);
    challenge(401);
    phones.call({ path: { digest: client } });
    await pass(100);
    challenge(401, new DigestServer('evil.example'));
    const seen = watch(phones.call({ path: { digest: client } }));
    await pass(100);
    expect(seen).toEqual(['ended by them 401']);
  });
});

describe('several addresses', () => {
  const both = parseUri('sip:bob@2.and.3');
  const CAROL = '192.0.2.3';
  const takes = (request: SipRequest, flow: Flow): void =>
    answer(request, flow, { status: 200, tag: 'c', headers: { Contact: `<sip:carol@${CAROL}>` }, body: SDP });

  it('503 of the first: the second is called', async () => {
    host(BOB, { INVITE: (request, flow) => answer(request, flow, { status: 503, tag: 'b' }) });
    host(CAROL, { INVITE: takes });
    const out = phones.call({ target: both });
    await pass(100);
    expect([out.state, phones.net.whats(ANN, BOB), phones.net.whats(ANN, CAROL)]).toEqual([
      'established',
      ['INVITE', 'ACK'],
      ['INVITE', 'ACK'],
    ]);
  });

  it('silence of the first: the second is called after 6 s; what the first says then is taken back', async () => {
    let late: (() => void) | undefined;
    host(BOB, {
      INVITE: (request, flow) => {
        late ??= () => answer(request, flow, { status: 200, tag: 'b', headers: contact, body: SDP });
      },
      BYE: ok,
    });
    host(CAROL, { INVITE: takes });
    const out = phones.call({ target: both });
    await pass(6_100);
    expect([out.state, out.remote.params.get('tag')]).toEqual(['established', 'c']);
    late?.();
    await pass(100);
    expect(phones.net.whats(ANN, BOB).slice(-2)).toEqual(['ACK', 'BYE']);
    expect(out.state).toBe('established');
  });

  it.each([
    ['503', (request: SipRequest, flow: Flow) => answer(request, flow, { status: 503, tag: 'b' })],
    ['silence', () => undefined],
  ])('%s of the first, once it has the password: the second may ask for it, too', async (_, then) => {
    const challenge = (realm: DigestServer) => (request: SipRequest, flow: Flow) => {
      const headers = { 'Proxy-Authenticate': realm.challenges()[0] ?? '' };
      answer(request, flow, { status: 407, headers });
    };
    const [first, second] = [challenge(new DigestServer('trunk.example')), new DigestServer('trunk.example')];
    host(BOB, {
      INVITE: (...asked) => (asked[0].headers.has('proxy-authorization') ? then : first)(...asked),
    });
    host(CAROL, {
      INVITE: (...asked) =>
        (second.verify(asked[0], ANN, () => 'tulip').ok ? takes : challenge(second))(...asked),
    });
    const digest = new DigestClient({ username: 'parley', password: 'tulip' });
    const out = phones.call({ target: both, path: { digest } });
    await pass(7_000);
    expect([out.state, out.remote.params.get('tag')]).toEqual(['established', 'c']);
    expect(phones.net.whats(CAROL)).toEqual(['407', '200']);
  });

  it('486 of the first is an answer', async () => {
    host(BOB, { INVITE: (request, flow) => answer(request, flow, { status: 486, tag: 'b' }) });
    const seen = watch(phones.call({ target: both }));
    await pass(100);
    expect([seen, phones.net.whats(ANN, CAROL)]).toEqual([['ended by them 486'], []]);
  });
});

describe('a call that is sent elsewhere', () => {
  const moved = (request: SipRequest, flow: Flow): void =>
    answer(request, flow, { status: 302, tag: 'b', headers: { Contact: '<sip:carol@192.0.2.3?Subject=x>' } });

  it('does not go there by itself', async () => {
    host(BOB, { INVITE: moved });
    const out = phones.call();
    const contacts: unknown[] = [];
    out.on('ended', (cause) => contacts.push(cause.status, cause.contacts));
    await pass(100);
    expect(contacts).toEqual([302, ['sip:carol@192.0.2.3']]);
  });

  it('goes there where that is wanted', async () => {
    host(BOB, { INVITE: moved });
    host('192.0.2.3', {
      INVITE: (request, flow) => answer(request, flow, { status: 200, tag: 'c', body: SDP }),
    });
    const out = phones.call({ redirects: 1 });
    await pass(100);
    expect(out.state).toBe('established');
    expect(phones.net.whats(ANN, '192.0.2.3')).toEqual(['INVITE', 'ACK']);
  });
});

describe('requests that nobody asked for', () => {
  it.each([
    ['BYE', ';tag=x', '481'],
    ['INFO', ';tag=x', '481'],
    ['UPDATE', '', '481'],
    ['NOTIFY', '', '481'],
    ['REFER', '', '403'],
    ['REGISTER', '', '405'],
    ['CANCEL', '', '481'],
    ['OPTIONS', '', '200'],
  ])('%s%s is answered with %s', async (method, tag, expected) => {
    const flow = phones.net.flow('192.0.2.9', BOB);
    const head = [
      `${method} sip:bob@${BOB} SIP/2.0`,
      'Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx',
      'From: <sip:eve@192.0.2.9>;tag=e',
      `To: <sip:bob@${BOB}>${tag}`,
      'Call-ID: x',
      `CSeq: 1 ${method}`,
    ];
    flow.send(Buffer.from([...head, '', ''].join('\r\n')));
    await pass(10);
    expect(phones.net.whats(BOB, '192.0.2.9')).toEqual([expected]);
  });

  it('an INVITE that came by two ways is taken once', async () => {
    const send = (branch: string) =>
      phones.net
        .flow('192.0.2.9', BOB)
        .send(
          Buffer.from(
            [
              `INVITE sip:bob@${BOB} SIP/2.0`,
              `Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK${branch}`,
              'From: <sip:eve@192.0.2.9>;tag=e',
              `To: <sip:bob@${BOB}>`,
              'Call-ID: x',
              'CSeq: 1 INVITE',
              'Contact: <sip:eve@192.0.2.9>',
              ...['', ''],
            ].join('\r\n'),
          ),
        );
    for (const branch of ['one', 'two', 'one']) send(branch);
    await pass(10);
    expect([phones.called.length, phones.net.whats(BOB)]).toEqual([1, ['100', '482', '100']]);
  });
});
