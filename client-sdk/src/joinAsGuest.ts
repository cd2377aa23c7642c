import type { GuestJoinResult } from '@parley/protocol';
import { askServer } from './askServer.ts';

export interface GuestOptions {
  displayName: string;
  /** Password of the room, where it has one. */
  password?: string;
  /** Code of an invitation. */
  invite?: string;
  /** Make the room when there is none, where the server lets guests do so. */
  create?: boolean;
}

/**
 * Asks for a token as a guest. `serverUrl` is the web address of the server. Rejects with ParleyError: ACCESS_REFUSED, TOO_MANY_TRIES,
 * GUESTS_REFUSED, ROOM_FULL, RATE_LIMITED.
 */
export async function joinAsGuest(
  serverUrl: string,
  roomName: string,
  options: GuestOptions,
): Promise<GuestJoinResult> {
  return askServer<GuestJoinResult>(
    new URL(`/api/v1/rooms/${encodeURIComponent(roomName)}/join`, serverUrl),
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(options),
    },
  );
}
