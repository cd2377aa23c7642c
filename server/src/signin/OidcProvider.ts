import * as client from 'openid-client';
import type { Config } from '../config/schema.ts';
import { decideHost, type Claims, type Refusal } from './oidcPolicy.ts';
import type { SignedInHost } from './ports.ts';

/** Longest wait for an answer of the provider, seconds. */
const TIMEOUT_S = 10;

/** What has to be remembered between leaving for the provider and coming back. */
export interface Attempt {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** Why signing in did not work; each has a page in words. */
export type SignInFault = Refusal | 'unreachable' | 'refusedByProvider' | 'invalidAnswer';

export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly fault: SignInFault;
  constructor(fault: SignInFault, options?: ErrorOptions) {
    super(`Signing in failed: ${fault}`, options);
    this.fault = fault;
  }
}

/**
 * The OpenID provider at which hosts sign in: authorization code flow with PKCE (RFC 7636), state and nonce
 * (https://openid.net/specs/openid-connect-core-1_0.html). It is asked about itself when first needed, and again until it
 * answers, so that a provider that is down keeps nothing but signing in from working.
 */
export class OidcProvider {
  readonly #config: Config['auth']['oidc'];
  #discovered: Promise<client.Configuration> | undefined;

  constructor(config: Config['auth']['oidc']) {
    this.#config = config;
  }

  /** Where to send the browser. Throws SignInError `unreachable`. */
  async begin(redirectUri: string): Promise<{ url: URL; attempt: Attempt }> {
    const provider = await this.#discover();
    const attempt = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: redirectUri,
      scope: this.#config.scopes.join(' '),
      code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
    });
    return { url, attempt };
  }

  /** Who came back, by the address they came back to. Throws SignInError. */
  async finish(cameTo: URL, attempt: Attempt): Promise<{ host: SignedInHost; idToken?: string }> {
    const provider = await this.#discover();
    const { tokens, claims } = await this.#redeem(provider, { cameTo, attempt });
    const iss = provider.serverMetadata().issuer;
    const verdict = decideHost(claims, { iss, sub: String(claims['sub']) }, this.#config);
    if ('refused' in verdict) throw new SignInError(verdict.refused);
    const { id_token: idToken } = tokens;
    return { host: verdict.host, ...(idToken !== undefined && { idToken }) };
  }

  /** Where the browser ends its session at the provider, too; undefined when that offers none, or cannot be reached. */
  async endUrl(session: { idToken: string | null; returnTo: string }): Promise<string | undefined> {
    const provider = await this.#discover().catch(() => undefined);
    if (provider?.serverMetadata().end_session_endpoint === undefined) return undefined;
    return client.buildEndSessionUrl(provider, {
      post_logout_redirect_uri: session.returnTo,
      ...(session.idToken !== null && { id_token_hint: session.idToken }),
    }).href;
  }

  async #redeem(provider: client.Configuration, back: { cameTo: URL; attempt: Attempt }) {
    const { state, nonce, codeVerifier } = back.attempt;
    try {
      const tokens = await client.authorizationCodeGrant(provider, back.cameTo, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const ofToken = tokens.claims();
      if (!ofToken) throw new SignInError('invalidAnswer');
      // Many providers tell name and address only there. What the ID token says is signed, and wins.
      const more = await this.#userInfo(provider, { token: tokens.access_token, sub: ofToken.sub });
      return { tokens, claims: { ...more, ...ofToken } as Claims };
    } catch (error) {
      throw asSignInError(error);
    }
  }

  async #userInfo(provider: client.Configuration, of: { token: string; sub: string }): Promise<Claims> {
    if (provider.serverMetadata().userinfo_endpoint === undefined) return {};
    return client.fetchUserInfo(provider, of.token, of.sub);
  }

  async #discover(): Promise<client.Configuration> {
    this.#discovered ??= this.#ask();
    try {
      return await this.#discovered;
    } catch (error) {
      this.#discovered = undefined;
      throw new SignInError('unreachable', { cause: error });
    }
  }

  #ask(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#config;
    const server = new URL(issuer);
    // NOTE: the check of the configuration takes http for this machine only.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only that it stands out
    const execute = server.protocol === 'http:' ? [client.allowInsecureRequests] : [];
    const auth = clientSecret === '' ? client.None() : bySecret(clientSecret);
    return client.discovery(server, clientId, undefined, auth, { timeout: TIMEOUT_S, execute });
  }
}

/** As the provider wants it; where it does not say, as its specification does (OpenID Connect Discovery section 3). */
function bySecret(secret: string): client.ClientAuth {
  const [post, basic] = [client.ClientSecretPost(secret), client.ClientSecretBasic(secret)];
  return (server, ...more) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? basic : post)(server, ...more);
  };
}

/** What the library throws, as what people are told. */
function asSignInError(error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  if (error instanceof client.AuthorizationResponseError)
    return new SignInError('refusedByProvider', { cause: error });
  // Those of fetch: nobody answers, or not in time.
  const isNetwork =
    error instanceof TypeError ||
    (error instanceof client.ClientError && error.code === 'OAUTH_TIMEOUT') ||
    (error instanceof Error && /^(Timeout|Abort)Error$/.test(error.name));
  return new SignInError(isNetwork ? 'unreachable' : 'invalidAnswer', { cause: error });
}
