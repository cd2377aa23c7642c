import { SipSyntaxError } from './SipSyntaxError.ts';
import { asBytes } from './text.ts';

/** Compact forms, RFC 3261 section 20 and the registry of header fields. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** Names as they are usually written, where the rule of capital first letters does not give that. */
const SPELLING: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'mime-version': 'MIME-Version',
  rack: 'RAck',
  rseq: 'RSeq',
  'sip-etag': 'SIP-ETag',
  'sip-if-match': 'SIP-If-Match',
  'www-authenticate': 'WWW-Authenticate',
  'min-se': 'Min-SE',
  'p-asserted-identity': 'P-Asserted-Identity',
  'remote-party-id': 'Remote-Party-ID',
};

const NAME = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const UNSAFE = /[\r\n]/;

/** The header fields of a message, in their order. Names are compared without case, compact forms are the long ones. */
export class Headers {
  readonly #fields: [name: string, value: string][] = [];

  static of(fields: Readonly<Record<string, string | number | readonly string[] | undefined>>): Headers {
    const headers = new Headers();
    for (const [name, value] of Object.entries(fields))
      for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
        if (one !== undefined) headers.add(name, String(one));
    return headers;
  }

  /** Behind all others. Throws SipSyntaxError for what is no name, and for a value that would end its line. */
  add(name: string, value: string): this {
    this.#fields.push([assertName(name), assertValue(value)]);
    return this;
  }

  /** Before all others, as Via and Record-Route are. */
  addFirst(name: string, value: string): this {
    this.#fields.unshift([assertName(name), assertValue(value)]);
    return this;
  }

  /** Instead of all of that name. */
  set(name: string, value: string | number): this {
    return this.delete(name).add(name, String(value));
  }

  delete(name: string): this {
    const key = keyOf(name);
    for (let index = this.#fields.length - 1; index >= 0; index -= 1)
      if (this.#fields[index]?.[0] === key) this.#fields.splice(index, 1);
    return this;
  }

  /** The first of that name. */
  get(name: string): string | undefined {
    const key = keyOf(name);
    return this.#fields.find(([other]) => other === key)?.[1];
  }

  /** All of that name, each line as it stands. */
  all(name: string): string[] {
    const key = keyOf(name);
    return this.#fields.flatMap(([other, value]) => (other === key ? [value] : []));
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** The tokens of comma-separated lists such as Supported and Require, in lower case. */
  tokens(name: string): string[] {
    return this.all(name)
      .flatMap((line) => line.split(','))
      .map((token) => token.trim().toLowerCase())
      .filter((token) => token !== '');
  }

  get size(): number {
    return this.#fields.length;
  }

  clone(): Headers {
    const copy = new Headers();
    copy.#fields.push(...this.#fields.map(([name, value]): [string, string] => [name, value]));
    return copy;
  }

  toString(): string {
    return this.#fields.map(([name, value]) => `${spelled(name)}: ${value}\r\n`).join('');
  }
}

/** The long form in lower case. */
export function keyOf(name: string): string {
  const lower = name.toLowerCase();
  return COMPACT[lower] ?? lower;
}

const spelled = (key: string): string =>
  SPELLING[key] ??
  key.replace(/(^|-)([a-z])/g, (_all, dash: string, letter: string) => dash + letter.toUpperCase());

function assertName(name: string): string {
  if (!NAME.test(name)) throw new SipSyntaxError(`no name of a header field: ${name.slice(0, 80)}`);
  return keyOf(name);
}

function assertValue(value: string): string {
  if (UNSAFE.test(value)) throw new SipSyntaxError('the value of a header field has a line end in it');
  return asBytes(value);
}
