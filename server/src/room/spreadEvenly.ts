import { randomInt } from 'node:crypto';

/**
 * Spreads people over places so that the numbers differ by at most one, each spread as likely as any other
 * (Fisher-Yates shuffle, then dealt out like cards).
 */
export function spreadEvenly<P, T>(people: readonly P[], places: readonly T[]): [P, T][] {
  const shuffled = [...people];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    const [a, b] = [shuffled[last], shuffled[other]];
    if (a !== undefined && b !== undefined) [shuffled[last], shuffled[other]] = [b, a];
  }
  return shuffled.flatMap((person, index): [P, T][] => {
    const place = places[index % places.length];
    return place === undefined ? [] : [[person, place]];
  });
}
