import { parseNameAddress, parseNameAddresses, type NameAddress } from '../stack/message/NameAddress.ts';
import { toUtf8, type SipRequest } from '../stack/message/SipMessage.ts';
import { SipSyntaxError } from '../stack/message/SipSyntaxError.ts';
import { parseUri } from '../stack/message/uri.ts';
import { userOf } from '../stack/session/OutgoingSession.ts';
import { readParty } from '../book/numbers.ts';

export interface CallNumbers {
  /** E.164 where it is a number, a name or an extension otherwise; empty when withheld. */
  from: string;
  fromName: string;
  to: string;
}

const NO_NAME = 64;

/**
 * Who calls whom, of an INVITE. A trunk is believed when it says who calls (P-Asserted-Identity, RFC 3325); a caller who asks for privacy is
 * not named (RFC 3323).
 * @param registered user that is registered with the trunk: then that is who is called, and To says the number
 */
export function callNumbersOf(request: SipRequest, country: string, registered?: string): CallNumbers {
  const { headers } = request;
  const isPrivate = headers.tokens('privacy').some((token) => ['id', 'user', 'header'].includes(token));
  const from = isPrivate
    ? undefined
    : (assertedIdentity(request) ?? parseNameAddress(headers.get('from') ?? ''));
  const called = calledUser(request);
  const to =
    called === '' || called === registered ? userOf(parseNameAddress(headers.get('to') ?? '')) : called;
  return {
    from: from ? numberOf(userOf(from), country) : '',
    fromName: from ? nameOf(from) : '',
    to: numberOf(to, country),
  };
}

/** Whom the request itself is for: of a call to an account, the user that registered. Throws SipSyntaxError. */
export const calledUser = ({ uri }: SipRequest): string =>
  userOf({ displayName: '', uri: parseUri(uri), params: new Map() });

function assertedIdentity({ headers }: SipRequest): NameAddress | undefined {
  try {
    return headers.all('p-asserted-identity').flatMap(parseNameAddresses)[0];
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}

function numberOf(user: string, country: string): string {
  const party = readParty(user.replace(/[\p{Cc}\p{Cf}]+/gu, ''), country);
  if (party.kind === 'withheld') return '';
  return party.kind === 'number' ? party.e164 : party.name;
}

const nameOf = ({ displayName }: NameAddress): string =>
  toUtf8(displayName)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, NO_NAME);
