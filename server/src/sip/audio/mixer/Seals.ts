import type { SettledSound } from '../engine.ts';
import { Srtcp } from '../srtp/Srtcp.ts';
import { Srtp, type SrtpProgress } from '../srtp/Srtp.ts';
import { SUITES, type SrtpSuite } from '../srtp/keys.ts';

type Keys = NonNullable<SettledSound['srtp']>;

/** How far the keys of a call have been used: whoever goes on with them must not begin anew. */
export interface SealProgress {
  /** Those that it is of; a Buffer is plain bytes on the way from thread to thread. */
  readonly suite: string;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
  readonly sent: SrtpProgress;
  readonly received: SrtpProgress;
  readonly reports: number;
}

interface Context {
  readonly rtp: Srtp;
  readonly rtcp: Srtcp;
}

const isSuite = (name: string): name is SrtpSuite => Object.hasOwn(SUITES, name);

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

/** SRTP and SRTCP of one call, both ways. */
export class Seals {
  readonly #agreed: Keys;
  readonly #ours: Context;
  readonly #theirs: Context;

  /**
   * `former`: what was agreed on before. Under a key that stays it goes on, since the other side counts on there, too (RFC 3711, section 3.3.1). Throws
   * where the suite is none that is known.
   */
  constructor(agreed: Keys, former?: Seals) {
    const { suite, ours, theirs } = agreed;
    if (!isSuite(suite)) throw new Error(`${suite} is no suite of SRTP that is spoken here.`);
    const open = (key: Buffer): Context => ({ rtp: new Srtp(suite, key), rtcp: new Srtcp(suite, key) });
    const known = former !== undefined && former.#agreed.suite === suite ? former : undefined;
    this.#agreed = agreed;
    this.#ours = known && isSame(known.#agreed.ours, ours) ? known.#ours : open(ours);
    this.#theirs = known && isSame(known.#agreed.theirs, theirs) ? known.#theirs : open(theirs);
  }

  sealRtp(packet: Buffer): Buffer {
    return this.#ours.rtp.protect(packet);
  }

  openRtp(packet: Buffer): Buffer | undefined {
    return this.#theirs.rtp.unprotect(packet);
  }

  sealRtcp(packet: Buffer): Buffer {
    return this.#ours.rtcp.protect(packet);
  }

  openRtcp(packet: Buffer): Buffer | undefined {
    return this.#theirs.rtcp.unprotect(packet);
  }

  get progress(): SealProgress {
    const { rtp, rtcp } = this.#ours;
    return { ...this.#agreed, sent: rtp.progress, received: this.#theirs.rtp.progress, reports: rtcp.index };
  }

  /** Goes on where another has got to, as far as the keys are the same. */
  resume({ suite, ours, theirs, sent, received, reports }: SealProgress): void {
    if (suite !== this.#agreed.suite) return;
    if (isSame(theirs, this.#agreed.theirs)) this.#theirs.rtp.resume(received);
    if (!isSame(ours, this.#agreed.ours)) return;
    this.#ours.rtp.resume(sent);
    this.#ours.rtcp.index = reports;
  }
}
