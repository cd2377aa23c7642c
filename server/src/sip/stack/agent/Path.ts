import type { ConnectionOptions } from 'node:tls';
import type { DigestClient } from '../auth/DigestClient.ts';
import type { Uri } from '../message/uri.ts';
import type { Flow, TransportName } from '../transport/Flow.ts';

/** How a peer is reached, and who one is to it: what a trunk, or an extension that has registered, has to say about it. */
export interface Path {
  /** Requests go there instead of where their URI leads. With `lr` it stands in Route, too (RFC 3261, section 8.1.2). */
  readonly proxy?: Uri | undefined;
  /** The way by which the peer came to us: the only one to a phone behind a translator. Used while it is open. */
  readonly flow?: Flow | undefined;
  /** Where a URI says nothing; UDP otherwise. */
  readonly transport?: TransportName | undefined;
  /** Certificates and what is checked, as of node:tls. */
  readonly tls?: ConnectionOptions | undefined;
  /** Answers challenges of this peer, and of no other. Absent: a challenge is a refusal. */
  readonly digest?: DigestClient | undefined;
}
