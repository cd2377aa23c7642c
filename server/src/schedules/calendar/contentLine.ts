/** Lines of an iCalendar file (RFC 5545 section 3.1). */

/** A property with its parameters; the value is written as it is. */
export interface Property {
  name: string;
  /** Several values of one parameter are a list. */
  params?: Readonly<Record<string, string | readonly string[]>>;
  value: string;
}

const MAX_OCTETS = 75;

/** One property as lines of at most 75 octets, each with its CRLF. */
export function contentLine({ name, params = {}, value }: Property): string {
  const head = Object.entries(params).map(
    ([key, param]) => `;${key}=${[param].flat().map(paramValue).join()}`,
  );
  return fold(`${name}${head.join('')}:${value}`);
}

/** TEXT (section 3.3.11). */
export const escapeText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, ' ')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .toWellFormed();

/** In quotes where it has to be, and with quotes in it written as RFC 6868 has it. */
function paramValue(value: string): string {
  const encoded = value
    .toWellFormed()
    .replaceAll('^', '^^')
    .replaceAll('"', "^'")
    // eslint-disable-next-line no-control-regex -- control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f]/g, ' ');
  return /^[A-Za-z0-9/_+-]+$/.test(encoded) ? encoded : `"${encoded}"`;
}

/** A character is never cut in two. The blank that a further line begins with counts, too. */
function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > MAX_OCTETS) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return `${folded}\r\n`;
}
