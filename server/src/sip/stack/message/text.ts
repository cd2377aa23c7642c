/** Text of a header for people. What is no UTF-8 stays as latin1. */
export function toUtf8(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  const read = bytes.toString('utf8');
  return Buffer.from(read).equals(bytes) ? read : text;
}

const MAX_TEXT = 200;

/** What a peer says to people, such as why: what goes on for longer is cut. */
export const saidTo = (text: string): string => toUtf8(text).slice(0, MAX_TEXT);

/** Text of people for a header. */
export const fromUtf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

/**
 * One character for each byte, whatever it was: a character that is more than a byte would lose its upper half on the wire, and some would become
 * line ends by that.
 */
export const asBytes = (text: string): string => (/[^\0-\xff]/.test(text) ? fromUtf8(text) : text);
