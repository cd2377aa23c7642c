import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseDatagram } from '../message/parseMessage.ts';
import { Headers } from '../message/Headers.ts';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import type { Flow } from '../transport/Flow.ts';
import { answerTo } from '../transport/receive.ts';
import type { ClientTransaction } from './ClientTransaction.ts';
import type { ServerTransaction } from './ServerTransaction.ts';
import { TransactionLayer } from './TransactionLayer.ts';

/** A way that keeps what is sent, with when. */
class KeptFlow implements Flow {
  readonly transport: 'UDP' | 'TCP';
  readonly remote = { address: '192.0.2.1', port: 5060 };
  readonly local = { address: '192.0.2.2', port: 5060 };
  readonly closed = false;
  readonly sent: { at: number; what: string }[] = [];
  broken = false;
  throws = false;

  constructor(transport: 'UDP' | 'TCP' = 'UDP') {
    this.transport = transport;
  }

  get reliable(): boolean {
    return this.transport !== 'UDP';
  }

  send(data: Buffer, failed?: (error: Error) => void): void {
    const message = parseDatagram(data);
    const what = message.kind === 'request' ? message.method : String(message.status);
    this.sent.push({ at: Date.now(), what });
    if (this.throws) throw new Error('no way');
    if (this.broken) failed?.(new Error('gone'));
  }

  times(what: string): number[] {
    return this.sent.filter((one) => one.what === what).map(({ at }) => at);
  }
}

const request = (method: string, { branch = 'z9hG4bKone', port = 5060 } = {}): SipRequest => ({
  ...{ kind: 'request', method, uri: 'sip:bob@192.0.2.1', body: NO_BODY },
  headers: Headers.of({
    Via: `SIP/2.0/UDP 192.0.2.2:${port};branch=${branch}`,
    From: '<sip:ann@192.0.2.2>;tag=a',
    To: '<sip:bob@192.0.2.1>',
    'Call-ID': 'call',
    CSeq: `1 ${method}`,
  }),
});
const answer = (to: SipRequest, status: number): SipResponse => answerTo(to, { status, reason: 'Any' }, 'b');

let layer: TransactionLayer;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  layer = new TransactionLayer();
});
afterEach(() => {
  layer.close();
  vi.useRealTimers();
});

function ask(method: string, flow: KeptFlow) {
  const transaction = layer.send(request(method), flow);
  const events: string[] = [];
  transaction.on('response', ({ status }) => events.push(String(status)));
  transaction.on('failed', (why) => events.push(`${why} at ${Date.now()}`));
  transaction.on('ended', () => events.push(`ended at ${Date.now()}`));
  vi.advanceTimersByTime(0);
  return { transaction, events };
}

const take = (transaction: ClientTransaction, status: number): void =>
  layer.receive(answer(transaction.request, status), transaction.flow);

describe('a request of ours', () => {
  it.each([
    ['INVITE', [0, 500, 1500, 3500, 7500, 15_500, 31_500]],
    ['OPTIONS', [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]],
  ])('%s is sent again over UDP until it is given up', (method, times) => {
    const flow = new KeptFlow();
    const { events } = ask(method, flow);
    vi.advanceTimersByTime(60_000);
    expect(flow.times(method)).toEqual(times);
    expect(events).toEqual(['timeout at 32000', 'ended at 32000']);
    expect(layer.size).toBe(0);
  });

  it('is sent once over a connection', () => {
    const flow = new KeptFlow('TCP');
    ask('INVITE', flow);
    vi.advanceTimersByTime(31_000);
    expect(flow.sent).toHaveLength(1);
  });

  it('INVITE rings for as long as it takes', () => {
    const flow = new KeptFlow();
    const { transaction, events } = ask('INVITE', flow);
    take(transaction, 180);
    vi.advanceTimersByTime(120_000);
    expect(flow.times('INVITE')).toEqual([0]);
    take(transaction, 200);
    expect(events).toEqual(['180', '200']);
  });

  it('INVITE gets each copy of a 2xx, of each phone that answers', () => {
    const { transaction, events } = ask('INVITE', new KeptFlow());
    for (const status of [200, 200, 486, 200]) take(transaction, status);
    expect(events).toEqual(['200', '200', '200']);
    vi.advanceTimersByTime(32_000);
    expect(layer.size).toBe(0);
  });

  it('INVITE acknowledges a refusal, and each copy of it, but tells it once', () => {
    const flow = new KeptFlow();
    const { transaction, events } = ask('INVITE', flow);
    for (const status of [486, 486, 486]) take(transaction, status);
    expect(flow.times('ACK')).toHaveLength(3);
    expect(events).toEqual(['486']);
    vi.advanceTimersByTime(32_000);
    expect(events).toEqual(['486', 'ended at 32000']);
  });

  it('fails when the way is gone', () => {
    const flow = new KeptFlow('TCP');
    flow.broken = true;
    expect(ask('INVITE', flow).events).toEqual(['transport at 0', 'ended at 0']);
  });
});

