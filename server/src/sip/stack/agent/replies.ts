import type { Core } from './Core.ts';
import { NO_BODY } from '../message/SipMessage.ts';
import type { ServerTransaction } from '../transaction/ServerTransaction.ts';
import { answerTo } from '../transport/receive.ts';

/** The usual phrases (RFC 3261, section 21, and those that came later). */
const PHRASES: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  181: 'Call Is Being Forwarded',
  182: 'Queued',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  302: 'Moved Temporarily',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  422: 'Session Interval Too Small',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  484: 'Address Incomplete',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  489: 'Bad Event',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  600: 'Busy Everywhere',
  603: 'Decline',
};

export const phraseOf = (status: number): string => PHRASES[status] ?? 'Unknown';

export interface Reply {
  readonly reason?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
}

/** What an answer looks like; it is not sent. `tag`: of the To field, where it has none. */
export function makeReply(
  { request }: ServerTransaction,
  { core, status, tag, reply = {} }: { core: Core; status: number; tag?: string; reply?: Reply },
): ReturnType<typeof answerTo> {
  const response = answerTo(request, { status, reason: reply.reason ?? phraseOf(status) }, tag);
  // RFC 3261, section 12.1.1: whoever wants to stay in the way says so to both sides.
  if (request.method === 'INVITE')
    for (const route of request.headers.all('record-route')) response.headers.add('record-route', route);
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    for (const one of [value].flat()) if (one !== undefined) response.headers.add(name, one);
  if (core.product !== undefined) response.headers.set('server', core.product);
  if (reply.body === undefined) return { ...response, body: NO_BODY };
  response.headers.set('content-type', reply.contentType ?? 'application/sdp');
  return { ...response, body: Buffer.from(reply.body) };
}
