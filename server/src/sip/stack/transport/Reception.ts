import type { Abilities } from '../message/checkRequest.ts';
import type { SipMessage } from '../message/SipMessage.ts';
import type { Flow, SocketAddress } from './Flow.ts';

/** What becomes of what arrives. */
export interface Reception {
  readonly abilities: Abilities;
  /** Address at which peers reach this side where that is not the one listened at, as behind a translator. */
  readonly advertised?: string | undefined;
  /** Asked before anything of a packet is read: strangers, and peers that send too much, are not even answered. */
  admits(address: string): boolean;
  /** Told of each address that something is to be sent to unasked. */
  reaches?: ((address: string) => void) | undefined;
  /** A well made message. `source`: the address it really came from; absent where that is the flow's. */
  receive(message: SipMessage, flow: Flow, source?: SocketAddress): void;
}
