import type { Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { RecorderAddress } from './Egress.ts';

/**
 * Where a recorder on this machine finds the server. Over TLS its certificate is for other names than that of loopback, so
 * that the recorder is told the very certificate. `certificate` is a PEM chain, or nothing without TLS.
 */
export function recorderAddress(server: Server, certificate: string | undefined): RecorderAddress {
  const { address, port } = server.address() as AddressInfo;
  const own = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  const host = isIPv6(own) ? `[${own}]` : own;
  const scheme = certificate === undefined ? 'ws' : 'wss';
  return { url: `${scheme}://${host}:${port}/ws`, certificate: leafOf(certificate) };
}

/** The first certificate of a chain is that of the server (RFC 8446 section 4.4.2). */
const leafOf = (chain: string | undefined): string | null =>
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(chain ?? '')?.[0] ?? null;
