import type { Loudness } from './Loudness.ts';

/** So many are heard at once: more cannot be told apart. */
export const MOST_VOICES = 6;
/** Who is heard already stays so against somebody a little louder, dB. */
const LOYALTY = 3;

/** Who of all is heard at this tick: the loudest that have been audible in the last second. */
export function chooseVoices<T extends { readonly loudness: Loudness }>(
  all: Iterable<T>,
  { now, former }: { now: number; former: ReadonlySet<T> },
): Set<T> {
  const audible = [...all].filter(({ loudness }) => loudness.isAudible(now));
  if (audible.length > MOST_VOICES) {
    const rank = (voice: T): number => voice.loudness.level + (former.has(voice) ? LOYALTY : 0);
    audible.sort((a, b) => rank(b) - rank(a));
    audible.length = MOST_VOICES;
  }
  return new Set(audible);
}
