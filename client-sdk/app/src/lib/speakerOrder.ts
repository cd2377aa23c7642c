/** Who gets the places that are in sight when there are more tiles than places. Pure. */

/** The list of those who spoke last, newest first, after `speaker` took the floor. */
export function noteSpeaker(recent: readonly string[], speaker: string, limit = 8): string[] {
  return [speaker, ...recent.filter((key) => key !== speaker)].slice(0, limit);
}

/**
 * Brings those who spoke last into the first `places` of `keys`, each in the stead of one who did not speak,
 * from the end. All others keep their place, so that the picture stays calm.
 */
export function bringSpeakersForward(
  keys: readonly string[],
  recent: readonly string[],
  places: number,
): string[] {
  const order = [...keys];
  if (places >= order.length || places < 1) return order;
  const speakers = new Set(recent.slice(0, places));
  for (const speaker of speakers) {
    const at = order.indexOf(speaker);
    if (at < places) continue;
    const seat = order.findLastIndex((key, index) => index < places && !speakers.has(key));
    if (seat <= 0) break; // The first place is never taken: it is one's own, or what is shown.
    const [displaced] = order.splice(seat, 1, speaker);
    order.splice(at, 1, displaced ?? speaker);
  }
  return order;
}
