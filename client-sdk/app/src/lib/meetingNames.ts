/** Names for new meetings: easy to say aloud, impossible to guess. */

/** 64 words each, so that six random bits choose one without bias. */
export const ADJECTIVES = (
  'able airy amber ample brave brief bright broad calm candid clear clever coral cosy crisp curious ' +
  'daring deep early easy fair fleet fond fresh gentle glad golden grand green handy hardy honest ' +
  'humble ivory jolly keen kind lively lucky mellow merry mild neat noble open patient plain polite ' +
  'proud quick quiet ready rosy silent silver snowy steady sunny swift tidy vivid warm wise witty'
).split(' ');

export const NOUNS = (
  'acorn alder badger beacon birch bison breeze brook canyon cedar cloud clover comet cove crane dale ' +
  'delta dolphin dune eagle ember falcon fern finch fjord forest fox garden glade grove gull harbor ' +
  'hare heron hill island ivy jetty kestrel lagoon lake lark linden lynx maple marsh meadow moss ' +
  'orchid otter owl pebble pine poppy raven reef ridge river robin spruce stork sparrow tern willow'
).split(' ');

/** 32 characters that are not mistaken for one another when read aloud or typed from paper. */
export const SUFFIX_ALPHABET = '023456789abcdefghjkmnpqrstuvwxyz';
export const SUFFIX_LENGTH = 6;

const BYTES = 2 + SUFFIX_LENGTH;

/** Bits of chance in a name: what somebody who guesses has to find. */
export const NAME_BITS =
  Math.log2(ADJECTIVES.length) + Math.log2(NOUNS.length) + SUFFIX_LENGTH * Math.log2(SUFFIX_ALPHABET.length);

/** A new name, such as `quiet-otter-4kx92p`. `random` fills the bytes; the browser's generator by default. */
export function createMeetingName(random: (bytes: Uint8Array<ArrayBuffer>) => void = fillRandom): string {
  const bytes = new Uint8Array(BYTES);
  random(bytes);
  const [first = 0, second = 0, ...rest] = bytes;
  const suffix = rest.map((byte) => pick(SUFFIX_ALPHABET, byte)).join('');
  return `${pick(ADJECTIVES, first)}-${pick(NOUNS, second)}-${suffix}`;
}

// Lengths are powers of two that divide 256, so the remainder is as random as the byte.
function pick(from: ArrayLike<string>, byte: number): string {
  return from[byte % from.length] ?? '';
}

function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  crypto.getRandomValues(bytes);
}
