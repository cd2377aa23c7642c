import type { RoomNotice } from '@parley/protocol';
import { askServer } from './askServer.ts';

/**
 * What somebody is to know before they come in: whether the meeting is recorded or streamed, and whether they will be asked to
 * agree. `token` is the one they would join with, where they have it already. Of a room that they could not enter (yet), all is
 * `no`: those with a password tell it to `joinAsGuest`, and find the notice in its answer. Rejects with ParleyError: RATE_LIMITED,
 * TOKEN_INVALID, TOKEN_EXPIRED.
 */
export function getRoomNotice(
  serverUrl: string,
  roomName: string,
  { token }: { token?: string } = {},
): Promise<RoomNotice> {
  const url = new URL(`/api/v1/rooms/${encodeURIComponent(roomName)}/notice`, serverUrl);
  return askServer<RoomNotice>(
    url,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );
}
