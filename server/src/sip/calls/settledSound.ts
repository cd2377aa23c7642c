import type { SettledSound } from '../audio/engine.ts';
import type { AgreedSound } from '../stack/sdp/OfferAnswer.ts';

/** `symmetric`, `tones`: see Trunk; `signalledFrom`: see SettledSound. */
export interface SoundHabits {
  readonly symmetric: boolean;
  readonly tones: boolean;
  readonly signalledFrom: string | undefined;
}

/** What was agreed on in SDP, as the mixer wants it. */
export const settledSound = (
  { remote, direction, format, formats, telephoneEvent, srtp, ptime }: AgreedSound,
  { symmetric, tones, signalledFrom }: SoundHabits,
): SettledSound => ({
  ...{ remote, direction, telephoneEvent, srtp, ptime, symmetric, tones, signalledFrom },
  codec: format.name,
  payloadType: format.payloadType,
  alsoTaken: formats
    .filter((one) => one !== format)
    .map(({ name, payloadType }) => ({ codec: name, payloadType })),
});
