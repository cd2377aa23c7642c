/** Telephone numbers for people: how they are written, dialled by a link, and read from what was typed. */

/** Country codes of one and of two digits (ITU-T E.164); all others have three. */
const SHORT_CODES = new Set(
  (
    '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 ' +
    '92 93 94 95 98'
  ).split(' '),
);

/**
 * `+49 301 234 56 78`: in groups that can be read out. Where areas end is known to no rule that would fit in a page, so groups are
 * even; those of North America are as they are written there. What is no E.164 stays as it is.
 */
export function formatNumber(number: string): string {
  if (!/^\+[1-9]\d{4,14}$/.test(number)) return number;
  const digits = number.slice(1);
  const length = [1, 2].find((size) => SHORT_CODES.has(digits.slice(0, size))) ?? 3;
  const code = digits.slice(0, length);
  const rest = digits.slice(length);
  if (code === '1' && rest.length === 10)
    return `+1 ${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6)}`;
  return `+${code} ${groups(rest).join(' ')}`;
}

/** Threes; what is left over at the end is two or four digits, never one. */
function groups(digits: string): string[] {
  if (digits.length <= 4) return [digits];
  const tail = digits.length % 3 === 0 ? 3 : digits.length % 3 === 1 ? 4 : 2;
  const head = digits.slice(0, digits.length - tail).match(/\d{3}/g) ?? [];
  return [...head, digits.slice(-tail)];
}

/** `123 456 78`: digits of a PIN, easier to read out and to type. */
export const formatPin = (pin: string): string => groups(pin).join(' ');

/** A link that dials the number; with a PIN, which is typed after two pauses and ended by `#`. null for what no phone can dial. */
export function telLink(number: string, pin: string | null = null): string | null {
  const dialled = number.replace(/[\s().\-/]/g, '');
  if (!/^\+?\d{3,18}$/.test(dialled)) return null;
  // In a link a bare # would begin its fragment.
  return pin === null ? `tel:${dialled}` : `tel:${dialled},,${pin}%23`;
}

export type DialInput = { target: string } | { problem: string };

/** Reads what was typed as whom to call; the server knows which of it may be called. */
export function readDialInput(text: string): DialInput {
  const input = text.trim();
  if (input === '') return { problem: 'Type a number, such as +49 30 123456.' };
  if (/^sips?:/i.test(input))
    return /^sips?:[^@\s]+@[^@\s]+$/i.test(input)
      ? { target: input }
      : { problem: 'A SIP address looks like sip:ann@phones.example.org.' };
  if (/^tel:/i.test(input)) return readDialInput(input.slice(4));
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(input)) return { target: `sip:${input}` };
  const digits = input.replace(/[\s().\-/]/g, '');
  if (/^\+?\d{2,18}$/.test(digits)) return { target: digits };
  if (/^[\w.-]{1,32}$/.test(input)) return { target: input };
  return { problem: 'This is no number. Write it with its country code, such as +49 30 123456.' };
}

const KEYS = /^[0-9A-D*#,]{0,64}$/;

/** What is wrong with keys that are to be pressed; null when nothing is. */
export const problemWithKeys = (keys: string): string | null =>
  KEYS.test(keys) ? null : 'Keys are 0 to 9, * and #. A comma waits half a second.';
