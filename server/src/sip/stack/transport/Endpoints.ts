import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { Network } from './Network.ts';
import type { Uri } from '../message/uri.ts';
import type { Flow, SocketAddress, TransportName } from './Flow.ts';
import { locate, type Names, type Target } from './locate.ts';
import type { Reception } from './Reception.ts';
import { StreamEndpoint } from './StreamEndpoint.ts';
import { UdpEndpoint } from './UdpEndpoint.ts';

export type Listen =
  | ({ readonly transport: 'UDP' | 'TCP' } & SocketAddress)
  | ({ readonly transport: 'TLS'; readonly tls: TlsOptions } & SocketAddress);

/** A host that does not take connections is not asked for one again for so long only because a request is large. */
const NO_TCP_MS = 10 * 60_000;
/** How often connections and registered ways are shown to be in use, so that translators keep them (RFC 5626, section 3.5.1). */
const PING_MS = 25_000;

/** All sockets of a user agent. */
export class Endpoints implements Network {
  readonly #names: Names;
  readonly #reaches: Reception['reaches'];
  readonly #udp: { endpoint: UdpEndpoint; isIPv6: boolean }[] = [];
  readonly #streams: { endpoint: StreamEndpoint; transport: TransportName; isIPv6: boolean }[] = [];
  readonly #noTcp = new Map<string, number>();
  readonly #listening: (SocketAddress & { transport: TransportName })[] = [];
  #pings: NodeJS.Timeout | undefined;

  /** Rejects with the system's error when an address cannot be used; then nothing is open. */
  static async open(
    listen: readonly Listen[],
    o: { reception: Reception; names: Names },
  ): Promise<Endpoints> {
    const endpoints = new Endpoints(o);
    try {
      for (const one of listen) await endpoints.#listen(one, o.reception);
      await endpoints.#openOutward(o.reception);
    } catch (error) {
      await endpoints.close();
      throw error;
    }
    return endpoints;
  }

  private constructor({ names, reception }: { reception: Reception; names: Names }) {
    this.#names = names;
    this.#reaches = reception.reaches;
    this.#pings = setInterval(() => this.#ping(), PING_MS);
    this.#pings.unref();
  }

  /** Where it listens, with the ports that were chosen where 0 was asked for. */
  get listening(): readonly (SocketAddress & { transport: TransportName })[] {
    return this.#listening;
  }

  locate(uri: Uri, usual?: TransportName): Promise<Target[]> {
    return locate(uri, this.#names, usual ? { usual } : {});
  }

  async flowTo(target: Target, tls: ConnectionOptions = {}): Promise<Flow> {
    const { transport, address, port } = target;
    this.#reaches?.(address);
    const sixth = isIPv6(address);
    if (transport === 'UDP') {
      const found = this.#udp.find((one) => one.isIPv6 === sixth);
      if (!found) throw new Error(`Nothing is listened at from which ${address} can be reached over UDP.`);
      return found.endpoint.flowTo({ address, port });
    }
    const streams = this.#streams.filter((one) => one.transport === transport);
    const stream = streams.find((one) => one.isIPv6 === sixth) ?? streams[0];
    if (!stream) throw new Error(`${transport} is not spoken here.`);
    const key = `${transport} ${address} ${port}`;
    if (target.insteadOf && (this.#noTcp.get(key) ?? 0) > Date.now())
      throw new Error(`${address} takes no connections.`);
    try {
      const flow = await stream.endpoint.flowTo({ address, port }, tls);
      this.#noTcp.delete(key);
      return flow;
    } catch (error) {
      if (target.insteadOf) this.#noTcp.set(key, Date.now() + NO_TCP_MS);
      throw error;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#pings);
    await Promise.all([...this.#udp, ...this.#streams].map(({ endpoint }) => endpoint.close()));
  }

  async #listen(listen: Listen, common: Reception): Promise<void> {
    const { transport, address, port } = listen;
    const reception = { ...receptionOf(common), advertised: common.advertised ?? outerAddress(address) };
    const at = { address, port };
    const sixth = isIPv6(address);
    if (transport === 'UDP') {
      const endpoint = await UdpEndpoint.open(at, reception);
      this.#udp.push({ endpoint, isIPv6: sixth });
      this.#listening.push({ transport, address, port: endpoint.port });
      return;
    }
    const tls = transport === 'TLS' ? listen.tls : {};
    const endpoint = await StreamEndpoint.open({ transport, listen: at, tls }, reception);
    this.#streams.push({ endpoint, transport, isIPv6: sixth });
    this.#listening.push({ transport, address, port: endpoint.port ?? 0 });
  }

  /** Connections are opened also where none are taken. */
  async #openOutward(reception: Reception): Promise<void> {
    for (const transport of ['TCP', 'TLS'] as const)
      if (!this.#streams.some((one) => one.transport === transport)) {
        const endpoint = await StreamEndpoint.open({ transport }, reception);
        this.#streams.push({ endpoint, transport, isIPv6: false });
      }
  }

  #ping(): void {
    for (const { endpoint } of this.#streams)
      for (const connection of endpoint.connections) if (connection.isOurs) connection.ping();
    const now = Date.now();
    for (const [key, until] of this.#noTcp) if (until < now) this.#noTcp.delete(key);
  }
}

const receptionOf = (common: Reception): Reception => ({
  abilities: common.abilities,
  admits: (address) => common.admits(address),
  receive: (message, flow, source) => common.receive(message, flow, source),
});

/** Of a socket that listens at all addresses, the one that others may reach it by: nobody can call 0.0.0.0. */
function outerAddress(address: string): string | undefined {
  if (address !== '0.0.0.0' && address !== '::') return undefined;
  const family = address === '::' ? 'IPv6' : 'IPv4';
  const all = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
  return all.find((one) => one.family === family && !one.internal)?.address;
}
