import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Dialog } from '../dialog/Dialog.ts';
import { Headers } from '../message/Headers.ts';
import { NO_BODY, type SipRequest } from '../message/SipMessage.ts';
import { answer } from '../testing/answer.ts';
import { MemoryNetwork } from '../testing/MemoryNetwork.ts';
import { pass } from '../testing/TwoPhones.ts';
import { DialogLink } from './DialogLink.ts';

const [US, SECOND] = ['192.0.2.1', '192.0.2.2'];

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

/** An INVITE through a proxy that has two addresses, the first of which is gone. */
const INVITE: SipRequest = {
  ...{ kind: 'request', method: 'INVITE', uri: 'sip:us@192.0.2.1', body: NO_BODY },
  headers: Headers.of({
    Via: 'SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK1',
    'Record-Route': '<sip:9.and.2;lr>',
    From: '<sip:ann@192.0.2.2>;tag=a',
    To: '<sip:us@192.0.2.1>',
    'Call-ID': 'c',
    CSeq: '1 INVITE',
    Contact: '<sip:ann@192.0.2.7>',
  }),
};

it('a request within a call goes to the next address where the first does not answer', async () => {
  const net = new MemoryNetwork();
  const agent = net.agent(US);
  net.host(SECOND, (message, flow) => {
    if (message.kind === 'request') answer(message, flow, { status: 200 });
  });
  const link = new DialogLink(agent, Dialog.ofRequest(INVITE, 'b'), {
    ...{ path: {}, flow: net.flow(US, SECOND), contactUser: 'us' },
  });
  const asked = link.ask('INFO');
  await pass(7000);
  expect(await asked).toMatchObject({ status: 200 });
  expect(net.whats(US, '192.0.2.9')[0]).toBe('INFO');
  expect(net.whats(US, SECOND)).toEqual(['INFO']);
});
