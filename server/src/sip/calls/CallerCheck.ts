import type { Extension } from '@parley/protocol';
import type { SipRequest } from '../stack/message/SipMessage.ts';
import { parseNameAddress } from '../stack/message/NameAddress.ts';
import type { DigestServer } from '../stack/auth/DigestServer.ts';
import { calledUser, callNumbersOf, type CallNumbers } from './callNumbers.ts';
import type { TrunkLine } from './TrunkLine.ts';
import { userOf } from '../stack/session/OutgoingSession.ts';

/** Who makes a call, or why it is not taken. */
export type Caller =
  | { kind: 'trunk'; line: TrunkLine; numbers: CallNumbers }
  | { kind: 'extension'; extension: Extension; numbers: CallNumbers }
  | { kind: 'challenge'; challenges: string[] }
  /** Of no trunk and no extension, or with too many wrong passwords: nothing is written down of it. */
  | { kind: 'stranger' }
  | { kind: 'refused'; trunkId: string | null; numbers: CallNumbers; status: number; why: string };

export interface Directory {
  /** Trunks whose calls come from there. */
  trunksAt(address: string): TrunkLine[];
  findExtension(name: string): Extension | undefined;
  /** Whether phones of ours may be there. */
  isForExtensions(address: string): boolean;
  /** Of numbers without a country, where no trunk says one. */
  readonly country: string;
}

/** Finds out who makes a call: a trunk by its address and, where it has a password, by that; a phone of ours by its password. */
export class CallerCheck {
  readonly #directory: Directory;
  readonly #digest: DigestServer;

  constructor(directory: Directory, digest: DigestServer) {
    this.#directory = directory;
    this.#digest = digest;
  }

  /** Throws SipSyntaxError for addresses that cannot be read. */
  check(request: SipRequest, source: string): Caller {
    const trunks = this.#directory.trunksAt(source);
    const extension = this.#extensionOf(request, source);
    // A switchboard may be trunk and network of phones at once: who names an extension means it.
    if (extension && (trunks.length === 0 || hasCredentials(request)))
      return this.#checkExtension(request, source, extension);
    return trunks.length > 0 ? this.#checkTrunk(request, source, trunks) : { kind: 'stranger' };
  }

  #checkTrunk(request: SipRequest, source: string, trunks: readonly TrunkLine[]): Caller {
    const [first] = trunks;
    const best = findBest(request, trunks);
    if (!best) {
      const numbers = callNumbersOf(request, first?.trunk.country ?? this.#directory.country);
      const why = `No number of the trunk is ${numbers.to === '' ? 'called' : numbers.to}. Its inbound numbers say which are.`;
      return { kind: 'refused', trunkId: first?.trunk.trunkId ?? null, numbers, status: 404, why };
    }
    const { line, numbers } = best;
    const auth = line.trunk.inbound?.auth ?? null;
    if (auth !== null) {
      const challenge = this.#challenge(request, source, (name) =>
        name === auth.username ? auth.password : undefined,
      );
      if (challenge) return challenge;
    }
    if (line.isFull) {
      const why = `The trunk has ${line.calls} calls, and may have no more at once.`;
      return { kind: 'refused', trunkId: line.trunk.trunkId, numbers, status: 486, why };
    }
    return { kind: 'trunk', line, numbers };
  }

  #checkExtension(request: SipRequest, source: string, extension: Extension): Caller {
    const challenge = this.#challenge(request, source, (name) =>
      name === extension.extension ? extension.password : undefined,
    );
    if (challenge) return challenge;
    const { to } = callNumbersOf(request, this.#directory.country);
    return {
      kind: 'extension',
      extension,
      numbers: { from: extension.extension, fromName: extension.displayName, to },
    };
  }

  #challenge(
    request: SipRequest,
    source: string,
    passwordOf: (username: string) => string | undefined,
  ): Caller | undefined {
    const verdict = this.#digest.verify(request, source, passwordOf);
    if (verdict.ok) return undefined;
    if (verdict.locked) return { kind: 'stranger' };
    return { kind: 'challenge', challenges: this.#digest.challenges({ stale: verdict.stale }) };
  }

  #extensionOf(request: SipRequest, source: string): Extension | undefined {
    if (!this.#directory.isForExtensions(source)) return undefined;
    return this.#directory.findExtension(userOf(parseNameAddress(request.headers.get('from') ?? '')));
  }
}

/**
 * The trunk that a call is for, of those whose calls come from there. Several accounts may be with one carrier, and all take any number: the user of
 * the Request-URI is the one that was registered (RFC 3261, section 10.2.1), and says which is meant.
 */
function findBest(
  request: SipRequest,
  trunks: readonly TrunkLine[],
): { line: TrunkLine; numbers: CallNumbers } | undefined {
  const called = calledUser(request);
  const fitting = trunks.flatMap((line) => {
    const { country, registration } = line.trunk;
    const numbers = callNumbersOf(request, country, registration?.username);
    const fit = line.fitOf(numbers.to);
    return fit === undefined ? [] : [{ line, numbers, fit, isMeant: registration?.username === called }];
  });
  const meant = fitting.filter(({ isMeant }) => isMeant);
  const [best] = (meant.length > 0 ? meant : fitting).sort((a, b) => b.fit - a.fit);
  return best;
}

const hasCredentials = ({ headers }: SipRequest): boolean =>
  headers.get('authorization') !== undefined || headers.get('proxy-authorization') !== undefined;
