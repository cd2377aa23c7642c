/** Where a stream is pushed to, taken apart and put together again: nothing of what was typed goes on unread. */

import { ParleyError } from './errors.ts';

const invalid = (message: string): ParleyError => new ParleyError('LIVE_TARGET_INVALID', { message });

const DEFAULT_PORT = { rtmp: 1935, rtmps: 443 } as const;
/** Printable ASCII without spaces; keys with other characters are written percent-encoded by whoever gives them. */
const PLAIN = /^[\x21-\x7e]+$/;
const MAX_LENGTH = 2048;

/**
 * `rtmp://host[:port]/app[/...]/key`, as streaming services give it. What stands after the last `/` is the key, with its
 * query where it has one.
 */
export class RtmpUrl {
  readonly scheme: 'rtmp' | 'rtmps';
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly app: string;
  readonly #key: string;

  private constructor(parts: {
    scheme: 'rtmp' | 'rtmps';
    host: string;
    port: number;
    app: string;
    key: string;
  }) {
    this.scheme = parts.scheme;
    this.host = parts.host;
    this.port = parts.port;
    this.app = parts.app;
    this.#key = parts.key;
  }

  /** @throws {ParleyError} LIVE_TARGET_INVALID, with a sentence that never repeats the key */
  static parse(text: string): RtmpUrl {
    if (text.length > MAX_LENGTH || !PLAIN.test(text)) {
      throw invalid('The address has characters that no address has, or is too long.');
    }
    const match = /^(rtmps?):\/\/([^/?#]*)\/([^?#]*)(\?[^#]*)?$/i.exec(text);
    if (!match) {
      throw invalid('The address has to look like rtmp://server/application/key, or rtmps://…');
    }
    const scheme = match[1]?.toLowerCase() === 'rtmps' ? 'rtmps' : 'rtmp';
    const path = match[3] ?? '';
    const slash = path.lastIndexOf('/');
    const app = path.slice(0, Math.max(slash, 0));
    const key = path.slice(slash + 1);
    if (app === '' || key === '') {
      throw invalid('The address lacks the application or the key: rtmp://server/application/key.');
    }
    return new RtmpUrl({
      scheme,
      ...parseAuthority(match[2] ?? '', scheme),
      app,
      key: key + (match[4] ?? ''),
    });
  }

  /** Name under which the stream is published. Secret: whoever has it can stream as its owner. */
  get key(): string {
    return this.#key;
  }

  /** What may be shown: without the key. */
  get label(): string {
    return `${this.#origin}/${this.app}`;
  }

  /** The `tcUrl` of the connect command. */
  get tcUrl(): string {
    return this.label;
  }

  get #origin(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    const port = this.port === DEFAULT_PORT[this.scheme] ? '' : `:${this.port}`;
    return `${this.scheme}://${host}${port}`;
  }

  /** With the key. */
  toSecretString(): string {
    return `${this.label}/${this.#key}`;
  }

  /** So that no log shows the key by accident. */
  toJSON(): string {
    return this.label;
  }

  toString(): string {
    return this.label;
  }
}

function parseAuthority(authority: string, scheme: 'rtmp' | 'rtmps'): { host: string; port: number } {
  if (authority.includes('@')) {
    throw invalid('The address must not have a user name; the key belongs at its end.');
  }
  // Parsed as http, whose rules for hosts turn 127.1, 0x7f.1 and 2130706433 into what they mean.
  let url: URL;
  try {
    url = new URL(`http://${authority}/`);
  } catch {
    throw invalid('The address has no valid server name or port.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = /:(\d+)$/.exec(authority)?.[1];
  if (host === '' || port === '0') throw invalid('The address has no valid server name or port.');
  return { host, port: port === undefined ? DEFAULT_PORT[scheme] : Number(port) };
}
