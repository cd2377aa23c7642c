import { SipSyntaxError } from './SipSyntaxError.ts';
import type { Params } from './params.ts';

/** A SIP or SIPS URI (RFC 3261, section 19.1). Texts are as they stand in the message, escapes kept. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** In lower case; an IPv6 address in brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** Names and values in lower case where the RFC compares them so. */
  readonly params: Params;
  /** What stands after the `?`. */
  readonly headers: string | undefined;
}

/** A URI of another kind, such as `tel:` (RFC 3966). */
export interface OtherUri {
  readonly scheme: string;
  readonly rest: string;
}

export type Uri = SipUri | OtherUri;

export const isSip = (uri: Uri): uri is SipUri => uri.scheme === 'sip' || uri.scheme === 'sips';

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):(.+)$/s;
const ESCAPED = '%[0-9A-Fa-f]{2}';
const UNRESERVED = "A-Za-z0-9\\-_.!~*'()";
const USER = new RegExp(`^(?:[${UNRESERVED}&=+$,;?/]|${ESCAPED})+$`);
const PASSWORD = new RegExp(`^(?:[${UNRESERVED}&=+$,]|${ESCAPED})*$`);
const PARAM = new RegExp(`^(?:[${UNRESERVED}[\\]/:&+$]|${ESCAPED})+$`);
const HEADERS = new RegExp(`^(?:[${UNRESERVED}[\\]/?:+$&=]|${ESCAPED})+$`);
const OTHER = new RegExp(`^(?:[${UNRESERVED};/?:@&=+$,[\\]#]|${ESCAPED})+$`);
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9\-_.]*[A-Za-z0-9])?\.?)(?::(\d{1,5}))?$/;

/** Throws SipSyntaxError. */
export function parseUri(text: string): Uri {
  const [, scheme = '', rest = ''] = SCHEME.exec(text) ?? fail(text);
  const kind = scheme.toLowerCase();
  if (kind === 'sip' || kind === 'sips') return parseSip(kind, rest, text);
  return OTHER.test(rest) ? { scheme: kind, rest } : fail(text);
}

function parseSip(scheme: 'sip' | 'sips', rest: string, text: string): SipUri {
  const at = rest.lastIndexOf('@');
  const [user, password] = at < 0 ? [] : splitOnce(rest.slice(0, at), ':');
  const [address = '', headers] = splitOnce(rest.slice(at + 1), '?');
  const [hostPort = '', ...params] = address.split(';');
  const [, host = '', port] = HOST.exec(hostPort) ?? fail(text);
  const isWell =
    (at < 0 || USER.test(user ?? '')) &&
    PASSWORD.test(password ?? '') &&
    (headers === undefined || HEADERS.test(headers)) &&
    isPort(Number(port ?? 5060));
  if (!isWell) fail(text);
  return {
    ...{ scheme, user, password, host: host.toLowerCase(), headers },
    port: port === undefined ? undefined : Number(port),
    params: new Map(params.map((param) => parseParam(param, text))),
  };
}

/** Of 0 a grammar says nothing, but no socket can send there. */
const isPort = (port: number): boolean => port > 0 && port <= 0xffff;

function parseParam(param: string, text: string): [string, string | undefined] {
  const [name = '', value] = splitOnce(param, '=');
  if (!PARAM.test(name) || (value !== undefined && !PARAM.test(value))) fail(text);
  return [name.toLowerCase(), value];
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function fail(text: string): never {
  throw new SipSyntaxError(`no URI: ${text.slice(0, 80)}`);
}

export function writeUri(uri: Uri): string {
  if (!isSip(uri)) return `${uri.scheme}:${uri.rest}`;
  const { scheme, user, password, host, port, params, headers } = uri;
  const secret = password === undefined ? '' : `:${password}`;
  const who = user === undefined ? '' : `${user}${secret}@`;
  const tail = [...params].map(([name, value]) => (value === undefined ? `;${name}` : `;${name}=${value}`));
  const more = headers === undefined ? '' : `?${headers}`;
  return `${scheme}:${who}${host}${port === undefined ? '' : `:${port}`}${tail.join('')}${more}`;
}

/** Makes a user part of any text: what may not stand there is escaped. */
export function escapeUser(text: string): string {
  return [...Buffer.from(text)].map((byte) => escapeByte(byte)).join('');
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9\-_.!~*'()&=+$,;?/]/.test(character)
    ? character
    : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** What a user part says; escapes that are no UTF-8 stay as they are. */
export function unescapeUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}
