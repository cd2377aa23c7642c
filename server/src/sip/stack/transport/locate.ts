import { isIP } from 'node:net';
import { isSip, type SipUri, type Uri } from '../message/uri.ts';
import type { SocketAddress, TransportName } from './Flow.ts';

export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** What is asked of DNS; an empty list where there is nothing. */
export interface Names {
  srv(name: string): Promise<readonly SrvRecord[]>;
  addresses(name: string): Promise<readonly string[]>;
}

export interface Target extends SocketAddress {
  readonly transport: TransportName;
  /** What a certificate has to be for. */
  readonly serverName: string;
  /** Only tried in place of this, since a request is large: where nobody listens, that is not asked again soon. */
  readonly insteadOf?: TransportName;
}

const SERVICES: Readonly<Record<TransportName, string>> = {
  UDP: '_sip._udp',
  TCP: '_sip._tcp',
  TLS: '_sips._tcp',
};
const PORTS: Readonly<Record<TransportName, number>> = { UDP: 5060, TCP: 5060, TLS: 5061 };
/** Nobody has more; whoever makes a name that has wants to be called by everybody. */
const MAX_TARGETS = 16;

/**
 * Where a request is sent, first choice first (RFC 3263, section 4); the others are for when it does not answer, or says 503. The transport is
 * what the URI says, or else `usual`: NAPTR is not asked, as trunks are configured with theirs.
 */
export async function locate(
  uri: Uri,
  names: Names,
  { usual = 'UDP', random = Math.random }: { usual?: TransportName; random?: () => number } = {},
): Promise<Target[]> {
  if (!isSip(uri)) return [];
  const transport = transportOf(uri, usual);
  const host = (uri.params.get('maddr') ?? uri.host).replace(/^\[|\]$/g, '');
  const port = uri.port ?? PORTS[transport];
  const common = { transport, serverName: host };
  if (port === 0) return [];
  if (isIP(host) !== 0) return [{ ...common, address: host, port }];
  const records = uri.port === undefined ? await names.srv(`${SERVICES[transport]}.${host}`) : [];
  const hosts = records.length > 0 ? inOrder(records.filter(isSpoken), random) : [{ name: host, port }];
  const targets: Target[] = [];
  for (const one of hosts.slice(0, MAX_TARGETS))
    for (const address of await names.addresses(one.name))
      targets.push({ ...common, address, port: one.port });
  return targets.slice(0, MAX_TARGETS);
}

/** A root for a name says that there is no such service (RFC 2782); a port 0 comes to the same. */
const isSpoken = ({ name, port }: SrvRecord): boolean => port > 0 && name !== '' && name !== '.';

function transportOf({ scheme, params }: SipUri, usual: TransportName): TransportName {
  const said = params.get('transport')?.toUpperCase();
  if (scheme === 'sips' || said === 'TLS') return 'TLS';
  return said === 'TCP' || said === 'UDP' ? said : usual;
}

/** Lowest priority first; among equals by lot, as their weights say (RFC 2782). */
function inOrder(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  const priorities = [...new Set(records.map(({ priority }) => priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    byLot(
      records.filter((record) => record.priority === priority),
      random,
    ),
  );
}

function byLot(records: readonly SrvRecord[], random: () => number): SrvRecord[] {
  // Those without weight first: so they have a chance, if a small one.
  const left = [...records].sort((a, b) => a.weight - b.weight);
  const drawn: SrvRecord[] = [];
  while (left.length > 0) {
    const total = left.reduce((sum, { weight }) => sum + weight, 0);
    const lot = random() * total;
    let sum = 0;
    const at = left.findIndex(({ weight }) => (sum += weight) >= lot);
    drawn.push(...left.splice(Math.max(0, at), 1));
  }
  return drawn;
}
