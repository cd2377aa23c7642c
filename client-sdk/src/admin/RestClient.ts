import { askServer } from '../askServer.ts';

export interface Access {
  /**
   * Token that says what one may do: an integrator's, or one's own for joining. Without it the session of a signed-in host
   * counts, which the browser keeps for pages of the server itself.
   */
  token?: string;
}

/** A page of a list. */
export interface Page<T> {
  items: T[];
  /** For the next page; null on the last one. */
  nextCursor: string | null;
}

export interface PageRequest {
  /** At most so many, 1 to 100; 50 when absent. */
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/** Requests to the REST API in somebody's name. Each rejects with ParleyError. */
export class RestClient {
  readonly #serverUrl: string;
  readonly #token: string | undefined;

  constructor(serverUrl: string, { token }: Access = {}) {
    this.#serverUrl = serverUrl;
    this.#token = token;
  }

  get<T extends object>(path: string, query: Query = {}): Promise<T> {
    const url = this.url(path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return askServer<T>(url, this.#request('GET'));
  }

  send<T extends object>(method: 'POST' | 'PATCH' | 'PUT', path: string, body?: object): Promise<T> {
    return askServer<T>(this.url(path), this.#request(method, body));
  }

  /** A request that is answered by nothing. */
  async order(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<void> {
    await askServer<undefined>(this.url(path), this.#request(method, body));
  }

  /** Address of something under `/api/v1`. */
  url(path: string): URL {
    return new URL(`/api/v1${path}`, this.#serverUrl);
  }

  #request(method: string, body?: object): RequestInit {
    const headers: Record<string, string> = {};
    if (this.#token !== undefined) headers['authorization'] = `Bearer ${this.#token}`;
    if (body) headers['content-type'] = 'application/json';
    return {
      method,
      headers,
      // A token speaks for itself; the session of whoever uses the browser is not to speak along with it.
      credentials: this.#token === undefined ? 'same-origin' : 'omit',
      ...(body && { body: JSON.stringify(body) }),
    };
  }
}

/** Names and ids as parts of a path. */
export const pathOf = (...parts: string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part)}`).join('');
