import { Headers } from './Headers.ts';
import { asBytes } from './text.ts';
import { SipSyntaxError } from './SipSyntaxError.ts';
import { parseVias, type Via } from './Via.ts';

/**
 * A message (RFC 3261, section 7). Its header is text of one character for each byte (latin1), so that what is passed back stands as it
 * came; `toUtf8` makes text for people of it.
 */
interface Message {
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface SipRequest extends Message {
  readonly kind: 'request';
  /** In capitals for those that the RFCs know; methods differ by case. */
  readonly method: string;
  /** As it stands in the request line. */
  readonly uri: string;
}

export interface SipResponse extends Message {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

export interface CSeq {
  readonly sequence: number;
  readonly method: string;
}

const CSEQ = /^(\d{1,10})[ \t\r\n]+([A-Za-z0-9\-.!%*_+`'~]+)$/;
/** RFC 3261, section 8.1.1.5. */
const MAX_CSEQ = 2 ** 31 - 1;

/** Throws SipSyntaxError. */
export function cseqOf({ headers }: Message): CSeq {
  const [, digits = '', method = ''] = CSEQ.exec((headers.get('cseq') ?? '').trim()) ?? [];
  const sequence = Number(digits);
  if (method === '' || sequence > MAX_CSEQ)
    throw new SipSyntaxError('CSeq is not a number below 2^31 and a method');
  return { sequence, method };
}

/** The topmost. Throws SipSyntaxError. */
export function topVia({ headers }: Message): Via {
  const [via] = parseVias(headers.get('via') ?? '');
  if (!via) throw new SipSyntaxError('there is no Via');
  return via;
}

const REQUEST_PART = /^[\x21-\x7e]+$/;

/**
 * As it goes on the wire. Content-Length is always that of the body. Line ends of a reason phrase become spaces; throws SipSyntaxError for a
 * method or a URI that would end the request line.
 */
export function writeMessage(message: SipMessage): Buffer {
  const first = message.kind === 'request' ? requestLine(message) : statusLine(message);
  const headers = message.headers.clone().set('content-length', message.body.length);
  return Buffer.concat([Buffer.from(`${first}${headers.toString()}\r\n`, 'latin1'), message.body]);
}

function requestLine({ method, uri }: SipRequest): string {
  if (!REQUEST_PART.test(method) || !REQUEST_PART.test(uri))
    throw new SipSyntaxError('the method or the URI of a request has white space in it');
  return `${method} ${uri} SIP/2.0\r\n`;
}

const statusLine = ({ status, reason }: SipResponse): string =>
  `SIP/2.0 ${status} ${asBytes(reason).replace(/[\r\n\0]+/g, ' ')}\r\n`;

export const NO_BODY = Buffer.alloc(0);
export { Headers };
export { fromUtf8, saidTo, toUtf8 } from './text.ts';
