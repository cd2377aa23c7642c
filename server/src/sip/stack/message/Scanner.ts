import { SipSyntaxError } from './SipSyntaxError.ts';

const TOKEN = /[A-Za-z0-9\-.!%*_+`'~]+/y;
const WHITE = /[ \t\r\n]*/y;
/** RFC 3261, section 25.1: qdtext and quoted pairs; any byte above ASCII is part of UTF-8. */
const QUOTED = /"(?:[^"\\]|\\[^\r\n\u0080-\u{10FFFF}])*"/uy;

/** Reads a header's value from left to right. Every method that does not find what it wants throws SipSyntaxError. */
export class Scanner {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.#at >= this.text.length;
  }

  get rest(): string {
    return this.text.slice(this.#at);
  }

  /** The next character, empty at the end. */
  get next(): string {
    return this.text.charAt(this.#at);
  }

  white(): this {
    this.#match(WHITE);
    return this;
  }

  /** Takes a text if it comes next. */
  take(text: string): boolean {
    if (!this.text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** A separator that may have white space around it. */
  takeSeparator(separator: string): boolean {
    const before = this.#at;
    this.white();
    if (this.take(separator)) {
      this.white();
      return true;
    }
    this.#at = before;
    return false;
  }

  wantSeparator(separator: string): void {
    if (!this.takeSeparator(separator)) this.fail(`"${separator}"`);
  }

  want(text: string): void {
    if (!this.take(text)) this.fail(`"${text}"`);
  }

  token(): string {
    return this.#match(TOKEN) ?? this.fail('a token');
  }

  /** What a quoted string says, without quotes and escapes. */
  quoted(): string {
    const quoted = this.#match(QUOTED) ?? this.fail('a quoted string that ends');
    return quoted.slice(1, -1).replace(/\\(.)/gs, '$1');
  }

  /** What comes before one of these characters, or all there is. */
  until(stops: string): string {
    const from = this.#at;
    while (!this.done && !stops.includes(this.next)) this.#at += 1;
    return this.text.slice(from, this.#at);
  }

  /** Throws unless everything was read. */
  end(): void {
    this.white();
    if (!this.done) this.fail('the end');
  }

  fail(expected: string): never {
    throw new SipSyntaxError(`${expected} was expected at ${this.#at} of: ${this.text.slice(0, 80)}`);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
