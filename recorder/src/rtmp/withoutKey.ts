/** Pieces of a key that are shorter say nothing, and are in many words. */
const SHORTEST_PIECE = 4;

/**
 * What a service says, without the key of the stream. Services name a stream by the key without its query, by one value of it, or
 * with its percent-encoding undone.
 */
export function withoutKey(words: string, key: string): string {
  const whole = [key, decoded(key)];
  const pieces = whole.flatMap((form) => form.split(/[?&=/]/));
  const secrets = [...pieces, ...pieces.map(decoded)].filter(({ length }) => length >= SHORTEST_PIECE);
  // The longest first: a piece may be a part of another.
  const all = [...new Set([...whole, ...secrets])].toSorted((a, b) => b.length - a.length);
  return all.reduce((left, secret) => left.replaceAll(secret, '…'), words);
}

/** As it is, where it is not what percent-encoding makes. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
