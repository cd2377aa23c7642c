import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Trunk } from '@parley/protocol';
import { DigestClient } from '../stack/auth/DigestClient.ts';
import type { Path } from '../stack/agent/Path.ts';
import { parseUri, type Uri } from '../stack/message/uri.ts';
import type { TransportName } from '../stack/transport/Flow.ts';
import { bare } from '../book/dispatch.ts';
import { formatNumber } from '../book/numbers.ts';

const TRANSPORTS: Readonly<Record<'udp' | 'tcp' | 'tls', TransportName>> = {
  udp: 'UDP',
  tcp: 'TCP',
  tls: 'TLS',
};

/** A trunk, as calls use it: how it is reached, and what it is told. */
export class TrunkLine {
  readonly trunk: Trunk;
  /** Of calls that are made; those of a registration are its own. */
  readonly path: Path;
  /** Hosts whose addresses calls of this trunk may come from, beside those that are allowed by number. */
  readonly hosts: readonly string[];
  /** Calls that go on, also of what the trunk was before it was changed. */
  readonly #load: { calls: number };

  /** Throws for files of certificates that cannot be read, and for addresses that are none. */
  constructor(trunk: Trunk, before?: TrunkLine) {
    this.trunk = trunk;
    this.#load = before ? before.#load : { calls: 0 };
    const { outbound, registration } = trunk;
    const credentials = outbound?.auth ?? registration?.auth;
    const transport = outbound?.transport ?? registration?.transport;
    this.path = {
      proxy: outbound?.proxy === undefined ? undefined : parseUri(outbound.proxy),
      transport: transport && TRANSPORTS[transport],
      tls: tlsOf(trunk),
      digest: credentials && new DigestClient(credentials),
    };
    const places = [outbound?.address, registration?.registrar].filter((place) => place !== undefined);
    this.hosts = [
      ...places.map((place) => hostOf(sipUri('', place))),
      ...(this.path.proxy ? [hostOf(this.path.proxy)] : []),
    ];
  }

  get calls(): number {
    return this.#load.calls;
  }

  /** One call more; ends when what it gives is called. */
  occupy(): () => void {
    this.#load.calls += 1;
    return () => void (this.#load.calls -= 1);
  }

  /** How its registrar is reached: as calls are, but by a transport of its own where it has one. */
  get registrarPath(): Path {
    const own = this.trunk.registration?.transport;
    return { ...this.path, ...(own && { transport: TRANSPORTS[own] }) };
  }

  get isFull(): boolean {
    return this.calls >= this.trunk.maxCalls;
  }

  /** How well it takes calls of a number: not at all, by a beginning of so many characters, or exactly. */
  fitOf(number: string): number | undefined {
    const numbers = this.trunk.inbound?.numbers;
    if (numbers?.length === 0) return 0;
    const fits = (numbers ?? []).map(bare).flatMap((pattern) => {
      if (pattern === number) return [Number.POSITIVE_INFINITY];
      const start = pattern.endsWith('*') ? pattern.slice(0, -1) : undefined;
      return start !== undefined && number.startsWith(start) ? [start.length] : [];
    });
    return fits.length > 0 ? Math.max(...fits) : undefined;
  }

  /** Where a number is called by it. Throws where the trunk makes no calls. */
  uriOf(number: string): Uri {
    const { outbound, country } = this.trunk;
    if (!outbound) throw new Error(`Trunk ${this.trunk.trunkId} makes no calls.`);
    const { address, uriParams, numberFormat } = outbound;
    const user = formatNumber(number, numberFormat, country);
    return sipUri(user, uriParams === undefined ? address : `${address};${uriParams}`);
  }

  /** Host of the addresses that it knows this side by. */
  get domain(): string {
    const { outbound, registration } = this.trunk;
    const place = outbound?.fromDomain ?? outbound?.address ?? registration?.registrar ?? '';
    return place.replace(/:\d+$/, '');
  }

  /** As whom it calls. */
  identityOf(callerId: string | null): Uri {
    const { outbound, country } = this.trunk;
    const number = callerId ?? outbound?.callerId ?? '';
    const user =
      outbound?.fromUser ??
      (number === '' ? 'anonymous' : formatNumber(number, outbound?.numberFormat ?? 'e164', country));
    return sipUri(user, this.domain);
  }

  /** Headers that its INVITEs have beside the usual ones. */
  headersOf(callerId: string | null): Record<string, string> {
    const { outbound } = this.trunk;
    if (!outbound) return {};
    const number = callerId ?? outbound.callerId;
    const { callerIdHeader } = outbound;
    const shown =
      callerIdHeader === 'none' || number === null
        ? {}
        : { [callerIdHeader]: `<sip:${number}@${this.domain}>` };
    return { ...outbound.headers, ...shown };
  }
}

/** `address`: host, or host:port; parameters may follow. */
export function sipUri(user: string, address: string): Uri {
  const at = user === '' ? '' : `${encodeURIComponent(user).replaceAll('%2B', '+')}@`;
  return parseUri(`sip:${at}${address}`);
}

const hostOf = (uri: Uri): string => ('host' in uri ? uri.host.replace(/^\[|\]$/g, '') : '');

function tlsOf({ tls }: Trunk): ConnectionOptions | undefined {
  if (!tls) return undefined;
  const fileOf = (path: string | undefined): Buffer | undefined =>
    path === undefined ? undefined : readFileSync(path);
  const [ca, cert, key] = [fileOf(tls.ca), fileOf(tls.cert), fileOf(tls.key)];
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
    ...(tls.minVersion !== undefined && { minVersion: tls.minVersion }),
    ...(tls.alpn && { ALPNProtocols: ['sip'] }),
    rejectUnauthorized: tls.verify,
  };
}
