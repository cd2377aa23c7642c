import type { ErrorBody, GuestJoinResult } from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';

export interface GuestOptions {
  displayName: string;
  /** Make the room when there is none, where the server lets guests do so. */
  create?: boolean;
}

/**
 * Asks for a token as a guest. `serverUrl` is the web address of the server. Rejects with ParleyError: ROOM_NOT_FOUND,
 * GUESTS_REFUSED, ROOM_FULL, RATE_LIMITED.
 */
export async function joinAsGuest(
  serverUrl: string,
  roomName: string,
  options: GuestOptions,
): Promise<GuestJoinResult> {
  const url = new URL(`/api/v1/rooms/${encodeURIComponent(roomName)}/join`, serverUrl);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(options),
    });
  } catch (cause) {
    throw new ParleyError('SHUTTING_DOWN', {
      message: 'The server cannot be reached. Check your network connection, then try again.',
      cause,
    });
  }
  const body = (await response.json().catch(() => undefined)) as GuestJoinResult | ErrorBody | undefined;
  if (!body) throw new ParleyError('INTERNAL');
  if ('error' in body) {
    const { code, message, details } = body.error;
    throw new ParleyError(code, { message, ...(details && { details }) });
  }
  return body;
}
