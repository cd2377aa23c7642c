import { createHash } from 'node:crypto';
import type { Config } from '../config/schema.ts';
import { newSecret } from '../util/ids.ts';
import type { HostSessionRecord, HostSessionStore, SignedInHost } from './ports.ts';

/** How exactly it is known when a session was last used, ms: not every request writes to the disk. */
const SEEN_PRECISION_MS = 30_000;

type Times = Pick<Config['auth'], 'adminLinkTtl' | 'sessionTtl' | 'sessionIdleTimeout' | 'oidc'>;

export interface NewSession extends SignedInHost {
  idToken?: string;
}

/**
 * Sessions of signed-in hosts. The browser holds a secret and the store its hash, so that a copy of the database opens
 * nothing. One ends by signing out, when unused, when old, and when the rules change by which it was given.
 */
export class HostSessions {
  readonly #store: HostSessionStore;
  readonly #times: Times;
  readonly #policies: Readonly<Record<SignedInHost['way'], string>>;

  constructor(store: HostSessionStore, times: Times) {
    this.#store = store;
    this.#times = times;
    // Without the secret of the client, whose change concerns nobody's right to be here.
    const rules = JSON.stringify({ ...times.oidc, clientSecret: '' });
    this.#policies = { oidc: hashOf(rules), link: 'link' };
  }

  /** Gives the secret for the cookie, and how long that may be kept, in seconds. */
  start(host: NewSession): { secret: string; maxAge: number } {
    const { adminLinkTtl, sessionTtl, sessionIdleTimeout } = this.#times;
    const now = Date.now();
    this.#store.deleteOutdated({ now, seenAfter: now - sessionIdleTimeout * 1000 });
    const maxAge = host.way === 'link' ? Math.min(adminLinkTtl, sessionTtl) : sessionTtl;
    const secret = newSecret();
    const { identity, displayName, email, isAdmin, way, idToken = null } = host;
    this.#store.add({
      ...{ identity, displayName, email, isAdmin, way, idToken },
      secretHash: hashOf(secret),
      policy: this.#policies[way],
      createdAt: now,
      seenAt: now,
      expiresAt: now + maxAge * 1000,
    });
    return { secret, maxAge };
  }

  /** Whose session it is; undefined when it is none, or is over. */
  find(secret: string): HostSessionRecord | undefined {
    return this.#find(hashOf(secret));
  }

  /** Whether a session is not over, by its `secretHash`, which opens nothing and is what tokens made in it name. */
  isOpen(secretHash: string): boolean {
    return this.#find(secretHash) !== undefined;
  }

  end(session: Pick<HostSessionRecord, 'secretHash'>): void {
    this.#store.delete(session.secretHash);
  }

  #find(secretHash: string): HostSessionRecord | undefined {
    const session = this.#store.find(secretHash);
    if (!session) return undefined;
    const now = Date.now();
    if (this.#isOver(session, now)) {
      this.#store.delete(session.secretHash);
      return undefined;
    }
    if (now - session.seenAt >= SEEN_PRECISION_MS) this.#store.see(session.secretHash, now);
    return session;
  }

  #isOver({ expiresAt, seenAt, way, policy }: HostSessionRecord, now: number): boolean {
    const isIdle = now - seenAt >= this.#times.sessionIdleTimeout * 1000;
    return now >= expiresAt || isIdle || policy !== this.#policies[way];
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
