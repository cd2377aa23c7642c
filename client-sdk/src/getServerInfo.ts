import type { ServerInfo } from '@parley/protocol';
import { askServer } from './askServer.ts';

/** What a server tells everybody: its version, and the address to give to others. Rejects with ParleyError. */
export function getServerInfo(serverUrl: string): Promise<ServerInfo> {
  return askServer<ServerInfo>(new URL('/api/v1/server', serverUrl));
}
