/** A real OpenID provider (the package oidc-provider) on a port of its own, whose people sign in by naming themselves. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider, type Configuration, type InteractionResults } from 'oidc-provider';

export interface Account {
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

/** Another client of the same provider. */
export const OTHER_CLIENT = { client_id: 'other', client_secret: 'another secret, as long as that' };
const CLIENT = { client_id: 'parley', client_secret: 'a secret of the client, long enough' };

export class TestProvider {
  readonly issuer: string;
  readonly #http: Server;
  /** Who there is, by account. */
  readonly accounts = new Map<string, Account>();
  /** Given in place of the ID token that is asked for. */
  otherIdToken: string | undefined;
  /** Who signs in next; nobody when empty. */
  next = 'ann';

  private constructor(http: Server) {
    this.#http = http;
    this.issuer = `http://localhost:${(http.address() as AddressInfo).port}`;
  }

  static async start(redirectUris: string[]): Promise<TestProvider> {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, 'localhost', resolve));
    const self = new TestProvider(http);
    const provider = new Provider(self.issuer, self.#configuration(redirectUris));
    provider.use(async (context, next) => {
      await next();
      if (context.path === '/token' && self.otherIdToken !== undefined)
        context.body = { ...(context.body as object), id_token: self.otherIdToken };
    });
    const handle = provider.callback();
    http.on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void handle(request, response);
      void self.#answer(provider, { request, response });
    });
    return self;
  }

  /** Settings of a Parley that signs people in here. */
  settings(more: Record<string, string> = {}): Record<string, string> {
    return {
      PARLEY_AUTH_OIDC_ISSUER: this.issuer,
      PARLEY_AUTH_OIDC_CLIENT_ID: CLIENT.client_id,
      PARLEY_AUTH_OIDC_CLIENT_SECRET: CLIENT.client_secret,
      PARLEY_AUTH_OIDC_ALLOWED_DOMAINS: 'example.org',
      ...more,
    };
  }

  close(): Promise<void> {
    this.#http.closeAllConnections();
    return new Promise((resolve) => this.#http.close(() => resolve()));
  }

  #configuration(redirectUris: string[]): Configuration {
    return {
      clients: [
        {
          ...CLIENT,
          redirect_uris: redirectUris,
          post_logout_redirect_uris: redirectUris.map((uri) => `${new URL(uri).origin}/`),
        },
        { ...OTHER_CLIENT, redirect_uris: redirectUris },
      ],
      claims: {
        openid: ['sub', 'groups'],
        email: ['email', 'email_verified'],
        profile: ['name'],
      },
      findAccount: (_context, accountId) => ({
        accountId,
        claims: () => ({ sub: accountId, ...this.accounts.get(accountId) }),
      }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      features: { devInteractions: { enabled: false } },
      pkce: { required: () => true },
      cookies: { keys: ['a key for cookies'] },
      loadExistingGrant: async ({ oidc }) => {
        const { client, session, provider } = oidc;
        if (!client || !session?.accountId) return undefined;
        const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope('openid profile email');
        await grant.save();
        return grant;
      },
    };
  }

  /** Whoever is to sign in does, or has changed their mind. */
  async #answer(
    provider: Provider,
    of: { request: IncomingMessage; response: ServerResponse },
  ): Promise<void> {
    const result: InteractionResults =
      this.next === ''
        ? { error: 'access_denied', error_description: 'changed their mind' }
        : { login: { accountId: this.next } };
    await provider.interactionFinished(of.request, of.response, result);
  }
}
