/** The sockets of the web side. All lead to one handler; a WebSocket server attaches itself to each. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Config } from '../config/schema.ts';
import { lanAddresses } from './addresses.ts';
import { answerClientError } from './plugins/errors.ts';
import { configuredCertificate, ownCertificate, type Certificate } from './tls.ts';

/** A port cannot be opened; the message names the setting. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface ListenUrl {
  url: string;
  /** `local`: this machine only; `lan`: other devices, self-made certificate; `public`: as configured. */
  reach: 'local' | 'lan' | 'public';
}

export interface Listeners {
  /** Every server that listens; the first is that of http.port. */
  readonly servers: readonly Server[];
  /** Where people reach the web app, best first. */
  readonly urls: readonly ListenUrl[];
  /** Takes no more connections, lets requests under way finish for `grace` ms, then cuts what is left. Idempotent. */
  close(grace?: number): Promise<void>;
}

export interface ListenOptions {
  config: Pick<Config, 'http' | 'dataDir'>;
  handler: RequestListener;
}

/** Patience with clients that send slowly, ms. Node looks every `connectionsCheckingInterval`. */
const LIMITS = {
  headersTimeout: 10_000,
  // How long a body may take depends on the route: see plugins/patience.ts.
  requestTimeout: 0,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
  // Some REST clients offer HTTP/2 by an upgrade to h2c; only WebSocket upgrades are answered as such.
  shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
} as const;

interface Binding {
  setting: 'http.port' | 'http.lanHttpsPort';
  port: number;
  server: Server;
}

/**
 * http.port speaks https with a configured certificate, and http without. Then, and when others can reach this machine,
 * https with a self-made certificate is opened for them: browsers give no camera to plain http from elsewhere.
 * Throws ListenError or CertificateError; nothing stays open then.
 */
export async function createListeners({ config, handler }: ListenOptions): Promise<Listeners> {
  const { http } = config;
  const certificate = configuredCertificate(http);
  const bindings: Binding[] = [
    { setting: 'http.port', port: http.port, server: createServer(handler, certificate) },
  ];
  if (!certificate && http.lanHttpsPort !== 0 && !isLoopback(http.host)) {
    const server = createServer(handler, await ownCertificate(config.dataDir));
    bindings.push({ setting: 'http.lanHttpsPort', port: http.lanHttpsPort, server });
  }
  const servers = bindings.map(({ server }) => server);
  const close = closer(servers);
  try {
    for (const binding of bindings) await listen(binding, http.host);
  } catch (error) {
    await close(0);
    throw error;
  }
  const [port = 0, lanPort] = servers.map((server) => (server.address() as AddressInfo).port);
  return { servers, urls: listUrls({ http, port, lanPort, isSecure: certificate !== undefined }), close };
}

function createServer(handler: RequestListener, certificate: Certificate | undefined): Server {
  const server = certificate
    ? createHttpsServer(
        { ...LIMITS, ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: 10_000 },
        handler,
      )
    : createHttpServer(LIMITS, handler);
  server.on('clientError', answerClientError);
  return server;
}

function listen({ server, port, setting }: Binding, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => reject(explain(cause, { setting, port, host }));
    server.once('error', fail);
    server.listen({ port, host }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function explain(
  cause: NodeJS.ErrnoException,
  { setting, port, host }: { setting: string; port: number; host: string },
): ListenError {
  const variable = setting === 'http.port' ? 'PARLEY_HTTP_PORT' : 'PARLEY_HTTP_LAN_HTTPS_PORT';
  const said: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is taken by another program, perhaps another Parley. Stop it, or set ${setting} (${variable}) to a free port.`,
    EACCES: `This user may not open port ${port}. Set ${setting} (${variable}) to a port above 1023.`,
    EADDRNOTAVAIL: `This machine does not have the address ${host}. Correct http.host (PARLEY_HTTP_HOST).`,
    ENOTFOUND: `The name ${host} leads to no address. Correct http.host (PARLEY_HTTP_HOST).`,
  };
  return new ListenError(
    said[cause.code ?? ''] ?? `${setting} (${variable}): port ${port} cannot be opened: ${cause.message}.`,
    { cause },
  );
}

const isLoopback = (host: string): boolean => /^(localhost|127\.|::1$)/.test(host);
const isAny = (host: string): boolean => host === '0.0.0.0' || host === '::' || host === '';
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** Exported for its test. */
export function listUrls(
  {
    http,
    port,
    lanPort,
    isSecure,
  }: { http: Config['http']; port: number; lanPort: number | undefined; isSecure: boolean },
  addresses = lanAddresses(),
): ListenUrl[] {
  const scheme = isSecure ? 'https' : 'http';
  const own = isAny(http.host) || isLoopback(http.host) ? 'localhost' : http.host;
  const urls: ListenUrl[] = [];
  if (http.publicUrl !== '') urls.push({ url: http.publicUrl, reach: 'public' });
  urls.push({ url: `${scheme}://${inUrl(own)}:${port}`, reach: isSecure ? 'public' : 'local' });
  if (lanPort === undefined) return urls;
  const reachable = isAny(http.host)
    ? addresses.filter((address) => http.host !== '0.0.0.0' || !address.includes(':'))
    : [http.host];
  return [
    ...urls,
    ...reachable.map((address) => ({ url: `https://${inUrl(address)}:${lanPort}`, reach: 'lan' as const })),
  ];
}

function closer(servers: readonly Server[]): (grace?: number) => Promise<void> {
  const sockets = new Set<Socket>();
  for (const server of servers) {
    // Counts sockets that became WebSockets, too, which the server itself forgets.
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  let closed: Promise<void> | undefined;
  return (grace = 2000) => (closed ??= closeAll(servers, sockets, grace));
}

async function closeAll(
  servers: readonly Server[],
  sockets: ReadonlySet<Socket>,
  grace: number,
): Promise<void> {
  const ends = servers.map((server) => new Promise((resolve) => server.close(resolve)));
  for (const server of servers) server.closeIdleConnections();
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, grace);
  await Promise.all(ends);
  clearTimeout(cut);
}
