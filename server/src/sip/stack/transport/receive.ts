import { checkRequest, isSound, type Abilities, type Refusal } from '../message/checkRequest.ts';
import { Headers } from '../message/Headers.ts';
import { type MalformedMessage, MessageTooLarge, UnknownVersion } from '../message/parseMessage.ts';
import { parseNameAddress } from '../message/NameAddress.ts';
import { NO_BODY, type SipMessage, type SipRequest, type SipResponse } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { parseVias, writeVia, type Via } from '../message/Via.ts';
import type { SocketAddress } from './Flow.ts';

/** Fields of a request that every answer to it has, as they came (RFC 3261, section 8.2.6.2). */
const ECHOED = ['via', 'from', 'to', 'call-id', 'cseq'];

/** An answer to a request, without a body. `headers` come behind those that every answer has. */
export function answerTo(
  request: SipRequest,
  { status, reason, headers = {} }: Refusal,
  tag?: string,
): SipResponse {
  const all = new Headers();
  for (const name of ECHOED)
    for (const value of request.headers.all(name)) all.add(name, name === 'to' ? withTag(value, tag) : value);
  for (const [name, value] of Object.entries(headers)) all.add(name, value);
  return { kind: 'response', status, reason, headers: all, body: NO_BODY };
}

/** A tag that is there stays. What cannot be read goes back as it came. */
function withTag(to: string, tag: string | undefined): string {
  if (tag === undefined) return to;
  try {
    return parseNameAddress(to).params.has('tag') ? to : `${to};tag=${tag}`;
  } catch (error) {
    if (error instanceof SipSyntaxError) return to;
    throw error;
  }
}

/** What to answer to what could not be read; undefined where nobody can be answered. */
export function answerToMalformed(error: MalformedMessage): SipResponse | undefined {
  const { partial } = error;
  if (partial?.kind !== 'request' || partial.method === 'ACK' || !canBeAnswered(partial)) return undefined;
  return answerTo(partial, refusalOf(error));
}

function refusalOf(error: MalformedMessage): Refusal {
  if (error instanceof UnknownVersion) return { status: 505, reason: 'Version Not Supported' };
  if (error instanceof MessageTooLarge) return { status: 513, reason: 'Message Too Large' };
  return { status: 400, reason: 'Bad Request' };
}

function canBeAnswered({ headers }: SipRequest): boolean {
  try {
    return parseVias(headers.get('via') ?? '').length > 0;
  } catch (error) {
    if (error instanceof SipSyntaxError) return false;
    throw error;
  }
}

export type Checked = { message: SipMessage } | { answer: SipResponse } | undefined;

/** Whether a message is to be dealt with, answered at once, or passed over. */
export function check(message: SipMessage, abilities: Abilities): Checked {
  if (message.kind === 'response') return isSound(message) ? { message } : undefined;
  const refusal = checkRequest(message, abilities);
  if (!refusal) return { message };
  if (message.method === 'ACK' || !canBeAnswered(message)) return undefined;
  return { answer: answerTo(message, refusal) };
}

/** Notes in the top Via where a request really came from (RFC 3261, section 18.2.1, and RFC 3581, section 4). */
export function noteSource(request: SipRequest, { address, port }: SocketAddress): void {
  const [first, ...others] = request.headers.all('via');
  if (first === undefined) return;
  const [top, ...rest] = parseVias(first);
  if (!top) return;
  const params = new Map(top.params);
  const wantsPort = params.has('rport');
  if (wantsPort) params.set('rport', String(port));
  if (wantsPort || bare(top.host) !== address) params.set('received', address);
  request.headers.delete('via');
  for (const value of [...others].reverse()) request.headers.addFirst('via', value);
  request.headers.addFirst('via', [{ ...top, params }, ...rest].map(writeVia).join(', '));
}

/** Where the answer to a request goes over UDP (RFC 3261, section 18.2.2; RFC 3581): behind a translator, only to where it came from. */
export function replyAddress({ port, params }: Via, source: SocketAddress): SocketAddress {
  return params.has('rport') ? source : { address: source.address, port: port ?? 5060 };
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '');
