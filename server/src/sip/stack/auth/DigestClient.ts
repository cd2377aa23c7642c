import { randomBytes } from 'node:crypto';
import type { SipRequest, SipResponse } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { parseDigest, writeDigest, type AuthParams } from './authParams.ts';
import { digestResponse, findAlgorithm, type DigestAlgorithm } from './digest.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Where given, other realms get no answer. Where not, the first that asks is the only one. */
  readonly realm?: string | undefined;
}

/** The field that answers a challenge: that of the peer itself, or that of a proxy before it. */
type Field = 'authorization' | 'proxy-authorization';

interface Challenge {
  readonly params: AuthParams;
  readonly algorithm: DigestAlgorithm;
  /** How often it was answered. */
  count: number;
}

/**
 * Answers the challenges of one peer (RFC 3261, section 22.2). A nonce is used again until the peer says that it is stale. One belongs to a
 * trunk or an account, and is never used with another: so a stranger's challenge is not answered.
 */
export class DigestClient {
  readonly #credentials: Credentials;
  readonly #challenges = new Map<Field, Challenge>();
  #realm: string | undefined;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
    this.#realm = credentials.realm;
  }

  /** Takes the challenge of a 401 or 407. False when there is none that can be answered, or the answer was just refused. */
  accept(response: SipResponse, hadAnswered: boolean): boolean {
    const field = response.status === 407 ? 'proxy-authorization' : 'authorization';
    const challenge = findChallenge(response);
    if (!challenge) return false;
    const realm = challenge.params.get('realm') ?? '';
    if (this.#realm !== undefined && realm !== this.#realm) return false;
    const isStale = challenge.params.get('stale')?.toLowerCase() === 'true';
    if (hadAnswered && !isStale) return false;
    this.#realm = realm;
    this.#challenges.set(field, challenge);
    return true;
  }

  /** Puts the answers into a request, where there are challenges to answer. */
  authorize(request: SipRequest): void {
    for (const [field, challenge] of this.#challenges)
      request.headers.set(field, this.#answer(challenge, request));
  }

  #answer(challenge: Challenge, { method, uri }: SipRequest): string {
    const { params, algorithm } = challenge;
    const { username, password } = this.#credentials;
    const [realm = '', nonce = ''] = [params.get('realm'), params.get('nonce')];
    const offersAuth = (params.get('qop') ?? '')
      .split(',')
      .some((qop) => qop.trim().toLowerCase() === 'auth');
    challenge.count += 1;
    const nc = challenge.count.toString(16).padStart(8, '0');
    const cnonce = randomBytes(12).toString('hex');
    const qop = offersAuth ? { cnonce, nc } : undefined;
    const response = digestResponse({
      ...{ algorithm, username, realm, password, method, uri, nonce },
      ...(qop && { qop }),
    });
    return writeDigest({
      ...{ username, realm, nonce, uri, response },
      algorithm: params.has('algorithm') ? algorithm : undefined,
      opaque: params.get('opaque'),
      ...(qop && { qop: 'auth', nc, cnonce }),
    });
  }
}

/** The first that can be answered: who asks puts the best first (RFC 8760, section 2.4). */
function findChallenge({ status, headers }: SipResponse): Challenge | undefined {
  for (const line of headers.all(status === 407 ? 'proxy-authenticate' : 'www-authenticate')) {
    const params = readChallenge(line);
    const algorithm = params && findAlgorithm(params.get('algorithm'));
    if (params?.get('nonce') !== undefined && algorithm) return { params, algorithm, count: 0 };
  }
  return undefined;
}

function readChallenge(line: string): AuthParams | undefined {
  try {
    return parseDigest(line);
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}
