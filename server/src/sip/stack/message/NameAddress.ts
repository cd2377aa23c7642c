import { Scanner } from './Scanner.ts';
import { quote, readParams, writeParams, type Params } from './params.ts';
import { parseUri, writeUri, type Uri } from './uri.ts';

/** The value of From, To, Contact, Route, Record-Route, Refer-To and their like (RFC 3261, section 20.10). */
export interface NameAddress {
  /** Empty where there is none; bytes of the message as latin1. */
  readonly displayName: string;
  readonly uri: Uri;
  /** Of the header: `tag`, `expires`, `q`. */
  readonly params: Params;
}

/** Throws SipSyntaxError. */
export function parseNameAddress(text: string): NameAddress {
  const scanner = new Scanner(text).white();
  const address = readNameAddress(scanner);
  scanner.end();
  return address;
}

/** A list, separated by commas, as Contact and Route may be. Throws SipSyntaxError. */
export function parseNameAddresses(text: string): NameAddress[] {
  const scanner = new Scanner(text).white();
  const addresses = [readNameAddress(scanner)];
  while (scanner.takeSeparator(',')) addresses.push(readNameAddress(scanner));
  scanner.end();
  return addresses;
}

function readNameAddress(scanner: Scanner): NameAddress {
  const displayName = scanner.next === '"' ? scanner.quoted() : readDisplayName(scanner);
  if (scanner.white().take('<')) {
    const uri = parseUri(scanner.until('>'));
    scanner.want('>');
    return { displayName, uri, params: readParams(scanner) };
  }
  if (displayName !== '') scanner.fail('"<"');
  // Without brackets what follows a semicolon belongs to the header, and a URI with headers is not allowed at all.
  const uri = parseUri(scanner.until(';,? \t\r\n'));
  if (scanner.next === '?') scanner.fail('"<" around a URI with headers');
  return { displayName, uri, params: readParams(scanner) };
}

const TOKENS = /^[A-Za-z0-9\-.!%*_+`'~ \t\r\n]*$/;

/** `*(token LWS)`: only where a bracket follows is it a name; else it is the URI. */
function readDisplayName(scanner: Scanner): string {
  const bracket = scanner.rest.indexOf('<');
  if (bracket < 0 || !TOKENS.test(scanner.rest.slice(0, bracket))) return '';
  return scanner.until('<').trim().replace(/\s+/g, ' ');
}

export function writeNameAddress({ displayName, uri, params }: NameAddress): string {
  const name = displayName === '' ? '' : `${quote(displayName)} `;
  return `${name}<${writeUri(uri)}>${writeParams(params)}`;
}
