/** An address of a socket. IPv6 without brackets. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export type TransportName = 'UDP' | 'TCP' | 'TLS';

/** A way to one peer: an address behind the UDP socket, or a connection. Answers go back by the flow by which the request came. */
export interface Flow {
  readonly transport: TransportName;
  /** What is sent arrives, or the connection is gone: nothing is sent twice (RFC 3261, section 17.1.1.1). */
  readonly reliable: boolean;
  readonly remote: SocketAddress;
  /** Where peers can reach this side, as it belongs into Via and Contact. */
  readonly local: SocketAddress;
  readonly closed: boolean;
  /** `failed` is called when it cannot be sent, now or later. */
  send(data: Buffer, failed?: (error: unknown) => void): void;
  /** Of a connection: told when it is closed, by whomever. */
  onceClosed?(listener: () => void): void;
}
