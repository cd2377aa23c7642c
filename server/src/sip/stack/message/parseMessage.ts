import { Headers } from './Headers.ts';
import { NO_BODY, type SipMessage } from './SipMessage.ts';
import { SipSyntaxError } from './SipSyntaxError.ts';

/** Largest body, bytes: what fits a UDP datagram must be taken (RFC 3261, section 18.1.1). */
export const MAX_BODY_BYTES = 65_535;
/** Largest head and largest line of it, bytes: many times what peers send, and little enough that whatever reads it is done with it at once. */
export const MAX_HEAD_BYTES = 16 * 1024;
const MAX_LINE_BYTES = 8 * 1024;
const MAX_FIELDS = 200;

/** A message that is broken, with what could be read of it: enough, often, to answer 400. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
  readonly partial: SipMessage | undefined;

  constructor(why: string, partial?: SipMessage) {
    super(why);
    this.partial = partial;
  }
}

const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) ([^ \t<>]+) (SIP\/\d+\.\d+)$/i;
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i;
const FIELD = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*:[ \t]*(.*)$/s;

/** Where the body begins, past the empty line; undefined while that has not come. */
export function endOfHead(data: Buffer, from = 0): number | undefined {
  const at = data.indexOf('\r\n\r\n', from);
  return at < 0 ? undefined : at + 4;
}

/** Reads the message of a datagram. Throws MalformedMessage. */
export function parseDatagram(data: Buffer): SipMessage {
  let start = 0;
  // RFC 3261, section 7.5: empty lines before a message are passed over.
  while (data[start] === 0x0d && data[start + 1] === 0x0a) start += 2;
  const end = endOfHead(data, start);
  if (end === undefined)
    throw new MalformedMessage('The header does not end.', readable(data.subarray(start)));
  const message = parseHead(data.subarray(start, end));
  const length = contentLengthOf(message);
  const body = data.subarray(end);
  if (length !== undefined && length > body.length)
    throw new MalformedMessage(`Content-Length is ${length}, but ${body.length} bytes came.`, message);
  return { ...message, body: Buffer.from(body.subarray(0, length ?? body.length)) };
}

/** Of a message without an end, what there is. */
function readable(data: Buffer): SipMessage | undefined {
  try {
    return parseHead(data);
  } catch (error) {
    return error instanceof MalformedMessage ? error.partial : undefined;
  }
}

/** Reads start line and header fields; the body is empty. Throws MalformedMessage. */
export function parseHead(head: Buffer): SipMessage {
  // A line that begins with white space goes on with the one before it.
  const [first = '', ...lines] = head
    .toString('latin1')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .filter((line) => line !== '');
  const headers = new Headers();
  const broken = lines.slice(0, MAX_FIELDS).filter((line) => !addField(headers, line));
  const message = parseStart(first, headers);
  if (lines.length > MAX_FIELDS)
    throw new MalformedMessage(`There are more than ${MAX_FIELDS} header fields.`, message);
  if (head.length > MAX_HEAD_BYTES || [first, ...lines].some(({ length }) => length > MAX_LINE_BYTES))
    throw new MessageTooLarge('The header, or a line of it, is too large.', message);
  if (broken[0] !== undefined)
    throw new MalformedMessage(`No header field: ${broken[0].slice(0, 80)}`, message);
  return message;
}

function addField(headers: Headers, line: string): boolean {
  const [, name = '', value = ''] = FIELD.exec(line) ?? [];
  if (name === '') return false;
  try {
    headers.add(name, value.trimEnd());
    return true;
  } catch (error) {
    if (error instanceof SipSyntaxError) return false;
    throw error;
  }
}

function parseStart(line: string, headers: Headers): SipMessage {
  const [, status, reason = ''] = STATUS_LINE.exec(line) ?? [];
  if (status !== undefined)
    return { kind: 'response', status: Number(status), reason, headers, body: NO_BODY };
  const [, method = '', uri = '', version = ''] = REQUEST_LINE.exec(line) ?? [];
  const request = { kind: 'request', method, uri, headers, body: NO_BODY } as const;
  if (version.toUpperCase() === 'SIP/2.0') return request;
  // What begins as a response is never answered. Of a request whose line is broken, the fields still say whom to answer.
  if (/^SIP\//i.test(line)) throw new MalformedMessage('The status line is broken.');
  const partial = { ...request, method: method || (/^[A-Z]+/.exec(line)?.[0] ?? 'UNKNOWN') };
  if (version !== '') throw new UnknownVersion(partial);
  throw new MalformedMessage('The request line is broken.', partial);
}

/** To be answered with 505. */
export class UnknownVersion extends MalformedMessage {
  constructor(partial: SipMessage) {
    super('This version of SIP is not spoken here.', partial);
  }
}

/** To be answered with 513. */
export class MessageTooLarge extends MalformedMessage {}

/** undefined where there is none. Throws MalformedMessage. */
export function contentLengthOf(message: SipMessage): number | undefined {
  const values = new Set(message.headers.all('content-length').map((value) => value.trim()));
  const [value] = values;
  if (value === undefined) return undefined;
  if (values.size > 1 || !/^\d{1,9}$/.test(value))
    throw new MalformedMessage(`Content-Length is ${[...values].join(' and ').slice(0, 40)}.`, message);
  return Number(value);
}
