/** Who gets the places that are in sight when there are more people than places. Pure. */

export interface SeatWish {
  /** Who sat where until now, by key. */
  readonly before: readonly string[];
  /** All who want a place, in their natural order. */
  readonly keys: readonly string[];
  /** Those who spoke last, newest first. */
  readonly recent: readonly string[];
  readonly places: number;
}

/**
 * Whoever has a place keeps it. Free places go to those who spoke last, then to the others in order; somebody who speaks
 * and has none takes it from whoever has been silent longest. While all find place, everybody stands in natural order save
 * for those who changed places before.
 */
export function assignSeats({ before, keys, recent, places }: SeatWish): string[] {
  const wanted = new Set(keys);
  const count = Math.min(places, keys.length);
  // A shrunken picture keeps those who spoke last.
  const staying = before.filter((key) => wanted.has(key));
  const kept = new Set(byMerit(staying, recent).slice(0, count));
  const seats = freeInPlace(before, kept, count);
  const waiting = byMerit(
    keys.filter((key) => !kept.has(key)),
    recent,
  );
  for (let seat = 0; seat < count; seat++) seats[seat] ??= waiting.shift();
  const seated = seats.filter((key) => key !== undefined);
  for (const speaker of recent.slice(0, count)) takeSeat(speaker, { seats: seated, waiting, recent });
  return seated;
}

/** Where a gap in the middle can be filled, the places stand still; where there are less places, they close up. */
function freeInPlace(before: readonly string[], kept: ReadonlySet<string>, count: number) {
  const seats: (string | undefined)[] = before.map((key) => (kept.has(key) ? key : undefined));
  while (seats.length > count) {
    const gap = seats.lastIndexOf(undefined);
    seats.splice(gap === -1 ? seats.length - 1 : gap, 1);
  }
  while (seats.length < count) seats.push(undefined);
  return seats;
}

function takeSeat(
  speaker: string,
  { seats, waiting, recent }: { seats: string[]; waiting: string[]; recent: readonly string[] },
): void {
  const at = waiting.indexOf(speaker);
  if (at === -1) return;
  const silent = byMerit(seats, recent).at(-1);
  if (silent === undefined) return;
  seats[seats.indexOf(silent)] = speaker;
  waiting[at] = silent;
}

/** Those who spoke last first, all others after them as they stand. */
function byMerit(keys: readonly string[], recent: readonly string[]): string[] {
  const rank = (key: string) => (recent.includes(key) ? recent.indexOf(key) : recent.length);
  return keys.toSorted((a, b) => rank(a) - rank(b));
}

/** The list of those who spoke last, newest first, after `speaker` took the floor. */
export function noteSpeaker(recent: readonly string[], speaker: string, limit = 24): string[] {
  if (recent[0] === speaker) return [...recent];
  return [speaker, ...recent.filter((key) => key !== speaker)].slice(0, limit);
}
