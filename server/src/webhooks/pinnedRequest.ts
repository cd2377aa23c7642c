/** Requests to receivers: one connection each, to an address that was checked, and to nobody else. */
import type { LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { ParleyError } from '@parley/protocol';
import type { Receiver } from './receiver.ts';

/** Most that is read of an answer of which only the status counts, in bytes. */
const MAX_ANSWER_BYTES = 4096;

interface Posted {
  body: string;
  headers: Record<string, string | number>;
  signal: AbortSignal;
}

/** Posts, and gives the status once `read` was told of the answer. Rejects when there is none. */
export function request(
  { url, addresses }: Receiver,
  { body, headers, signal }: Posted,
  read: (response: IncomingMessage) => void,
): Promise<number> {
  const options: RequestOptions = {
    method: 'POST',
    // A connection of its own: one that is kept open might lead to where the name led before.
    agent: false,
    lookup: pinnedTo(addresses),
    ...{ signal, headers },
  };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, options);
    sent.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      read(response);
    });
    sent.on('error', reject);
    // NOTE: who answers with an upgrade ends a request without an error.
    sent.on('close', () => reject(new Error('there was no answer to the request')));
    sent.end(body);
  });
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
export function discard(response: IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy();
  });
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

/** What went wrong, for people. */
export function wordsOf(error: unknown): string {
  if (error instanceof ParleyError) return error.message;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return (WORDS[code] ?? `The request failed: ${[code, message].filter(Boolean).join(', ')}.`).slice(0, 500);
}

/** As the promise, or rejects when the signal comes first. */
export async function orAbort<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new Error('aborted'));
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
