import type { LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ParleyError } from '@parley/protocol';
import type { Attempt } from './ports.ts';
import { findReceiver, parseReceiver, type Receiver, type Resolve } from './receiver.ts';

/** Most that is read of an answer, in bytes: only its status counts. */
const MAX_ANSWER_BYTES = 4096;

export interface SenderOptions {
  allowPrivate: boolean;
  resolve: Resolve;
  /** Gives the value of the header Authorization. */
  sign(body: string): string;
  /** Milliseconds from looking up the name to the status of the answer. */
  timeout: number;
  userAgent: string;
}

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

  #request({ url, addresses }: Receiver, body: string, signal: AbortSignal): Promise<number> {
    const options: RequestOptions = {
      method: 'POST',
      // A connection of its own: one that is kept open might lead to where the name led before.
      agent: false,
      lookup: pinnedTo(addresses),
      signal,
      headers: {
        'content-type': 'application/webhook+json',
        'content-length': Buffer.byteLength(body),
        authorization: this.#options.sign(body),
        'user-agent': this.#options.userAgent,
      },
    };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
      request.on('response', (response) => {
        resolve(response.statusCode ?? 0);
        discard(response);
      });
      request.on('error', reject);
      // NOTE: who answers with an upgrade ends a request without an error.
      request.on('close', () => reject(new Error('there was no answer to the request')));
      request.end(body);
    });
  }
}

/** Answers every question for an address with those that were checked. */
const pinnedTo =
  (addresses: LookupAddress[]): LookupFunction =>
  (_hostname, { all }, answer) => {
    const [first] = addresses;
    if (all === true) answer(null, addresses);
    else answer(null, first?.address ?? '', first?.family ?? 0);
  };

/** Reads a little, so that a receiver that answers briefly is not cut off. */
function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
}

function faultOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}. Redirects are not followed: name the address itself.`;
  return `The receiver answered ${status}.`;
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was cut before there was an answer.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The network cannot be reached.',
  ENOTFOUND: 'The name of the host is not known.',
  EAI_AGAIN: 'The name of the host could not be looked up.',
  ETIMEDOUT: 'The connection was not answered.',
};

function wordsOf(error: unknown): string {
  if (error instanceof ParleyError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return (WORDS[code] ?? `The request failed: ${[code, message].filter(Boolean).join(', ')}.`).slice(0, 500);
}

/** As the promise, or rejects when the signal comes first. */
async function orAbort<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new Error('aborted'));
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
