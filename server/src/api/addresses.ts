import { hostname, networkInterfaces } from 'node:os';

/** Addresses of this machine that other devices may reach: not loopback, not link-local (RFC 3927, RFC 4291). */
export function lanAddresses(interfaces = networkInterfaces()): string[] {
  return Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(
      ({ internal, address }) => !internal && !address.startsWith('169.254.') && !/^fe[89ab]/i.test(address),
    )
    .map(({ address }) => address);
}

/** Names and addresses that a certificate for this machine should cover. */
export function ownNames(): string[] {
  const host = hostname().toLowerCase();
  // Names that DNS could not hold would make the certificate unreadable for some.
  const names = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(host) ? [host] : [];
  return [...new Set(['localhost', ...names, '127.0.0.1', '::1', ...lanAddresses()])];
}