describe('a way that throws is a way that is gone', () => {
  it('for a request of ours', () => {
    const flow = new KeptFlow();
    flow.throws = true;
    const { events } = ask('INVITE', flow);
    vi.advanceTimersByTime(1);
    expect(events[0]).toMatch(/^transport/);
  });

  it('for one that cannot be written', () => {
    const transaction = layer.send({ ...request('INVITE'), uri: 'sip:a b' }, new KeptFlow());
    const failed = vi.fn();
    transaction.on('failed', failed);
    vi.advanceTimersByTime(1);
    expect(failed).toHaveBeenCalledWith('transport');
  });

  it('for an answer', () => {
    const flow = new KeptFlow();
    const failed = vi.fn();
    layer.on('request', (transaction) => {
      transaction.on('failed', failed);
      transaction.respond(answer(transaction.request, 486));
    });
    flow.throws = true;
    layer.receive(request('INVITE'), flow);
    vi.advanceTimersByTime(1);
    expect(failed).toHaveBeenCalledWith('transport');
  });
});

describe('a request of a peer', () => {
  let asked: ServerTransaction[];
  let acks: SipRequest[];
  beforeEach(() => {
    [asked, acks] = [[], []];
    layer.on('request', (transaction) => asked.push(transaction));
    layer.on('ack', (ack) => acks.push(ack));
  });

  function receive(message: SipRequest, flow: KeptFlow): void {
    layer.receive(message, flow);
  }

  it('is told once, and answered again as before', () => {
    const flow = new KeptFlow();
    receive(request('OPTIONS'), flow);
    asked[0]?.respond(answer(request('OPTIONS'), 200));
    for (let time = 0; time < 3; time += 1) receive(request('OPTIONS'), flow);
    expect(asked).toHaveLength(1);
    expect(flow.times('200')).toHaveLength(4);
    vi.advanceTimersByTime(32_000);
    expect(layer.size).toBe(0);
  });

  it('INVITE: a refusal is repeated until it is acknowledged', () => {
    const flow = new KeptFlow();
    receive(request('INVITE'), flow);
    asked[0]?.respond(answer(request('INVITE'), 486));
    vi.advanceTimersByTime(8_000);
    expect(flow.times('486')).toEqual([0, 500, 1500, 3500, 7500]);
    receive(request('ACK'), flow);
    vi.advanceTimersByTime(60_000);
    expect(flow.times('486')).toHaveLength(5);
    expect([layer.size, acks]).toEqual([0, []]);
  });

  it('INVITE: a refusal that nobody acknowledges is given up', () => {
    const flow = new KeptFlow();
    receive(request('INVITE'), flow);
    const why: string[] = [];
    asked[0]?.on('failed', (reason) => why.push(reason));
    asked[0]?.respond(answer(request('INVITE'), 486));
    vi.advanceTimersByTime(32_000);
    expect(why).toEqual(['timeout']);
    expect(layer.size).toBe(0);
  });

  it('INVITE that was answered with 2xx: copies are absorbed, its ACK has a branch of its own', () => {
    const flow = new KeptFlow();
    receive(request('INVITE'), flow);
    asked[0]?.respond(answer(request('INVITE'), 200));
    receive(request('INVITE'), flow);
    receive(request('ACK', { branch: 'z9hG4bKtwo' }), flow);
    expect([asked.length, flow.times('200').length, acks.length]).toEqual([1, 1, 1]);
  });

  it('is found by its CANCEL, also one that comes from another port', () => {
    receive(request('INVITE'), new KeptFlow());
    const cancel = request('CANCEL', { port: 9999 });
    expect(layer.findInvite(cancel)).toBe(asked[0]);
    expect(layer.findInvite(request('CANCEL', { branch: 'z9hG4bKother' }))).toBeUndefined();
    const seen: string[] = [];
    asked[0]?.on('cancelled', ({ method }) => seen.push(method));
    asked[0]?.cancel(cancel);
    asked[0]?.respond(answer(request('INVITE'), 487));
    asked[0]?.cancel(cancel);
    expect(seen).toEqual(['CANCEL']);
  });
});
