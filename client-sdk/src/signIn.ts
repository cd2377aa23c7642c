import type { JoinOwnRoomResult, MeResult, SignedInHost } from '@parley/protocol';
import { askServer } from './askServer.ts';

const send = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Who is signed in in this browser; null when nobody is. Only on pages of the server itself. Rejects with ParleyError. */
export async function getSignedInHost(serverUrl: string): Promise<SignedInHost | null> {
  return (await askServer<MeResult>(new URL('/api/v1/me', serverUrl))).host;
}

/** Where a page sends somebody who wants to sign in; they come back to `returnTo`, a path of the same server. */
export function signInUrl(serverUrl: string, returnTo: string): string {
  const url = new URL('/auth/login', serverUrl);
  url.searchParams.set('returnTo', returnTo);
  return url.href;
}

/** Signs in by the secret of the admin link. Rejects with ParleyError: ACCESS_REFUSED, TOO_MANY_TRIES. */
export async function signInByAdminLink(serverUrl: string, secret: string): Promise<void> {
  await askServer<object>(new URL('/auth/admin', serverUrl), send({ secret }));
}

/** Ends the session here. Gives the address to go to then: that of the provider, which ends its own, or the front page. */
export async function signOut(serverUrl: string): Promise<string> {
  const { url } = await askServer<{ url: string }>(new URL('/auth/logout', serverUrl), send({}));
  return new URL(url, serverUrl).href;
}

export interface OwnRoomOptions {
  displayName?: string;
  /** Make the room when there is none; it is theirs. */
  create?: boolean;
}

/**
 * Asks for a token as somebody signed in: as the owner of rooms of their own and, for administrators, of all. Rejects with
 * ParleyError: TOKEN_MISSING when nobody is signed in, ROOM_NOT_FOUND.
 */
export function joinAsSignedIn(
  serverUrl: string,
  room: string,
  options: OwnRoomOptions = {},
): Promise<JoinOwnRoomResult> {
  return askServer<JoinOwnRoomResult>(new URL('/api/v1/me/token', serverUrl), send({ room, ...options }));
}
