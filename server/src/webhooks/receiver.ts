/** Which addresses events may be posted to: the server sits inside a network that a URL must not be a way into. */
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { ParleyError } from '@parley/protocol';
import ipaddr from 'ipaddr.js';

/** Gives all addresses of a name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

export interface Receiver {
  url: URL;
  /** The addresses of its host, all of which were checked: connect to one of these and no other. */
  addresses: LookupAddress[];
}

/**
 * Whether an address is one of the public Internet. What wraps an IPv4 address into IPv6 (mapped, NAT64, 6to4, Teredo) is not.
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  // NOTE: in IPv6 only 2000::/3 is given out; of the rest, whatever has no name is called unicast, ::127.0.0.1 for one.
  const isGivenOut = parsed.kind() === 'ipv4' || (parsed.toByteArray()[0] ?? 0) >> 5 === 1;
  return isGivenOut && parsed.range() === 'unicast';
}

/** The URL of a receiver as it is kept. Throws URL_REFUSED. */
export function parseReceiver(text: string, allowPrivate: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw refused('It is no URL.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('It has to be https or http.');
  if (url.username !== '' || url.password !== '')
    throw refused('It must not hold a user name or a password. Events are signed instead.');
  url.hash = '';
  const literal = literalOf(url);
  if (literal !== undefined && !allowPrivate) assertPublic([literal]);
  return url;
}

/** Looks up where events would go, and checks every address. Throws URL_REFUSED, and what `resolve` throws. */
export async function findReceiver(
  text: string,
  { allowPrivate, resolve }: { allowPrivate: boolean; resolve: Resolve },
): Promise<Receiver> {
  const url = parseReceiver(text, allowPrivate);
  const literal = literalOf(url);
  const addresses =
    literal === undefined ? await resolve(url.hostname) : [{ address: literal, family: isIP(literal) }];
  if (addresses.length === 0) throw refused('Its name has no address.');
  if (!allowPrivate) assertPublic(addresses.map(({ address }) => address));
  return { url, addresses };
}

/** NOTE: the URL parser has made 0x7f.1, 2130706433 and the like into 127.0.0.1. */
function literalOf({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? undefined : bare;
}

function assertPublic(addresses: readonly string[]): void {
  if (addresses.every(isPublic)) return;
  throw refused('Its address is private or otherwise special; webhooks.allowPrivate would permit that.');
}

const refused = (reason: string): ParleyError =>
  new ParleyError('URL_REFUSED', { message: `The address cannot be used. ${reason}` });
