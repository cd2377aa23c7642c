import type { LiveInfo } from '@parley/protocol';
import { askServer } from './askServer.ts';

/**
 * What is known of a live stream that the server shows by itself; whoever has the link may ask. Its playlist is at
 * `/hls/<liveId>/index.m3u8`. Rejects with ParleyError, `LIVE_NOT_FOUND` where there is none (any more).
 */
export function getLiveStream(serverUrl: string, liveId: string): Promise<LiveInfo> {
  return askServer<LiveInfo>(new URL(`/api/v1/live/${encodeURIComponent(liveId)}`, serverUrl));
}
