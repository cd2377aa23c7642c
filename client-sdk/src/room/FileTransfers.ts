import type { FileInfo } from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';
import { errorOf, unreachable } from '../askServer.ts';
import type { Request } from './Request.ts';

/** How long before its end a link is asked for anew, ms. */
const LINK_MARGIN_MS = 60_000;

/** What can be uploaded: a `File`, or a `Blob` that was given a name. */
export type Uploadable = Blob & { readonly name: string };

export interface UploadOptions {
  /** Bytes that have been sent, and how many there are. */
  onProgress?: (sent: number, total: number) => void;
  /** Breaks the upload off; it rejects with the reason of the signal. */
  signal?: AbortSignal;
}

interface Link {
  url: string;
  expiresAt: number;
}

/** Takes files to the server and back. What is allowed is asked on the WebSocket; the bytes go by HTTP. */
export class FileTransfers {
  readonly #request: Request;
  readonly #serverUrl: string;
  readonly #links = new Map<string, Promise<Link>>();

  constructor(request: Request, serverUrl: string) {
    this.#request = request;
    this.#serverUrl = serverUrl;
  }

  async upload(file: Uploadable, options: UploadOptions): Promise<FileInfo> {
    options.signal?.throwIfAborted();
    const { ticket, path } = await this.#request('chat.openUpload', { name: file.name, size: file.size });
    options.signal?.throwIfAborted();
    return post(this.#serverUrl + path, { ...options, ticket, file });
  }

  /** A link that works for a minute at least. */
  async getUrl(fileId: string): Promise<string> {
    const known = await this.#links.get(fileId);
    if (known && known.expiresAt - Date.now() > LINK_MARGIN_MS) return known.url;
    const opening = this.#open(fileId);
    this.#links.set(fileId, opening);
    opening.catch(() => this.#links.delete(fileId));
    return (await opening).url;
  }

  /** Links end with the stay for which they were made. */
  forgetLinks(): void {
    this.#links.clear();
  }

  async #open(fileId: string): Promise<Link> {
    const { path, expiresAt } = await this.#request('chat.openFile', { fileId });
    return { url: this.#serverUrl + path, expiresAt };
  }
}

interface Post extends UploadOptions {
  ticket: string;
  file: Blob;
}

/** NOTE: fetch does not tell how much of a body has been sent; XMLHttpRequest does. */
function post(url: string, { ticket, file, onProgress, signal }: Post): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal?.addEventListener('abort', abort, { once: true });
    request.upload.onprogress = ({ loaded }) => onProgress?.(loaded, file.size);
    request.onabort = () => reject(signal?.reason as Error);
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      const body = bodyOf(request.responseText);
      const error = errorOf(body);
      if (error) reject(error);
      else resolve(body as FileInfo);
    };
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.open('POST', url);
    request.setRequestHeader('authorization', `Bearer ${ticket}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.send(file);
  });
}

function bodyOf(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** The content of a link. Rejects with ParleyError. */
export async function fetchBlob(url: string): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw unreachable(cause);
  }
  if (response.ok) return response.blob();
  throw errorOf(bodyOf(await response.text())) ?? new ParleyError('INTERNAL');
}
