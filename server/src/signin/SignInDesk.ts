import { randomBytes } from 'node:crypto';
import type { Config } from '../config/schema.ts';
import type { Logger } from '../observability/logger.ts';
import { opensAdminLink } from './AdminLink.ts';
import { HostSessions } from './HostSessions.ts';
import { OidcProvider, type Attempt } from './OidcProvider.ts';
import type { HostSessionStore } from './ports.ts';

interface Options {
  config: Pick<Config, 'auth' | 'dataDir'>;
  store: HostSessionStore;
  logger: Pick<Logger, 'info'>;
}

/** Where hosts sign in: at an OpenID provider, or by the admin link. */
export class SignInDesk {
  readonly sessions: HostSessions;
  /** undefined where none is configured. */
  readonly provider: OidcProvider | undefined;
  readonly #options: Options;

  constructor(options: Options) {
    const { auth } = options.config;
    this.#options = options;
    this.sessions = new HostSessions(options.store, auth);
    this.provider = auth.oidc.issuer === '' ? undefined : new OidcProvider(auth.oidc);
  }

  /** How hosts sign in, as everybody may know. */
  get way(): 'oidc' | 'link' | 'none' {
    if (this.provider) return 'oidc';
    return this.#options.config.auth.adminLinkTtl > 0 ? 'link' : 'none';
  }

  /** Somebody comes back from the provider. Throws SignInError. */
  async signIn(cameTo: URL, attempt: Attempt): Promise<{ secret: string; maxAge: number }> {
    if (!this.provider) throw new Error('There is no provider.');
    const { host, idToken } = await this.provider.finish(cameTo, attempt);
    const { identity, isAdmin } = host;
    this.#options.logger.info({ identity, isAdmin }, 'host signed in');
    return this.sessions.start({ ...host, ...(idToken !== undefined && { idToken }) });
  }

  /** By the secret of the admin link; undefined when it is wrong. It may be used many times, each is somebody of their own. */
  signInByLink(secret: string): { secret: string; maxAge: number } | undefined {
    const { dataDir, auth } = this.#options.config;
    if (auth.adminLinkTtl === 0 || !opensAdminLink(dataDir, secret)) return undefined;
    const identity = `admin-${randomBytes(9).toString('base64url')}`;
    this.#options.logger.info({ identity }, 'administrator signed in by the admin link');
    return this.sessions.start({
      ...{ identity, displayName: 'Administrator', email: null, isAdmin: true, way: 'link' },
    });
  }
}
