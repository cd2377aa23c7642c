import { describe, expect, it } from 'vitest';
import { Headers } from '../message/Headers.ts';
import { NO_BODY, type SipRequest } from '../message/SipMessage.ts';
import { writeUri } from '../message/uri.ts';
import { answerTo } from '../transport/receive.ts';
import { Dialog, dialogIdOf } from './Dialog.ts';

const invite = (headers: Record<string, string | string[]> = {}): SipRequest => ({
  ...{ kind: 'request', method: 'INVITE', uri: 'sip:bob@example.org', body: NO_BODY },
  headers: Headers.of({
    Via: 'SIP/2.0/UDP a.example.org;branch=z9hG4bK1',
    From: '"Ann" <sip:ann@example.org>;tag=a',
    To: '<sip:bob@example.org>',
    'Call-ID': 'call@a',
    CSeq: '7 INVITE',
    Contact: '<sip:ann@192.0.2.1:5070;transport=tcp>',
    ...headers,
  }),
});

function answered(headers: Record<string, string | string[]>): Dialog {
  const response = answerTo(invite(), { status: 200, reason: 'OK' }, 'b');
  for (const [name, value] of Object.entries(headers))
    for (const one of [value].flat()) response.headers.add(name, one);
  return Dialog.ofAnswer(invite(), response);
}

describe('a dialog', () => {
  it('is the same one at both ends', () => {
    const caller = answered({ Contact: '<sip:bob@192.0.2.9>' });
    const called = Dialog.ofRequest(invite(), 'b');
    expect(dialogIdOf(caller.next('BYE'))).toBe(called.id);
    expect(dialogIdOf(called.next('BYE'))).toBe(caller.id);
  });

  it('goes through the proxies that recorded their route, nearest first, to the contact', () => {
    const routes = ['<sip:far.example.org;lr>', '<sip:near.example.org;lr>'];
    const dialog = answered({ Contact: '<sip:bob@192.0.2.9>', 'Record-Route': routes });
    const bye = dialog.next('BYE');
    expect(bye.uri).toBe('sip:bob@192.0.2.9');
    expect(bye.headers.all('route')).toEqual([...routes].reverse());
    expect(writeUri(dialog.nextHop)).toBe('sip:near.example.org;lr');
    const called = Dialog.ofRequest(invite({ 'Record-Route': routes }), 'b');
    expect(called.next('BYE').headers.all('route')).toEqual(routes);
    expect(called.next('BYE').uri).toBe('sip:ann@192.0.2.1:5070;transport=tcp');
  });

  it('names a strict router in the request line, and the peer last', () => {
    const dialog = answered({ Contact: '<sip:bob@192.0.2.9>', 'Record-Route': '<sip:strict.example.org>' });
    const bye = dialog.next('BYE');
    expect([bye.uri, bye.headers.all('route')]).toEqual(['sip:strict.example.org', ['<sip:bob@192.0.2.9>']]);
  });

  it('numbers its requests, and acknowledges with the number of the INVITE', () => {
    const dialog = answered({ Contact: '<sip:bob@192.0.2.9>' });
    expect(dialog.ack(7).headers.get('cseq')).toBe('7 ACK');
    expect(['INFO', 'BYE'].map((method) => dialog.next(method).headers.get('cseq'))).toEqual([
      '8 INFO',
      '9 BYE',
    ]);
  });

  it('takes the requests of the peer in their order only', () => {
    const called = Dialog.ofRequest(invite(), 'b');
    const ask = (cseq: string) =>
      called.takes({ ...invite({ CSeq: cseq }), method: cseq.split(' ')[1] ?? '' });
    expect(['7 INFO', '9 INFO', '8 INFO', '7 ACK', '10 BYE'].map(ask)).toEqual([
      false,
      true,
      false,
      true,
      true,
    ]);
  });

  it('follows a peer that is somewhere else now', () => {
    const called = Dialog.ofRequest(invite(), 'b');
    called.refreshTarget(invite({ Contact: '<sip:ann@198.51.100.7>' }));
    expect(called.next('BYE').uri).toBe('sip:ann@198.51.100.7');
  });
});
