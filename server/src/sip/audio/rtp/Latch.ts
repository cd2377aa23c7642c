import { isIPv6 } from 'node:net';
import type { SocketAddress } from '../engine.ts';

/** So many packets of one source in a row, from an address that was not agreed on, before it is believed. */
const CANDIDATE_PACKETS = 3;
/** So many sources are looked at at a time. */
const MAX_CANDIDATES = 8;

interface Candidate {
  readonly ssrc: number;
  readonly next: number;
  readonly count: number;
}

/**
 * From where sound of a call is taken, and where it goes: what keeps strangers from putting their sound into a call or from getting it sent to them
 * ("RTP bleed"). Without `symmetric` that is the agreed address alone. With it, the first source that sends valid sound is kept until the next
 * agreement on another address; the agreed address itself always wins. Where it is known from which host the call is signalled, a source without a seal
 * is only believed on that host and on the agreed one. After a hold the source may come by another port of its host: see `reopen`.
 */
export class Latch {
  #agreed: SocketAddress | undefined;
  #symmetric = false;
  /** Sound came from where it was agreed: then from nowhere else. */
  #settled = false;
  #learnt: SocketAddress | undefined;
  /** Nothing has come from there since the call was held. */
  #isStale = false;
  #signalledFrom: string | undefined;
  /** By source: nobody can take the place of another by sending more. */
  readonly #candidates = new Map<string, Candidate>();

  /** After each offer and answer. */
  agree(remote: SocketAddress, symmetric: boolean, signalledFrom?: string): void {
    this.#signalledFrom = signalledFrom === undefined ? undefined : bare(signalledFrom);
    const changed = !same(this.#agreed, remote) || symmetric !== this.#symmetric;
    this.#agreed = { address: bare(remote.address), port: remote.port };
    this.#symmetric = symmetric;
    if (!changed) return;
    this.#settled = false;
    this.#learn(undefined);
  }

  /**
   * The call was held, and goes on. A translator has forgotten a way by which nothing came, and may give the source another port now: one of the same
   * host, or of that of the signalling, is learnt like a first one, unless sound comes from the old one before. It goes to the old one until then.
   */
  reopen(): void {
    this.#isStale = this.#learnt !== undefined;
    this.#candidates.clear();
  }

  /** Where to send; undefined for nowhere. */
  get target(): SocketAddress | undefined {
    if (this.#learnt) return this.#learnt;
    const agreed = this.#agreed;
    return !agreed || agreed.port === 0 || isNowhere(agreed.address) ? undefined : agreed;
  }

  /** Whether anything at all from there may be taken: asked before it is looked into. */
  mayCome(from: SocketAddress): boolean {
    // Sound could not go back to port 0.
    if (!this.#agreed || from.port === 0) return false;
    const source = { address: bare(from.address), port: from.port };
    if (same(this.#agreed, source)) return true;
    if (!this.#symmetric || this.#settled) return false;
    return !this.#learnt || same(this.#learnt, source) || this.#mayFollow(source.address);
  }

  /** Whether to take a valid packet. `proven`: its seal shows who made it. */
  admit(
    from: SocketAddress,
    { ssrc, sequence, proven }: { ssrc: number; sequence: number; proven: boolean },
  ): boolean {
    if (!this.mayCome(from)) return false;
    const source = { address: bare(from.address), port: from.port };
    if (same(this.#agreed, source)) {
      this.#learn(undefined);
      this.#settled = true;
      return true;
    }
    const isKnown = same(this.#learnt, source);
    if (!isKnown && !proven && !this.#isConvinced(source, { ssrc, sequence })) return false;
    this.#learn(source);
    return true;
  }

  /** For RTCP, which has an address of its own: from the host that sound is taken from. */
  isHost(address: string): boolean {
    const source = bare(address);
    return source === this.#agreed?.address || source === this.#learnt?.address;
  }

  #learn(source: SocketAddress | undefined): void {
    this.#learnt = source;
    this.#isStale = false;
    this.#candidates.clear();
  }

  #mayFollow(address: string): boolean {
    return this.#isStale && (address === this.#learnt?.address || address === this.#signalledFrom);
  }

  #isConvinced(from: SocketAddress, { ssrc, sequence }: { ssrc: number; sequence: number }): boolean {
    if (!this.#isLikely(from.address)) return false;
    const key = `${from.address} ${from.port}`;
    const known = this.#candidates.get(key);
    const goesOn = known?.ssrc === ssrc && known.next === sequence;
    const count = goesOn ? known.count + 1 : 1;
    if (count >= CANDIDATE_PACKETS) return true;
    if (!known && this.#candidates.size >= MAX_CANDIDATES) this.#forgetWeakest();
    this.#candidates.set(key, { ssrc, next: (sequence + 1) & 0xffff, count });
    return false;
  }

  #isLikely(address: string): boolean {
    if (this.#signalledFrom === undefined || this.#mayFollow(address)) return true;
    return address === this.#signalledFrom || address === this.#agreed?.address;
  }

  /** Of those with the fewest packets, the one that has been there longest. */
  #forgetWeakest(): void {
    const [weakest] = [...this.#candidates].sort(([, one], [, other]) => one.count - other.count);
    if (weakest) this.#candidates.delete(weakest[0]);
  }
}

/** IPv4 as a socket of both kinds shows it. */
const bare = (address: string): string =>
  isIPv6(address) && address.startsWith('::ffff:') ? address.slice(7) : address;

const isNowhere = (address: string): boolean => address === '0.0.0.0' || address === '::';

const same = (one: SocketAddress | undefined, other: SocketAddress): boolean =>
  one !== undefined && one.port === other.port && bare(one.address) === bare(other.address);
