/** What signing in needs from outside; `store/HostSessionTable.ts` implements it. */

/** Somebody who has signed in, as rooms know them. */
export interface SignedInHost {
  /** Who they are in rooms; the same each time for people of a provider. */
  identity: string;
  displayName: string;
  email: string | null;
  /** Manages all rooms, and not only those they made. */
  isAdmin: boolean;
  /** By an OpenID provider, or by the admin link. */
  way: 'oidc' | 'link';
}

export interface HostSessionRecord extends SignedInHost {
  /** SHA-256 of what the cookie holds, in hexadecimal. */
  secretHash: string;
  /** Under which rules they were let in. */
  policy: string;
  /** To be shown to the provider at the end. */
  idToken: string | null;
  /** Milliseconds since the epoch, as all times here. */
  createdAt: number;
  seenAt: number;
  expiresAt: number;
}

export interface HostSessionStore {
  add(session: HostSessionRecord): void;
  find(secretHash: string): HostSessionRecord | undefined;
  see(secretHash: string, at: number): void;
  delete(secretHash: string): void;
  /** Those that expired before `now`, or were not seen since `seenAfter`. */
  deleteOutdated(limits: { now: number; seenAfter: number }): void;
}
