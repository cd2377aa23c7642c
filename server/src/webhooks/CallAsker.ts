import type { IncomingMessage } from 'node:http';
import { IncomingAnswer, type IncomingQuestion } from '@parley/protocol';
import { Value } from 'typebox/value';
import { orAbort, request, wordsOf } from './pinnedRequest.ts';
import { findReceiver } from './receiver.ts';
import { headersFor, type SenderOptions } from './Sender.ts';

/** Whoever calls waits for it. */
const TIMEOUT_MS = 3000;
const MAX_ANSWER_BYTES = 16_384;

export type Asked = { answer: IncomingAnswer } | { why: string };

/** Asks a receiver what becomes of a call: one request, signed, to an address that was checked. */
export class CallAsker {
  readonly #options: Omit<SenderOptions, 'timeout'>;
  readonly #timeout: number;

  constructor(options: Omit<SenderOptions, 'timeout'>, timeout = TIMEOUT_MS) {
    this.#options = options;
    this.#timeout = timeout;
  }

  /** Never rejects: `why`, for people, where there is no answer that can be used. */
  async ask(url: string, question: IncomingQuestion): Promise<Asked> {
    const signal = AbortSignal.timeout(this.#timeout);
    const body = JSON.stringify(question);
    try {
      const receiver = await orAbort(signal, findReceiver(url, this.#options));
      const headers = headersFor(this.#options, body);
      const text = Promise.withResolvers<string>();
      // Where the status says enough, nobody waits for the rest, which may never come.
      text.promise.catch(() => undefined);
      const read = (response: IncomingMessage): void => text.resolve(textOf(response));
      const status = await request(receiver, { body, headers, signal }, read);
      if (status !== 200) return { why: `The receiver answered ${status}, and not 200.` };
      return answerIn(await orAbort(signal, text.promise));
    } catch (error) {
      return {
        why: signal.aborted ? `There was no whole answer within ${this.#timeout / 1000} s.` : wordsOf(error),
      };
    }
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answerIn(text: string): Asked {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: 'The receiver answered something that is no JSON.' };
  }
  if (Value.Check(IncomingAnswer, value)) return { answer: value };
  return {
    why: 'The receiver answered something else than {"target": …} with a target of kind room, pin, user or reject.',
  };
}
