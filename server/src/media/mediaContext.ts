import type { types } from 'mediasoup';
import type { IceCandidate } from '@parley/protocol';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import type { Metrics } from '../observability/Metrics.ts';

/** What a media room gets from the worker it lives on. */
export interface MediaContext {
  readonly webRtcServer: types.WebRtcServer;
  readonly config: Config['media'];
  readonly logger: Logger;
  readonly metrics: Metrics;
  iceCandidates(options: { forceTcp: boolean }): IceCandidate[];
}
