/** Opens the connection to a target: to an address that was checked, and to no other. */
import { lookup } from 'node:dns/promises';
import { isIP, connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import ipaddr from 'ipaddr.js';
import type { RtmpUrl } from '@parley/protocol/rtmpUrl';

/** Why a target cannot be reached; the message is for people. */
export class DialError extends Error {
  readonly code: 'unresolved' | 'private' | 'unreachable';

  constructor(code: DialError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface DialOptions {
  /** Whether private, loopback and other special addresses may be streamed to. */
  allowPrivate: boolean;
  /** ms */
  timeout: number;
  signal: AbortSignal;
}

/**
 * Connects to a target. Its name is looked up each time, as services move; a name that has one private address is refused,
 * so that a stream cannot be turned against the network that the server stands in.
 *
 * @throws {DialError}
 */
export async function dial(url: RtmpUrl, options: DialOptions): Promise<Socket> {
  const addresses = await addressesOf(url);
  if (!options.allowPrivate && !addresses.every(isPublic)) {
    throw new DialError(
      'private',
      'Its address is private or otherwise special; live.allowPrivateTargets would permit that.',
    );
  }
  let last: unknown;
  for (const address of addresses) {
    try {
      return await connectTo(address, url, options);
    } catch (error) {
      last = error;
      if (options.signal.aborted) break;
    }
  }
  throw new DialError('unreachable', `${url.host} does not answer: ${wordsOf(last)}.`);
}

async function addressesOf({ host }: RtmpUrl): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    const found = await lookup(host, { all: true });
    if (found.length > 0) return found.map(({ address }) => address);
  } catch {
    // Said below, in words.
  }
  throw new DialError('unresolved', `There is no server called ${host}.`);
}

/** NOTE: in IPv6 only 2000::/3 is given out; what wraps an IPv4 address into IPv6 counts as special. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  const isGivenOut = parsed.kind() === 'ipv4' || (parsed.toByteArray()[0] ?? 0) >> 5 === 1;
  return isGivenOut && parsed.range() === 'unicast';
}

function connectTo(address: string, url: RtmpUrl, { timeout, signal }: DialOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const target = { host: address, port: url.port };
    const secure = url.scheme === 'rtmps';
    const name = isIP(url.host) === 0 ? { servername: url.host } : {};
    const socket = secure ? connectTls({ ...target, ...name }) : connectTcp(target);
    const done = (error?: Error) => {
      socket.removeAllListeners();
      socket.setTimeout(0);
      signal.removeEventListener('abort', abort);
      if (!error) return resolve(socket);
      // What a socket still says after its end concerns nobody, and must not end the process.
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    const abort = () => done(new Error('given up'));
    signal.addEventListener('abort', abort);
    if (signal.aborted) return abort();
    socket.setTimeout(timeout, () => done(new Error('no answer in time')));
    socket.once('error', done);
    socket.once(secure ? 'secureConnect' : 'connect', () => done());
    socket.setNoDelay(true);
  });
}

function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'it refuses connections';
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'no way leads there';
  if (/^(ERR_TLS|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(code)) return 'its certificate is not valid';
  return error instanceof Error ? error.message : 'no reason given';
}
