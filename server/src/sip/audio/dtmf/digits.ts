/** Keys by their codes (RFC 4733, table 3). */
const KEYS = '0123456789*#ABCD';

export type Digit = string;

export const digitOf = (code: number): Digit | undefined => KEYS[code];

/** undefined for what is no key. */
export function codeOf(digit: Digit): number | undefined {
  const code = KEYS.indexOf(digit.toUpperCase());
  return digit.length === 1 && code >= 0 ? code : undefined;
}
