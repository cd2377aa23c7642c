/** What stands for somebody without a picture, in the app and in recordings alike. */

/** Up to two letters of a name: first and last word. Whole characters, also outside the Latin alphabet. */
export function initialsOf(displayName: string): string {
  const words = displayName
    .split(/[\s_.-]+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}]+/u, ''))
    .filter((word) => word !== '');
  const first = firstCharacter(words[0] ?? '');
  const last = words.length > 1 ? firstCharacter(words.at(-1) ?? '') : '';
  return (first + last).toLocaleUpperCase() || '?';
}

/** A hue in degrees that stays the same for an identity, so that people are recognised by it. */
export function hueOf(identity: string): number {
  let hash = 0x811c9dc5; // FNV-1a: spreads similar identities far apart.
  for (const character of identity) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return Math.round(((hash >>> 0) % 12) * 30);
}

function firstCharacter(word: string): string {
  const [first] = new Intl.Segmenter().segment(word);
  return first?.segment ?? '';
}
