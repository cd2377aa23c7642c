import { ortc } from 'mediasoup';
import type { RtpCapabilities } from '@parley/protocol';
import { ROUTER_CODECS } from '../codecs.ts';
import { fromRtpCapabilities } from '../wireMedia.ts';

/** What every router forwards: an offer can be judged before there is a room for it. */
export const FORWARDED: RtpCapabilities = fromRtpCapabilities(
  ortc.generateRouterRtpCapabilities(ROUTER_CODECS),
);
