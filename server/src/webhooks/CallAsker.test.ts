import type { IncomingQuestion } from '@parley/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { CallAsker } from './CallAsker.ts';
import { Receiver, silence, status } from './testing/Receiver.ts';

type Answer = Receiver['otherwise'];
const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of closing.splice(0)) await one.close();
});

const QUESTION: IncomingQuestion = {
  ...{ event: 'call_incoming', id: 'EV_1', createdAt: 1 },
  call: {
    callId: 'CL_1',
    trunkId: 't',
    extension: null,
    from: '+4930123456',
    fromName: 'Ann',
    to: '+4930999',
  },
};
const never = (): never => {
  throw new Error('no name is looked up');
};
async function ask(answer: Answer, { allowPrivate = true, timeout = 5000 } = {}) {
  const receiver = await Receiver.listen();
  closing.push(receiver);
  receiver.otherwise = answer;
  const asker = new CallAsker(
    { allowPrivate, resolve: never, sign: (body) => `signed ${body.length}`, userAgent: 'Parley/1' },
    timeout,
  );
  return { result: await asker.ask(receiver.url, QUESTION), receiver };
}
const saying =
  (text: string): Answer =>
  (response) =>
    void response.writeHead(200).end(text);

describe('asking what becomes of a call', () => {
  it('is one signed POST, whose answer says it', async () => {
    const target = { kind: 'room', room: 'demo', identity: 'ann', role: 'host' };
    const { result, receiver } = await ask(saying(JSON.stringify({ target })));
    expect(result).toEqual({ answer: { target } });
    const [received] = receiver.received;
    expect(JSON.parse(received?.body.toString() ?? '')).toEqual(QUESTION);
    expect(received?.headers.authorization).toBe(`signed ${received?.body.length ?? 0}`);
  });

  it.each([
    [saying('<html>'), 'no JSON'],
    [saying('{"target":{"kind":"webhook","url":"http://x"}}'), 'with a target of kind room'],
    [saying('{"target":{"kind":"room","room":"../x"}}'), 'with a target of kind room'],
    [saying('{"target":{"kind":"pin"},"more":1}'), 'with a target of kind room'],
    [saying(`{"target":{"kind":"reject","why":"${'x'.repeat(20_000)}"}}`), 'too long'],
    [status(204), 'answered 204'],
    [status(302, { location: 'http://127.0.0.1/' }), 'answered 302'],
    [status(500), 'answered 500'],
  ])('says why there is none (%#): %s', async (answer, why) => {
    const { result } = await ask(answer);
    expect(result).toEqual({ why: expect.stringContaining(why) });
  });

  it('does not wait for who is silent, or never comes to an end', async () => {
    const endless: Answer = (response) => void response.writeHead(200).write('{"target":');
    for (const answer of [silence, endless])
      expect((await ask(answer, { timeout: 150 })).result).toEqual({
        why: 'There was no whole answer within 0.15 s.',
      });
  });

  it('does not reach into the network, unless that is allowed', async () => {
    const { result, receiver } = await ask(saying('{}'), { allowPrivate: false });
    expect(result).toEqual({ why: expect.stringMatching(/private/) });
    expect(receiver.received).toEqual([]);
  });
});
