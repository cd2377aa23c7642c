import { SUITES, masterLength, type SrtpSuite } from '../audio/srtp/keys.ts';
import type { CodecName } from '../stack/sdp/model.ts';
import { OfferAnswer, type Encryption } from '../stack/sdp/OfferAnswer.ts';

export interface SoundWish {
  readonly codecs: readonly CodecName[];
  readonly encryption: Encryption;
}

/** How phones sound that no trunk speaks for: they are near, and can do all. */
export const OWN_PHONES: SoundWish = { codecs: ['opus', 'G722', 'PCMA', 'PCMU'], encryption: 'optional' };

const suitesOf = (): SrtpSuite[] => Object.keys(SUITES).filter((name): name is SrtpSuite => name in SUITES);
const SPOKEN = suitesOf().map((name) => ({ name, masterLength: masterLength(name) }));

/** Offer and answer of one call, as its trunk wants the sound. */
export const soundOffer = (
  at: { address: string; port: number },
  { codecs, encryption }: SoundWish,
): OfferAnswer => new OfferAnswer({ ...at, codecs, encryption, suites: SPOKEN });
