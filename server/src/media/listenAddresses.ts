/**
 * On which addresses media ports listen, and what clients are told. Sockets are bound to each address of the machine
 * rather than to 0.0.0.0: an answer then always leaves from the address that was asked (ICE drops any other), on
 * machines with several networks or several IPv6 addresses too. What is announced does not depend on what is bound, so
 * any number of addresses and host names can be announced from behind a NAT.
 */
import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { IceCandidate } from '@parley/protocol';

/** More addresses than this only slow down ICE; they are those of containers, as a rule. */
const MAX_ADDRESSES = 16;
const LOOPBACK = '127.0.0.1';
const WILDCARDS: Readonly<Record<string, 'IPv4' | 'IPv6'>> = { '0.0.0.0': 'IPv4', '::': 'IPv6' };

export interface AddressPlan {
  /** Addresses to bind. */
  listen: string[];
  /** Addresses and host names for ICE candidates, the likeliest first. */
  announce: string[];
}

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Usable addresses: IPv4, then IPv6, then loopback, by which a browser on the same machine gets through in any network. */
function addressesOf(interfaces: Interfaces): string[] {
  const outside = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter(({ internal, address }) => !internal && !isLinkLocal(address))
    .map(({ address }) => address);
  const ordered = [...outside.filter((address) => isIPv4(address)), ...outside.filter(isIPv6)];
  return [...new Set(ordered)].slice(0, MAX_ADDRESSES - 1).concat(LOOPBACK);
}

/** Link-local addresses need a zone, which no ICE candidate can carry. */
function isLinkLocal(address: string): boolean {
  return /^169\.254\.|^fe[89ab]/i.test(address);
}

/** Throws an Error for the operator when listenIp is no address. */
export function planAddresses(options: {
  listenIp: string;
  announcedAddresses: readonly string[];
  interfaces: Interfaces;
}): AddressPlan {
  const { listenIp, announcedAddresses, interfaces } = options;
  if (listenIp !== '' && isIP(listenIp) === 0)
    throw new Error(`media.listenIp (PARLEY_MEDIA_LISTEN_IP) must be an IP address, not "${listenIp}".`);
  const guessed = addressesOf(interfaces);
  const wildcard = WILDCARDS[listenIp];
  const reachable =
    listenIp === ''
      ? guessed
      : wildcard
        ? guessed.filter((address) => (wildcard === 'IPv4' ? isIPv4(address) : isIPv6(address)))
        : [listenIp];
  return {
    listen: listenIp === '' ? guessed : [listenIp],
    announce: announcedAddresses.length > 0 ? [...new Set(announcedAddresses)] : reachable,
  };
}

/** Type preferences (RFC 8445 section 5.1.2.1, RFC 6544 section 4.2): TCP only where UDP does not come through. */
const TYPE_PREFERENCE = { udp: 126, tcp: 90 } as const;

/** Candidates of a port that is open for UDP and TCP on all announced addresses. */
export function buildIceCandidates(options: {
  announce: readonly string[];
  port: number;
  forceTcp: boolean;
}): IceCandidate[] {
  const { announce, port, forceTcp } = options;
  const protocols = forceTcp ? (['tcp'] as const) : (['udp', 'tcp'] as const);
  return protocols.flatMap((protocol) =>
    announce.map((address, index) => ({
      foundation: `${protocol}${index}`,
      priority: TYPE_PREFERENCE[protocol] * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255,
      ip: address,
      address,
      protocol,
      port,
      type: 'host',
      ...(protocol === 'tcp' && { tcpType: 'passive' }),
    })),
  );
}
