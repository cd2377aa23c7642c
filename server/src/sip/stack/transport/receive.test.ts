import { expect, it } from 'vitest';
import { Headers } from '../message/Headers.ts';
import { MalformedMessage, parseDatagram } from '../message/parseMessage.ts';
import { NO_BODY, type SipRequest } from '../message/SipMessage.ts';
import { answerTo, answerToMalformed } from './receive.ts';

const requestTo = (to: string): SipRequest => ({
  ...{ kind: 'request', method: 'OPTIONS', uri: 'sip:a@b', body: NO_BODY },
  headers: Headers.of({ To: to }),
});

it.each([
  ['<sip:b@b>', '<sip:b@b>;tag=new'],
  ['"Bob;tag=none" <sip:b@b;tag=none>', '"Bob;tag=none" <sip:b@b;tag=none>;tag=new'],
  ['<sip:b@b> ; TAG = old', '<sip:b@b> ; TAG = old'],
  ['sip:b@b;tag=old', 'sip:b@b;tag=old'],
  ['<<<', '<<<'],
])('the answer to %s is to %s', (to, expected) => {
  const answer = answerTo(requestTo(to), { status: 200, reason: 'OK' }, 'new');
  expect(answer.headers.get('to')).toBe(expected);
});

it.each(['<', '"', '"\\\\', ';tag=', ' ;', '<sip:', ',', '%', '\t'])(
  'a packet of nothing but %j is done with at once',
  (part) => {
    const head = ['OPTIONS sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP b;branch=z9hG4bK1', 'CSeq: 1 OPTIONS'];
    const data = Buffer.from(
      [...head, `To: ${part.repeat(60_000 / part.length)}`, 'Call-ID: 1', '', ''].join('\r\n'),
    );
    const began = performance.now();
    let status: number | undefined;
    try {
      parseDatagram(data);
    } catch (error) {
      if (error instanceof MalformedMessage) status = answerToMalformed(error)?.status;
    }
    answerTo(requestTo(`<${part.repeat(60_000 / part.length)}`), { status: 400, reason: 'No' }, 'new');
    expect(status).toBe(513);
    expect(performance.now() - began).toBeLessThan(5_000);
  },
);
