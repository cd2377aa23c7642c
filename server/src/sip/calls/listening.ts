import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { PhoneSettings } from '@parley/protocol/phoneProcess';
import type { Listen } from '../stack/transport/Endpoints.ts';
import type { SocketAddress, TransportName } from '../stack/transport/Flow.ts';

/** What is listened at, and why TLS is not, where its certificate cannot be read: the rest goes on without it. */
export function listenersOf({ host, udpPort, tcpPort, tlsPort, tlsCert, tlsKey }: PhoneSettings['listen']): {
  listeners: Listen[];
  fault: string | null;
} {
  const listeners: Listen[] = [];
  if (udpPort !== null) listeners.push({ transport: 'UDP', address: host, port: udpPort });
  if (tcpPort !== null) listeners.push({ transport: 'TCP', address: host, port: tcpPort });
  if (tlsPort === null) return { listeners, fault: null };
  try {
    const tls = { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
    createSecureContext(tls);
    listeners.push({ transport: 'TLS', address: host, port: tlsPort, tls });
    return { listeners, fault: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      listeners,
      fault: `SIP over TLS is off: its certificate (sip.tlsCert, sip.tlsKey) cannot be used: ${why}`,
    };
  }
}

/** Ports as they are told: those that were chosen where any would do. */
export function portsOf(listening: readonly (SocketAddress & { transport: TransportName })[]): {
  udpPort: number | null;
  tcpPort: number | null;
  tlsPort: number | null;
} {
  const portOf = (name: TransportName): number | null =>
    listening.find(({ transport }) => transport === name)?.port ?? null;
  return { udpPort: portOf('UDP'), tcpPort: portOf('TCP'), tlsPort: portOf('TLS') };
}
