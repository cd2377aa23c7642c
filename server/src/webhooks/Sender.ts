import { ParleyError } from '@parley/protocol';
import type { Attempt } from './ports.ts';
import { discard, orAbort, request, wordsOf } from './pinnedRequest.ts';
import { findReceiver, parseReceiver, type Receiver, type Resolve } from './receiver.ts';

export interface SenderOptions {
  allowPrivate: boolean;
  resolve: Resolve;
  /** Gives the value of the header Authorization. */
  sign(body: string): string;
  /** Milliseconds from looking up the name to the status of the answer. */
  timeout: number;
  userAgent: string;
}

/** Of a body that is posted. */
export const headersFor = (
  { sign, userAgent }: Pick<SenderOptions, 'sign' | 'userAgent'>,
  body: string,
): Record<string, string | number> => ({
  'content-type': 'application/webhook+json',
  'content-length': Buffer.byteLength(body),
  authorization: sign(body),
  'user-agent': userAgent,
});

/** Posts events, one request each. What it connects to is what it has checked, and it follows nobody elsewhere. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong stands in the result, in words. */
  async post(url: string, body: string): Promise<Attempt> {
    const at = Date.now();
    const start = performance.now();
    const done = (responseStatus: number | null, error: string | null): Attempt => ({
      ...{ at, responseStatus, error },
      duration: Math.round(performance.now() - start),
    });
    const signal = AbortSignal.timeout(this.#options.timeout);
    try {
      const receiver = await orAbort(signal, findReceiver(url, this.#options));
      const status = await this.#request(receiver, body, signal);
      return done(status, faultOf(status));
    } catch (error) {
      return done(
        null,
        signal.aborted ? `There was no answer within ${this.#options.timeout / 1000} s.` : wordsOf(error),
      );
    }
  }

  /**
   * The URL as it is kept. Throws URL_REFUSED when it cannot be used as it is now; where its name cannot be looked up, that may
   * change, and each delivery looks anew.
   */
  async check(text: string): Promise<string> {
    const { href } = parseReceiver(text, this.#options.allowPrivate);
    const signal = AbortSignal.timeout(this.#options.timeout);
    try {
      await orAbort(signal, findReceiver(href, this.#options));
    } catch (error) {
      if (error instanceof ParleyError) throw error;
    }
    return href;
  }

  #request(receiver: Receiver, body: string, signal: AbortSignal): Promise<number> {
    const headers = headersFor(this.#options, body);
    return request(receiver, { body, headers, signal }, (response) => discard(response));
  }
}

function faultOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}. Redirects are not followed: name the address itself.`;
  return `The receiver answered ${status}.`;
}
