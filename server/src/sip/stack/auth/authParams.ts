import { Scanner } from '../message/Scanner.ts';
import { quote } from '../message/params.ts';

/** Names and values of a challenge or of credentials; names in lower case. */
export type AuthParams = ReadonlyMap<string, string>;

/** Reads `Digest name=value, name="value"` (RFC 3261, section 25.1). undefined for another scheme. Throws SipSyntaxError. */
export function parseDigest(text: string): AuthParams | undefined {
  const scanner = new Scanner(text).white();
  if (scanner.token().toLowerCase() !== 'digest') return undefined;
  const params = new Map<string, string>();
  scanner.white();
  do {
    const name = scanner.token().toLowerCase();
    scanner.wantSeparator('=');
    params.set(name, scanner.next === '"' ? scanner.quoted() : scanner.until(', \t\r\n'));
  } while (scanner.takeSeparator(','));
  scanner.end();
  return params;
}

/** These stand without quotes (RFC 8760, section 2; RFC 7616, section 3.4). */
const BARE = new Set(['algorithm', 'qop', 'nc', 'stale']);

/** `qop` is a token in credentials and a quoted list in challenges. */
export function writeDigest(
  params: Readonly<Record<string, string | undefined>>,
  { isChallenge = false } = {},
): string {
  const parts = Object.entries(params).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const isBare = BARE.has(name) && !(isChallenge && name === 'qop');
    return [`${name}=${isBare ? value : quote(value)}`];
  });
  return `Digest ${parts.join(', ')}`;
}
