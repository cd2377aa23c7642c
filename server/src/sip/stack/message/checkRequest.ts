import { parseNameAddress, parseNameAddresses } from './NameAddress.ts';
import { cseqOf, topVia, type SipRequest, type SipResponse } from './SipMessage.ts';
import { SipSyntaxError } from './SipSyntaxError.ts';
import { isSip, parseUri } from './uri.ts';
import { parseVias } from './Via.ts';

/** Why a request is not taken, as it is answered. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** Fields that the answer must have. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Abilities {
  /** Methods that are understood. */
  readonly methods: readonly string[];
  /** Option tags, RFC 3261 section 19.2, in lower case. */
  readonly extensions: readonly string[];
}

/** Methods of other RFCs that are known, but not what this is for. */
const KNOWN = ['MESSAGE', 'SUBSCRIBE', 'PUBLISH'];
const SINGLE = ['to', 'from', 'call-id', 'cseq', 'max-forwards', 'content-length', 'content-type'];
const ADDRESSES = ['contact', 'route', 'record-route'];

/** Whether a request is well made and can be dealt with at all (RFC 3261, section 8.2). undefined when it is. */
export function checkRequest(request: SipRequest, { methods, extensions }: Abilities): Refusal | undefined {
  const fault = findFault(request);
  if (fault !== undefined) return { status: 400, reason: `Bad Request: ${fault}` };
  if (!methods.includes(request.method))
    return { ...notAllowed(request.method), headers: { Allow: methods.join(', ') } };
  if (!hasKnownScheme(request.uri)) return { status: 416, reason: 'Unsupported URI Scheme' };
  const unknown = request.headers.tokens('require').filter((tag) => !extensions.includes(tag));
  const mayRefuse = request.method !== 'ACK' && request.method !== 'CANCEL';
  if (unknown.length > 0 && mayRefuse)
    return { status: 420, reason: 'Bad Extension', headers: { Unsupported: unknown.join(', ') } };
  return undefined;
}

/** RFC 3261, sections 21.4.6 and 21.5.2. */
const notAllowed = (method: string): Refusal =>
  KNOWN.includes(method)
    ? { status: 405, reason: 'Method Not Allowed' }
    : { status: 501, reason: 'Not Implemented' };

/** Whether a response can be the answer to anything. What is not is passed over (RFC 4475, sections 3.1.2.5 and 3.3). */
export function isSound(response: SipResponse): boolean {
  try {
    topVia(response);
    cseqOf(response);
    return true;
  } catch (error) {
    if (error instanceof SipSyntaxError) return false;
    throw error;
  }
}

/** `sip:`, `sips:`, and `tel:`, which carriers send, too. */
function hasKnownScheme(text: string): boolean {
  const uri = parseUri(text);
  return isSip(uri) || uri.scheme === 'tel';
}

function findFault(request: SipRequest): string | undefined {
  const { headers } = request;
  const twice = SINGLE.find((name) => new Set(headers.all(name)).size > 1);
  if (twice !== undefined) return `more than one ${twice}`;
  const missing = ['to', 'from', 'call-id', 'cseq', 'via'].find((name) => !headers.get(name)?.trim());
  if (missing !== undefined) return `no ${missing}`;
  try {
    readAll(request);
    return undefined;
  } catch (error) {
    if (error instanceof SipSyntaxError) return error.message.replace(/[^\x20-\x7e]/g, '?');
    throw error;
  }
}

function readAll({ method, uri, headers }: SipRequest): void {
  const target = parseUri(uri);
  // RFC 3261, section 19.1.1: a request line has no headers in its URI.
  if (isSip(target) && target.headers !== undefined) throw new SipSyntaxError('the request URI has headers');
  for (const name of ['to', 'from']) parseNameAddress(headers.get(name) ?? '');
  for (const name of ADDRESSES)
    for (const line of headers.all(name))
      if (!(name === 'contact' && line.trim() === '*')) parseNameAddresses(line);
  for (const line of headers.all('via')) parseVias(line);
  const cseq = cseqOf({ headers, body: Buffer.alloc(0) });
  if (cseq.method !== method) throw new SipSyntaxError('CSeq names another method');
  const hops = headers.get('max-forwards');
  if (hops !== undefined && !(/^\d{1,10}$/.test(hops.trim()) && Number(hops) <= 255))
    throw new SipSyntaxError('Max-Forwards is no number up to 255');
}
