import { Scanner } from './Scanner.ts';
import { readParams, type Params } from './params.ts';
import type { SipMessage } from './SipMessage.ts';
import { SipSyntaxError } from './SipSyntaxError.ts';

export const SDP = 'application/sdp';

/** The description in a message, if there is one. `isUnderstood` is false for a body that is to be refused with 415. */
export interface Description {
  readonly sdp: string | undefined;
  readonly isUnderstood: boolean;
}

/** Finds the description in a body, also in one of several parts as gateways to the telephone network send (RFC 3261, section 7.4.1). */
export function findDescription({ headers, body }: SipMessage): Description {
  if (body.length === 0) return { sdp: undefined, isUnderstood: true };
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const type = readType(headers.get('content-type'));
  if (encoding !== 'identity' || !type) return { sdp: undefined, isUnderstood: isOptional(headers) };
  if (type.name === SDP) return { sdp: body.toString('utf8'), isUnderstood: true };
  const boundary = type.params.get('boundary');
  const sdp =
    type.name.startsWith('multipart/') && boundary !== undefined ? findPart(body, boundary) : undefined;
  return { sdp, isUnderstood: sdp !== undefined || isOptional(headers) };
}

const isOptional = (headers: SipMessage['headers']): boolean =>
  /;\s*handling\s*=\s*optional/i.test(headers.get('content-disposition') ?? '');

/** Type in lower case, and parameters. undefined for what is none. */
function readType(text: string | undefined): { name: string; params: Params } | undefined {
  if (text === undefined) return undefined;
  try {
    const scanner = new Scanner(text).white();
    const kind = scanner.token();
    scanner.wantSeparator('/');
    return { name: `${kind}/${scanner.token()}`.toLowerCase(), params: readParams(scanner) };
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}

function findPart(body: Buffer, boundary: string): string | undefined {
  for (const part of body.toString('latin1').split(`--${boundary}`)) {
    const end = part.indexOf('\r\n\r\n');
    const type = /^content-type\s*:\s*([^;\r\n]+)/im.exec(part.slice(0, Math.max(0, end)))?.[1];
    if (type?.trim().toLowerCase() !== SDP) continue;
    return Buffer.from(part.slice(end + 4).replace(/\r\n$/, ''), 'latin1').toString('utf8');
  }
  return undefined;
}
