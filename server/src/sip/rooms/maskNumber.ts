import { parsePhoneNumberFromString } from 'libphonenumber-js';

const HIDDEN = '•••';
const SHOWN_AT_END = 2;
/** With fewer digits hidden, a number could be tried out. */
const LEAST_HIDDEN = 4;

/**
 * As much of the other end as people may see who are no hosts: `+49 30 ••••12`. An extension is known in the house; of a SIP
 * URI the host is left, and empty stays empty.
 */
export function maskNumber(number: string): string {
  if (/^sips?:/i.test(number)) {
    const host = number.slice(number.lastIndexOf('@') + 1).split(/[;?>]/)[0];
    return number.includes('@') ? `${HIDDEN}@${host ?? ''}` : HIDDEN;
  }
  const end = `${HIDDEN}•${number.slice(-SHOWN_AT_END)}`;
  const parsed = number.startsWith('+') ? parsePhoneNumberFromString(number) : undefined;
  if (!parsed) return /^\+?\d{6,}$/.test(number) ? end : number;
  const code = `+${parsed.countryCallingCode}`;
  const [first = '', ...rest] = parsed.formatInternational().split(' ').slice(1);
  const area = rest.length > 0 ? first.replace(/\D/g, '') : '';
  const hidden = parsed.nationalNumber.length - area.length - SHOWN_AT_END;
  return area === '' || hidden < LEAST_HIDDEN ? `${code} ${end}` : `${code} ${area} ${end}`;
}
