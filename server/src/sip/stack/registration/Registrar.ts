import { EventEmitter } from 'node:events';
import type { DigestAlgorithm } from '../auth/digest.ts';
import { DigestServer } from '../auth/DigestServer.ts';
import type { IncomingRequest } from '../incoming/IncomingRequest.ts';
import { parseNameAddress, parseNameAddresses, type NameAddress } from '../message/NameAddress.ts';
import { cseqOf, type SipRequest } from '../message/SipMessage.ts';
import { SipSyntaxError } from '../message/SipSyntaxError.ts';
import { isSip, unescapeUser, writeUri, type Uri } from '../message/uri.ts';
import type { Flow } from '../transport/Flow.ts';

export interface RegistrarOptions {
  readonly realm: string;
  /** Of an extension; undefined for who is none. */
  readonly passwordOf: (username: string) => string | undefined;
  /** Phones that an extension may have; 5 otherwise. */
  readonly maxContacts?: ((username: string) => number | undefined) | undefined;
  /** s */
  readonly leastExpires?: number | undefined;
  readonly mostExpires?: number | undefined;
  /** What the password is asked for with; SHA-256 and MD5 otherwise. Some old phones only know MD5, and look at the first line only. */
  readonly algorithms?: readonly DigestAlgorithm[] | undefined;
  readonly now?: (() => number) | undefined;
}

/** A phone of an extension. */
export interface Binding {
  readonly contact: Uri;
  /** The way by which it registered: calls go back by it. */
  readonly flow: Flow;
  /** ms since 1970 */
  readonly until: number;
  readonly userAgent: string;
}

interface Kept extends Binding {
  readonly callId: string;
  readonly sequence: number;
}

export interface RegistrarEvents {
  /** An extension has its first phone, or lost its last. */
  presence: [username: string, isThere: boolean];
  /** The first one for a name from an address; see DigestServer. */
  wrongPassword: [username: string, source: string];
}

/** Not longer: registrations are kept in memory, and a phone is not to be lost for an hour when this process begins anew. */
const [LEAST, MOST, CONTACTS] = [60, 300, 5];
const SWEEP_MS = 10_000;

/** Where extensions say where they are (RFC 3261, section 10.3). Each request needs its password; an extension only speaks for itself. */
export class Registrar extends EventEmitter<RegistrarEvents> {
  readonly #options: RegistrarOptions;
  readonly #digest: DigestServer;
  readonly #now: () => number;
  readonly #bindings = new Map<string, Map<string, Kept>>();
  readonly #sweep: NodeJS.Timeout;

  constructor(options: RegistrarOptions) {
    super();
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#digest = new DigestServer(options.realm, this.#now, options.algorithms);
    this.#digest.onWrong = (username, source) => this.emit('wrongPassword', username, source);
    this.#sweep = setInterval(() => this.#forgetGone(), SWEEP_MS);
    this.#sweep.unref();
  }

  /** The digest that extensions are asked for, for their calls as well. */
  get digest(): DigestServer {
    return this.#digest;
  }

