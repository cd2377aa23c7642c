import { codeOf, type Digit } from './digits.ts';

/** The key of an INFO: `application/dtmf-relay` has lines, `application/dtmf` has nothing but the key. undefined for what has none. */
export function digitOfInfo(contentType: string, body: string): Digit | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase();
  const said = type === 'application/dtmf-relay' ? /^\s*Signal\s*=\s*(\S+)/im.exec(body)?.[1] : body.trim();
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') return undefined;
  // Some say the code of the key where it is none of the ten digits.
  const digit = said === '10' ? '*' : said === '11' ? '#' : (said ?? '').toUpperCase();
  return codeOf(digit) === undefined ? undefined : digit;
}
