import { Scanner } from './Scanner.ts';
import { readParams, writeParams, type Params } from './params.ts';

/** One value of Via (RFC 3261, section 20.42; rport: RFC 3581). */
export interface Via {
  /** In capitals: UDP, TCP, TLS, or one that is not known here. */
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;
}

/** What begins the branch of everybody who makes it unique (RFC 3261, section 8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

const HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-_.]+)$/;

/** All values of one line. Throws SipSyntaxError. */
export function parseVias(text: string): Via[] {
  const scanner = new Scanner(text).white();
  const vias = [readVia(scanner)];
  while (scanner.takeSeparator(',')) vias.push(readVia(scanner));
  scanner.end();
  return vias;
}

function readVia(scanner: Scanner): Via {
  const protocol = scanner.token();
  scanner.wantSeparator('/');
  const version = scanner.token();
  scanner.wantSeparator('/');
  if (protocol.toUpperCase() !== 'SIP' || version !== '2.0') scanner.fail('SIP/2.0');
  const transport = scanner.token().toUpperCase();
  const host = readHost(scanner.white());
  const port = scanner.takeSeparator(':') ? Number(scanner.token()) : undefined;
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port <= 0xffff)) scanner.fail('a port');
  return { transport, host, port, params: readParams(scanner) };
}

function readHost(scanner: Scanner): string {
  const host =
    scanner.next === '['
      ? `${scanner.until(']')}${scanner.take(']') ? ']' : ''}`
      : scanner.until(':;, \t\r\n');
  return HOST.test(host) ? host.toLowerCase() : scanner.fail('a host');
}

export function writeVia({ transport, host, port, params }: Via): string {
  return `SIP/2.0/${transport} ${host}${port === undefined ? '' : `:${port}`}${writeParams(params)}`;
}

/** What a transaction is known by; undefined for a branch of a sender that follows RFC 2543, or that has nothing after the cookie. */
export function uniqueBranchOf({ params }: Via): string | undefined {
  const branch = params.get('branch');
  return branch?.startsWith(MAGIC_COOKIE) && branch.length > MAGIC_COOKIE.length ? branch : undefined;
}