  /** Phones of an extension, the one that registered last first. */
  lookup(username: string): Binding[] {
    const all = [...(this.#bindings.get(username)?.values() ?? [])];
    return all.filter((one) => this.#isThere(one)).sort((a, b) => b.until - a.until);
  }

  /** Extensions that have a phone. */
  get present(): string[] {
    return [...this.#bindings.keys()].filter((username) => this.lookup(username).length > 0);
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#bindings.clear();
  }

  handle(incoming: IncomingRequest): void {
    const { request, flow } = incoming;
    const verdict = this.#digest.verify(request, flow.remote.address, this.#options.passwordOf);
    if (!verdict.ok) {
      if (verdict.locked) return incoming.reply(403);
      const challenges = this.#digest.challenges({ stale: verdict.stale });
      return incoming.reply(401, { headers: { 'WWW-Authenticate': challenges } });
    }
    const account = parseNameAddress(request.headers.get('to') ?? '').uri;
    if (!isSip(account)) return incoming.reply(404);
    if (unescapeUser(account.user ?? '') !== verdict.username) return incoming.reply(403);
    this.#update(incoming, verdict.username);
  }

  #update(incoming: IncomingRequest, username: string): void {
    const { request, flow } = incoming;
    const lines = request.headers.all('contact');
    const before = this.lookup(username).length;
    const kept = this.#bindings.get(username) ?? new Map<string, Kept>();
    const outcome = lines.some((line) => line.trim() === '*')
      ? this.#forgetAll(request, kept, lines.length)
      : this.#bind({ request, flow, username }, kept, lines.flatMap(parseNameAddresses));
    if (outcome !== undefined) return incoming.reply(outcome.status, { headers: outcome.headers });
    if (kept.size > 0) this.#bindings.set(username, kept);
    else this.#bindings.delete(username);
    incoming.reply(200, {
      headers: { Contact: this.#written(username), Date: new Date(this.#now()).toUTCString() },
    });
    this.#tell(username, before);
  }

  #forgetAll(request: SipRequest, kept: Map<string, Kept>, lines: number): Outcome {
    if (lines > 1 || request.headers.get('expires')?.trim() !== '0') return { status: 400, headers: {} };
    kept.clear();
    return undefined;
  }

  /** All of them or, where one cannot be, none (RFC 3261, section 10.3, step 7). */
  #bind(
    { request, flow, username }: { request: SipRequest; flow: Flow; username: string },
    kept: Map<string, Kept>,
    contacts: NameAddress[],
  ): Outcome {
    const { leastExpires = LEAST, mostExpires = MOST } = this.#options;
    const maxContacts = this.#options.maxContacts?.(username) ?? CONTACTS;
    const callId = request.headers.get('call-id') ?? '';
    const { sequence } = cseqOf(request);
    const next = new Map(kept);
    for (const contact of contacts) {
      const asked = expiresOf(contact, request) ?? mostExpires;
      const key = keyOf(contact);
      const known = kept.get(key);
      if (known?.callId === callId && sequence <= known.sequence) return { status: 500, headers: {} };
      if (asked === 0) next.delete(key);
      else if (asked < leastExpires) return { status: 423, headers: { 'Min-Expires': String(leastExpires) } };
      else
        next.set(key, {
          ...{ contact: contact.uri, flow, callId, sequence },
          until: this.#now() + Math.min(asked, mostExpires) * 1000,
          userAgent: (request.headers.get('user-agent') ?? '').slice(0, 100),
        });
    }
    for (const [key, one] of next) if (!this.#isThere(one)) next.delete(key);
    if (next.size > maxContacts) return { status: 403, headers: {} };
    kept.clear();
    for (const [key, one] of next) kept.set(key, one);
    return undefined;
  }

  #written(username: string): string[] {
    return this.lookup(username).map(
      ({ contact, until }) =>
        `<${writeUri(contact)}>;expires=${Math.max(0, Math.round((until - this.#now()) / 1000))}`,
    );
  }

  #isThere({ until, flow }: Binding): boolean {
    return until > this.#now() && !flow.closed;
  }

  #forgetGone(): void {
    for (const [username, kept] of this.#bindings) {
      const before = kept.size;
      for (const [key, one] of kept) if (!this.#isThere(one)) kept.delete(key);
      if (kept.size === 0) this.#bindings.delete(username);
      this.#tell(username, before);
    }
  }

  #tell(username: string, before: number): void {
    const after = this.lookup(username).length;
    if (before > 0 !== after > 0) this.emit('presence', username, after > 0);
  }
}

type Outcome = { status: number; headers: Record<string, string> } | undefined;

/** What a contact asks for itself, or the request for all, s. undefined where neither says anything that can be read. */
function expiresOf({ params }: NameAddress, { headers }: SipRequest): number | undefined {
  const text = params.get('expires') ?? headers.get('expires')?.trim();
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  return Math.min(Number(text), 2 ** 32 - 1);
}

/**
 * Two of the same phone are one: what tells phones apart is what they call themselves (RFC 5626, section 4.1: the same phone from another
 * address takes the place of what it was before), or else who and where (RFC 3261, section 19.1.4, is not needed to the letter).
 */
function keyOf({ uri, params }: NameAddress): string {
  if (!isSip(uri)) throw new SipSyntaxError('a contact that cannot be called');
  const instance = params.get('+sip.instance');
  if (instance !== undefined) return `${instance} ${params.get('reg-id') ?? ''}`;
  const transport = uri.params.get('transport')?.toLowerCase() ?? '';
  return `${uri.scheme} ${uri.user ?? ''} ${uri.host} ${uri.port ?? ''} ${transport}`;
}
