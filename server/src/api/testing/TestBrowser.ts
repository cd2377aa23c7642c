import type { LightMyRequestResponse } from 'fastify';
import type { App } from '../appType.ts';

export interface Page {
  url: string;
  status: number;
  text: string;
  headers: Record<string, unknown>;
}

/** As much of a browser as signing in takes: cookies of each site, and redirects, one at a time where that matters. */
export class TestBrowser {
  readonly origin: string;
  readonly #app: App;
  readonly #cookies = new Map<string, Map<string, string>>();
  /** Each Set-Cookie of the server under test, whole. */
  readonly setCookies: string[] = [];
  readonly address: string;

  constructor(app: App, origin: string, address = '192.0.2.1') {
    this.#app = app;
    this.origin = origin;
    this.address = address;
  }

  cookie(name: string): string | undefined {
    return this.#jar(this.origin).get(name);
  }

  keep(name: string, value: string): void {
    this.#jar(this.origin).set(name, value);
  }

  /** Goes where it is sent, until it is back at the server and no more redirected; or as long as `until` lets it. */
  async open(url: string, until: (url: string) => boolean = () => false): Promise<Page> {
    let at = new URL(url, this.origin).href;
    for (let step = 0; step < 15; step += 1) {
      const page = await this.#get(at);
      const { location } = page.headers;
      if (typeof location !== 'string') return page;
      at = new URL(location, at).href;
      if (until(at)) return { ...page, url: at };
    }
    throw new Error(`Redirected in circles: ${at}`);
  }

  /** As a script of a page of the server asks. */
  async ask(
    [method, url]: ['GET' | 'POST' | 'PATCH' | 'DELETE', string],
    payload?: object,
    headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ): Promise<Page & { body: unknown }> {
    const answer = await this.#app.inject({
      ...{ method, url, remoteAddress: this.address },
      headers: { ...this.#headers(this.origin), ...headers },
      ...(payload && { payload }),
    });
    this.#take(this.origin, answer);
    const isJson = /json/.test(String(answer.headers['content-type']));
    const body: unknown = isJson ? answer.json() : null;
    return { url, status: answer.statusCode, text: answer.body, headers: answer.headers, body };
  }

  async #get(url: string): Promise<Page> {
    const { origin, pathname, search } = new URL(url);
    if (origin === this.origin)
      return { ...(await this.ask(['GET', pathname + search], undefined, {})), url };
    const answer = await fetch(url, { redirect: 'manual', headers: this.#headers(origin) });
    for (const cookie of answer.headers.getSetCookie()) this.#takeCookie(origin, cookie);
    return {
      url,
      status: answer.status,
      text: await answer.text(),
      headers: Object.fromEntries(answer.headers),
    };
  }

  #headers(origin: string): Record<string, string> {
    const pairs = [...this.#jar(origin)].map(([name, value]) => `${name}=${value}`);
    return {
      host: new URL(origin).host,
      accept: 'text/html',
      ...(pairs.length > 0 && { cookie: pairs.join('; ') }),
    };
  }

  #take(origin: string, answer: LightMyRequestResponse): void {
    for (const cookie of [answer.headers['set-cookie'] ?? []].flat()) {
      this.setCookies.push(cookie);
      this.#takeCookie(origin, cookie);
    }
  }

  #takeCookie(origin: string, cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    const isOver = /expires=Thu, 01 Jan 1970/i.test(cookie) || /max-age=0(;|$)/i.test(cookie);
    if (isOver) this.#jar(origin).delete(name);
    else this.#jar(origin).set(name, value);
  }

  #jar(origin: string): Map<string, string> {
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    return jar;
  }
}
