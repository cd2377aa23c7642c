import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { FilesError } from '../FilesError.ts';

/** Where recordings are kept, and who may write there. */
export interface S3Options {
  /** `https://s3.eu-central-1.amazonaws.com`, `http://127.0.0.1:9000`. */
  endpoint: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Whether the bucket stands in the path, as most stores but Amazon's want it; in the name of the host otherwise. */
  pathStyle?: boolean;
  /** How often a request is made before it is given up, and milliseconds before the second time; each time twice. */
  attempts?: number;
  retryMs?: number;
  /** Milliseconds a request may take. */
  timeoutMs?: number;
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  key: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
}

const MAX_RETRY_MS = 30_000;
const defaults = { pathStyle: true, attempts: 8, retryMs: 500, timeoutMs: 120_000 };

/**
 * Requests to an object store that speaks the S3 protocol, signed (Signature Version 4, with the checksum of the body)
 * and repeated while the store is away. Answers are whole: objects are read and written in parts.
 */
export class S3Store {
  readonly #options: Required<S3Options>;

  constructor(options: S3Options) {
    this.#options = { ...defaults, ...options };
  }

  /** Makes one request until it is answered. @throws {FilesError} S3_REFUSED, S3_NOT_FOUND, S3_UNREACHABLE, S3_ABORTED */
  async request(request: S3Request): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#attempt(request);
      if (answer instanceof Response && answer.ok) return answer;
      const isOver = attempt >= this.#options.attempts || !isPassing(answer);
      if (isOver) throw await this.#failure(answer);
      if (answer instanceof Response) await answer.body?.cancel();
      await this.#wait(attempt, request.signal);
    }
  }

  /** What an object is, if it is there. */
  async head(key: string): Promise<{ size: number; etag: string } | undefined> {
    try {
      const { headers } = await this.request({ method: 'HEAD', key });
      return { size: Number(headers.get('content-length')), etag: headers.get('etag') ?? '' };
    } catch (error) {
      if (error instanceof FilesError && error.code === 'S3_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** Up to `length` bytes from `position` on. */
  async read(key: string, position: number, length: number): Promise<Buffer> {
    const range = `bytes=${String(position)}-${String(position + length - 1)}`;
    const answer = await this.request({ method: 'GET', key, headers: { range } });
    if (answer.status !== 206)
      throw new FilesError('S3_REFUSED', { detail: 'it does not answer range requests' });
    return Buffer.from(await answer.arrayBuffer());
  }

  /** Removes an object; there need not be one. */
  async delete(key: string): Promise<void> {
    const answer = await this.request({ method: 'DELETE', key }).catch((error: unknown) => {
      if (error instanceof FilesError && error.code === 'S3_NOT_FOUND') return undefined;
      throw error;
    });
    await answer?.body?.cancel();
  }

  async #attempt(request: S3Request): Promise<Response | Error> {
    const { signal } = request;
    if (signal?.aborted) throw new FilesError('S3_ABORTED');
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      const { method, url, headers } = await this.#sign(request);
      const body = request.body === undefined ? {} : { body: request.body };
      const limit = signal ? AbortSignal.any([signal, timeout]) : timeout;
      return await fetch(url, { method, headers, ...body, signal: limit, redirect: 'manual' });
    } catch (error) {
      if (signal?.aborted) throw new FilesError('S3_ABORTED', { cause: error });
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #sign({ method, key, query = {}, headers = {}, body }: S3Request) {
    const { endpoint, bucket, pathStyle, region, accessKeyId, secretAccessKey } = this.#options;
    const url = new URL(endpoint);
    if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
    const path = [...(pathStyle ? [bucket] : []), ...key.split('/')].map(encodeURIComponent).join('/');
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const all = { ...headers, 'x-amz-content-sha256': hash };
    const who = { region, accessKeyId, secretAccessKey, service: 's3' };
    return new AwsV4Signer({ ...who, method, url: url.href, headers: all }).sign();
  }

  async #failure(answer: Response | Error): Promise<FilesError> {
    if (answer instanceof Error) return new FilesError('S3_UNREACHABLE', { cause: answer });
    const code = xmlValue(await answer.text().catch(() => ''), 'Code');
    const detail = [String(answer.status), ...(code ? [code] : [])].join(' ');
    if (answer.status === 404) return new FilesError('S3_NOT_FOUND', { detail });
    return new FilesError(isPassing(answer) ? 'S3_UNREACHABLE' : 'S3_REFUSED', { detail });
  }

  async #wait(attempt: number, signal: AbortSignal | undefined): Promise<void> {
    const longest = Math.min(MAX_RETRY_MS, this.#options.retryMs * 2 ** (attempt - 1));
    const ms = longest * (0.5 + Math.random() / 2);
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      throw new FilesError('S3_ABORTED', { cause: error });
    }
  }
}

/** Whether the same request may succeed later. */
function isPassing(answer: Response | Error): boolean {
  if (answer instanceof Error) return true;
  return answer.status >= 500 || answer.status === 408 || answer.status === 429;
}

/** The text of the first element of this name. Answers are small and of a few known shapes. */
export function xmlValue(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return found
    ?.replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
