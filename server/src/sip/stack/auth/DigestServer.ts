import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SipRequest } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { parseDigest, writeDigest, type AuthParams } from './authParams.ts';
import { MAX_USERNAME, WrongPasswords } from './WrongPasswords.ts';
import { ALGORITHMS, digestResponse, findAlgorithm, type DigestAlgorithm } from './digest.ts';

/** How long a nonce can be answered, ms. */
const NONCE_MS = 5 * 60_000;
const MAX_NONCES = 10_000;

/** `locked`: too many wrong ones, and nothing was looked at. */
export type Verdict = { ok: true; username: string } | { ok: false; stale: boolean; locked: boolean };

/** Asks peers who they are, and checks what they answer (RFC 3261, section 22; RFC 7616; RFC 8760). */
export class DigestServer {
  readonly realm: string;
  readonly #secret = randomBytes(32);
  readonly #now: () => number;
  readonly #algorithms: readonly DigestAlgorithm[];
  /** The highest count that each nonce was answered with: an answer that was overheard is not taken again. */
  readonly #counts = new Map<string, number>();
  readonly #wrong: WrongPasswords;
  /** Told of the first wrong password for a name from an address; not of those that follow soon. */
  onWrong: (username: string, source: string) => void = () => undefined;

  /** `algorithms`: what is offered, best first; for phones that only look at the first line, MD5 alone. */
  constructor(
    realm: string,
    now: () => number = Date.now,
    algorithms: readonly DigestAlgorithm[] = ALGORITHMS,
  ) {
    this.realm = realm;
    this.#now = now;
    this.#algorithms = algorithms;
    this.#wrong = new WrongPasswords(now);
  }

  /** Values of WWW-Authenticate (or Proxy-Authenticate), best algorithm first. */
  challenges({ stale = false } = {}): string[] {
    const nonce = this.#makeNonce();
    return this.#algorithms.map((algorithm) =>
      writeDigest(
        { realm: this.realm, nonce, algorithm, qop: 'auth', stale: stale ? 'true' : undefined },
        { isChallenge: true },
      ),
    );
  }

  /** `passwordOf` gives undefined for who is unknown; that takes as long, and is answered alike. `source`: the address it came from. */
  verify(request: SipRequest, source: string, passwordOf: (username: string) => string | undefined): Verdict {
    const refused = { ok: false, stale: false, locked: false } as const;
    for (const line of [
      ...request.headers.all('authorization'),
      ...request.headers.all('proxy-authorization'),
    ]) {
      const params = readCredentials(line);
      if (params?.get('realm') !== this.realm) continue;
      const username = params.get('username') ?? '';
      const password = username.length > MAX_USERNAME ? undefined : passwordOf(username);
      const isTrue = isRight(params, { method: request.method, password: password ?? '' });
      if (!this.#wrong.mayTry(username, source)) return { ...refused, locked: true };
      if (!isTrue || password === undefined) {
        if (this.#wrong.count(username, source)) this.onWrong(username, source);
        return refused;
      }
      if (!this.#isFresh(params)) return { ...refused, stale: true };
      this.#wrong.forget(username, source);
      return { ok: true, username };
    }
    return refused;
  }

  #makeNonce(): string {
    const made = this.#now().toString(36);
    return `${made}.${randomBytes(6).toString('hex')}.${this.#sign(made)}`;
  }

  #sign(made: string): string {
    return createHmac('sha256', this.#secret).update(made).digest('hex').slice(0, 32);
  }

  /** Ours, not too old, and not answered with this count before. */
  #isFresh(params: AuthParams): boolean {
    const nonce = params.get('nonce') ?? '';
    const [made = '', , signature = ''] = nonce.split('.');
    const age = this.#now() - Number.parseInt(made, 36);
    if (!isSame(signature, this.#sign(made)) || !(age >= 0 && age < NONCE_MS)) return false;
    const count = Number.parseInt(params.get('nc') ?? '1', 16);
    if (!(count > (this.#counts.get(nonce) ?? 0))) return false;
    this.#counts.delete(nonce);
    this.#counts.set(nonce, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_NONCES && oldest !== undefined) this.#counts.delete(oldest);
    return true;
  }
}

function isRight(params: AuthParams, { method, password }: { method: string; password: string }): boolean {
  const algorithm = findAlgorithm(params.get('algorithm'));
  const [nonce, uri, response] = [params.get('nonce'), params.get('uri'), params.get('response')];
  if (!algorithm || nonce === undefined || uri === undefined || response === undefined) return false;
  const [cnonce, nc, qop] = [params.get('cnonce'), params.get('nc'), params.get('qop')];
  // What was asked for with qop is not taken without: an overheard answer could be used again.
  if (qop !== 'auth' || cnonce === undefined || nc === undefined) return false;
  const [username = '', realm = ''] = [params.get('username'), params.get('realm')];
  return isSame(
    response,
    digestResponse({ ...{ algorithm, username, realm, password, method, uri, nonce }, qop: { cnonce, nc } }),
  );
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function readCredentials(line: string): AuthParams | undefined {
  try {
    return parseDigest(line);
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}
