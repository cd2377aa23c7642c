import { Headers } from '../message/Headers.ts';
import { NO_BODY, cseqOf, type SipRequest } from '../message/SipMessage.ts';

/** The CANCEL of an INVITE as it was sent (RFC 3261, section 9.1). `reason`: value of Reason (RFC 3326). */
export function cancelOf({ uri, headers }: SipRequest, reason?: string): SipRequest {
  return {
    ...{ kind: 'request', method: 'CANCEL', uri, body: NO_BODY },
    headers: Headers.of({
      Via: headers.get('via'),
      Route: headers.all('route'),
      'Max-Forwards': 70,
      From: headers.get('from'),
      To: headers.get('to'),
      'Call-ID': headers.get('call-id'),
      CSeq: `${cseqOf({ headers, body: NO_BODY }).sequence} CANCEL`,
      Reason: reason,
    }),
  };
}
