import type { Scanner } from './Scanner.ts';

/** Parameters by their names in lower case; undefined for one without a value, such as `lr`. */
export type Params = ReadonlyMap<string, string | undefined>;

const VALUE_STOPS = ';, \t\r\n?>"';

/** `*( SEMI generic-param )`, RFC 3261, section 25.1. */
export function readParams(scanner: Scanner): Params {
  const params = new Map<string, string | undefined>();
  while (scanner.takeSeparator(';')) {
    const name = scanner.token().toLowerCase();
    const value = scanner.takeSeparator('=') ? readValue(scanner) : undefined;
    // The first counts: whoever adds a second does not get the better of who wrote the first.
    if (!params.has(name)) params.set(name, value);
  }
  return params;
}

/** A token, a host (an IPv6 address has brackets and colons), or what a quoted string says. */
function readValue(scanner: Scanner): string {
  if (scanner.next === '"') return scanner.quoted();
  const value = scanner.until(VALUE_STOPS);
  return value === '' ? scanner.fail('a value') : value;
}

const PLAIN_VALUE = /^[A-Za-z0-9\-.!%*_+`'~[\]:/@&$]+$/;

export function writeParams(params: Params): string {
  return [...params]
    .map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${plain(value)}`))
    .join('');
}

const plain = (value: string): string => (PLAIN_VALUE.test(value) ? value : quote(value));

/** A quoted string. Line ends become spaces: nothing that is quoted may end a header. */
export function quote(text: string): string {
  return `"${text.replace(/[\r\n\0]+/g, ' ').replace(/["\\]/g, '\\$&')}"`;
}
