import type { ConnectionOptions } from 'node:tls';
import type { Uri } from '../message/uri.ts';
import type { Flow, TransportName } from './Flow.ts';
import type { Target } from './locate.ts';

/** What requests go out by. */
export interface Network {
  /** Where a URI leads, first choice first (RFC 3263). */
  locate(uri: Uri, usual?: TransportName): Promise<Target[]>;
  /** Rejects when the target cannot be reached at all. */
  flowTo(target: Target, tls?: ConnectionOptions): Promise<Flow>;
}
