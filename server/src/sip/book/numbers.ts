/** Telephone numbers: what trunks send made into E.164 (ITU-T), written as trunks want them, and which may be called. Pure. */
import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  type PhoneNumber,
} from 'libphonenumber-js/max';

/** What the user part of a URI, or what somebody typed, stands for. */
export type Party =
  | { kind: 'number'; e164: string }
  /** The caller does not show their number. */
  | { kind: 'withheld' }
  /** An extension, a room, a name: anything that is no number of the public network. */
  | { kind: 'other'; name: string };

const WITHHELD = /^(anonymous|unknown|unavailable|restricted|private|withheld|blocked)?$/i;
/** Host of an anonymous From (RFC 3323, section 4.1.1.3). */
const WITHHELD_HOST = /@anonymous\.invalid\b/i;
const DIGITS_WITH_MARKS = /^\+?[0-9 ().\-/]*[0-9][0-9 ().\-/]*$/;
const MARKS = /[ ().\-/]/g;
/** Numbers of a switchboard are shorter. */
const SHORTEST = 6;

/**
 * Reads `+49…`, `0049…`, `030…`, `4930…`, and all of these in `tel:` and `sip:` URIs, as a trunk of this country
 * (ISO 3166) means them.
 */
export function readParty(text: string, country: string): Party {
  const { user, context } = userOf(text);
  if (WITHHELD.test(user) || WITHHELD_HOST.test(text)) return { kind: 'withheld' };
  if (!DIGITS_WITH_MARKS.test(user)) return { kind: 'other', name: user };
  const digits = user.replace(MARKS, '');
  const isLocal = context?.startsWith('+') === true && !digits.startsWith('+');
  const e164 = e164Of(isLocal ? `${context}${digits}` : digits, country);
  return e164 === undefined ? { kind: 'other', name: digits } : { kind: 'number', e164 };
}

/** The user part of `"Ann" <sip:+4930123;ext=1@host;user=phone>`, and `phone-context` of a `tel:` URI (RFC 3966). */
function userOf(text: string): { user: string; context: string | undefined } {
  const unnamed = text.replace(/^\s*"(?:[^"\\]|\\.)*"/, '');
  const [, bracketed] = /<([^<>]*)>/.exec(unnamed) ?? [];
  const bare = (bracketed ?? unnamed).trim().replace(/^(sips?|tel):/i, '');
  const [, context] = /;phone-context=([^;@]+)/i.exec(bare) ?? [];
  const [user = ''] = bare.split('@', 1);
  return { user: unescaped(user.replace(/[;?:].*$/s, '')).trim(), context };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function e164Of(digits: string, country: string): string | undefined {
  if (digits.startsWith('+')) return possible(parse(digits));
  if (digits.length < SHORTEST) return undefined;
  // Before the country has its say: to some, 00 is no international prefix.
  if (digits.startsWith('00')) return possible(parse(`+${digits.slice(2)}`));
  const national = parse(digits, country);
  if (digits.startsWith('0')) return possible(national);
  // Many carriers leave the + away. Where a national number is dialled otherwise, this is one of another country.
  const international = parse(`+${digits}`);
  const isDialledSo = national?.formatNational().replace(/\D/g, '') === digits;
  const inOrder = isDialledSo ? [national, international] : [international, national];
  return inOrder.find((number) => number?.isValid() === true)?.number;
}

function parse(text: string, country?: string): PhoneNumber | undefined {
  const known = country !== undefined && isSupportedCountry(country) ? country : undefined;
  return parsePhoneNumberFromString(text, { extract: false, ...(known && { defaultCountry: known }) });
}

const possible = (number: PhoneNumber | undefined): string | undefined =>
  number?.isPossible() === true ? number.number : undefined;

export type NumberFormat = 'e164' | 'digits' | 'national';

/** E.164 as a trunk of this country dials it. What is no E.164 is left as it is. */
export function formatNumber(e164: string, format: NumberFormat, country: string): string {
  const number = e164.startsWith('+') ? parse(e164) : undefined;
  if (!number || format === 'e164') return e164;
  if (format === 'digits') return e164.slice(1);
  if (!isSupportedCountry(country)) return `00${e164.slice(1)}`;
  if (number.countryCallingCode === getCountryCallingCode(country))
    return number.formatNational().replace(/\D/g, '');
  return number.format('IDD', { fromCountry: country }).replace(/\D/g, '') || `00${e164.slice(1)}`;
}

/** Satellites and other networks of no country, and international premium services: calls cost several euros a minute. */
const COSTLY_CODES = ['870', '878', '881', '882', '883', '888', '979'];
const ORDINARY_TYPES = new Set([
  ...['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'TOLL_FREE', 'VOIP', 'PERSONAL_NUMBER', 'UAN'],
]);
/** Those whose calls cost what calls in the United States cost; the others of +1 are islands with tariffs of their own. */
const MAINLAND_OF_1 = new Set(['US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP']);
/** Digits after the code of the country from which on a prefix names a service. */
const SPECIFIC = 2;

/**
 * Why a number may not be called with these prefixes, in words for people; undefined where it may. Premium services,
 * satellites and numbers of no known plan are called only where a prefix names them; a prefix that is a country does not.
 */
export function whyNotCalled(e164: string, prefixes: readonly string[]): string | undefined {
  const number = parse(e164);
  if (!/^\+[1-9]\d{1,14}$/.test(e164) || number?.isPossible() !== true)
    return 'It is no telephone number: write it with +, country and area.';
  const fitting = prefixes.filter((prefix) => e164.startsWith(prefix));
  if (fitting.length === 0) return 'Numbers that begin so may not be called by this trunk.';
  const code = `+${number.countryCallingCode}`;
  const isNamed = fitting.some((prefix) => prefix.length >= code.length + SPECIFIC);
  if (COSTLY_CODES.includes(number.countryCallingCode))
    return fitting.some((prefix) => prefix.startsWith(code))
      ? undefined
      : 'Satellites and international services may not be called.';
  if (isNamed) return undefined;
  if (code === '+1' && number.country !== undefined && !MAINLAND_OF_1.has(number.country))
    return `Numbers of ${number.country} may be called only where a prefix names them.`;
  const type = number.getType();
  if (type === undefined) return 'The number belongs to no known plan.';
  return ORDINARY_TYPES.has(type) ? undefined : 'Premium and shared-cost services may not be called.';
}

/** Of most countries. They are never called: this server does not know where a phone is, which help has to know. */
export const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set([
  ...['000', '110', '111', '112', '113', '114', '115', '117', '118', '119', '122', '911', '999'],
]);
