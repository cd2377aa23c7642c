import { writeMessage, type SipRequest } from '../message/SipMessage.ts';
import type { Flow } from '../transport/Flow.ts';
import { answerTo } from '../transport/receive.ts';

/** Answers a request as a test wants it. */
export function answer(
  request: SipRequest,
  flow: Flow,
  o: { status: number; reason?: string; tag?: string; headers?: Record<string, string>; body?: string },
): void {
  const response = answerTo(
    request,
    { status: o.status, reason: o.reason ?? 'Any', headers: o.headers ?? {} },
    o.tag,
  );
  if (o.body !== undefined) response.headers.set('content-type', 'application/sdp');
  flow.send(writeMessage({ ...response, body: Buffer.from(o.body ?? '') }));
}
