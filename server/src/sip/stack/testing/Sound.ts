import { OfferAnswer } from '../sdp/OfferAnswer.ts';

/** Offer and answer of one that speaks PCMU at an address. */
export const soundAt = (address: string): OfferAnswer =>
  new OfferAnswer({ address, port: 20_000, codecs: ['PCMU'], encryption: 'off', suites: [] });
