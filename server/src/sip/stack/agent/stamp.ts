import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { writeMessage, type SipRequest } from '../message/SipMessage.ts';
import { MAGIC_COOKIE } from '../message/Via.ts';
import type { Flow } from '../transport/Flow.ts';

/** Enough that nobody can guess one (RFC 3261, section 19.3). */
export const newTag = (): string => randomBytes(10).toString('hex');
export const newCallId = (): string => randomBytes(16).toString('hex');
export const newBranch = (): string => MAGIC_COOKIE + randomBytes(12).toString('hex');

/** A request as it goes out by a flow: with a Via and a branch of its own, and with where its sender can be reached. */
export function stamp(request: SipRequest, flow: Flow, contactUser?: string): SipRequest {
  const headers = request.headers.clone();
  const { transport, local } = flow;
  headers.addFirst('via', `SIP/2.0/${transport} ${hostPort(local)};branch=${newBranch()};rport`);
  if (contactUser !== undefined) headers.set('contact', contactOf(flow, contactUser));
  return { ...request, headers };
}

/** Where this side is reached by a flow, as a value of Contact. `user`: escaped already. */
export function contactOf({ transport, local }: Flow, user: string): string {
  const tail = transport === 'UDP' ? '' : `;transport=${transport.toLowerCase()}`;
  return `<sip:${user === '' ? '' : `${user}@`}${hostPort(local)}${tail}>`;
}

const hostPort = ({ address, port }: Flow['local']): string =>
  `${isIPv6(address) ? `[${address}]` : address}:${port}`;

/** Larger requests go over a connection, since UDP loses what does not fit a packet of the way (RFC 3261, section 18.1.1). */
export const MAX_UDP_BYTES = 1_300;

export const isLarge = (request: SipRequest): boolean => writeMessage(request).length > MAX_UDP_BYTES;
