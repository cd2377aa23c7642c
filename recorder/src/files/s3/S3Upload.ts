import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { FileSource, VaultError } from '../../vault/index.ts';
import { FilesError } from '../FilesError.ts';
import { xmlValue, type S3Store } from './S3Store.ts';
import { findState, removeState, saveState, type UploadState } from './uploadState.ts';

const PART_BYTES = 8 * 1024 * 1024;
/** The protocol allows 10,000 parts. */
const MOST_PARTS = 9000;

export interface UploadOptions {
  store: S3Store;
  /** Name of the object; what is there already is replaced when the upload is complete. */
  key: string;
  /** The file, sent as it lies there: encrypted if it is. */
  path: string;
  /** Where to keep how far it got; removed at the end. */
  statePath: string;
  /** Bytes of a part, 5 MiB at least for most stores; one is held in memory. More for files beyond 70 GB. */
  partBytes?: number;
  /** Stops; a later upload with the same state goes on. */
  signal?: AbortSignal;
  /** Share that has been sent, 0 to 1. */
  onProgress?: (done: number) => void;
}

/**
 * Brings a finished file to an object store in parts, and goes on where it was after a crash of this process.
 * Each part is sent with its checksum, and size and tag of the whole are compared at the end.
 */
export class S3Upload {
  readonly #options: UploadOptions;

  constructor(options: UploadOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the object is there and right.
   * @throws {FilesError} S3_UNREACHABLE, S3_ABORTED (run it again later: it goes on); S3_REFUSED, S3_CHECKSUM
   * @throws {VaultError} VAULT_IO when the file cannot be read
   */
  async run(): Promise<{ size: number; etag: string }> {
    const { path } = this.#options;
    const source = await FileSource.open(path);
    try {
      const { size, mtimeMs } = await stat(path);
      const state = await this.#resume(size, mtimeMs);
      return await this.#send(source, state);
    } catch (error) {
      if (!isGone(error) || !(await findState(this.#options.statePath))) throw error;
      // The store has forgotten the upload, as it may do with old ones.
      await removeState(this.#options.statePath);
      throw new FilesError('S3_UNREACHABLE', { detail: 'the upload has expired', cause: error });
    } finally {
      await source.close();
    }
  }

  /** Gives up: what was sent is removed from the store, the state from the disk. There need not be any. */
  async abandon(): Promise<void> {
    const { store, statePath } = this.#options;
    const state = await findState(statePath);
    if (state) await abort(store, state);
    await removeState(statePath);
  }

  async #resume(size: number, mtimeMs: number): Promise<UploadState> {
    const { store, key, statePath } = this.#options;
    const known = await findState(statePath);
    if (known?.key === key && known.size === size && known.mtimeMs === mtimeMs) return known;
    if (known) await abort(store, known);
    const answer = await this.#request({ method: 'POST', query: { uploads: '' } });
    const uploadId = xmlValue(await answer.text(), 'UploadId');
    if (!uploadId) throw new FilesError('S3_REFUSED', { detail: 'it began no upload' });
    const partBytes = Math.max(this.#options.partBytes ?? PART_BYTES, Math.ceil(size / MOST_PARTS));
    const state = { key, uploadId, size, mtimeMs, partBytes, etags: [] };
    await saveState(statePath, state);
    return state;
  }

  async #send(source: FileSource, state: UploadState): Promise<{ size: number; etag: string }> {
    const { statePath, onProgress } = this.#options;
    const parts = Math.max(1, Math.ceil(state.size / state.partBytes));
    while (state.etags.length < parts) {
      const bytes = await source.read(state.etags.length * state.partBytes, state.partBytes);
      const expected = Math.min(state.partBytes, state.size - state.etags.length * state.partBytes);
      if (bytes.length !== expected) throw new VaultError('VAULT_IO', { detail: 'the file has changed' });
      state.etags.push(await this.#sendPart(state, bytes));
      await saveState(statePath, state);
      onProgress?.(state.etags.length / parts);
    }
    // What was complete before a crash is no upload any more: the object tells.
    await this.#complete(state).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
    const object = await this.#verify(state);
    await removeState(statePath);
    return object;
  }

  async #sendPart({ uploadId, etags }: UploadState, bytes: Buffer): Promise<string> {
    const md5 = createHash('md5').update(bytes).digest();
    const body = new Uint8Array(bytes);
    const query = { partNumber: String(etags.length + 1), uploadId };
    const headers = { 'content-md5': md5.toString('base64') };
    const answer = await this.#request({ method: 'PUT', query, headers, body });
    await answer.body?.cancel();
    const etag = answer.headers.get('etag');
    if (!etag) throw new FilesError('S3_REFUSED', { detail: 'it named no tag of a part' });
    if (isMd5(etag) && unquote(etag) !== md5.toString('hex')) throw new FilesError('S3_CHECKSUM');
    return etag;
  }

  async #complete({ uploadId, etags }: UploadState): Promise<void> {
    const parts = etags.map((etag, index) => {
      const tag = etag.replaceAll('"', '&quot;');
      return `<Part><PartNumber>${String(index + 1)}</PartNumber><ETag>${tag}</ETag></Part>`;
    });
    const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const headers = { 'content-type': 'application/xml' };
    const body = new TextEncoder().encode(xml);
    const answer = await this.#request({ method: 'POST', query: { uploadId }, headers, body });
    // The status is sent before the store knows how it ends.
    const failed = xmlValue(await answer.text(), 'Code');
    if (failed) throw new FilesError('S3_UNREACHABLE', { detail: failed });
  }

  async #verify(state: UploadState): Promise<{ size: number; etag: string }> {
    const { store, key } = this.#options;
    const object = await store.head(key);
    if (!object) throw new FilesError('S3_NOT_FOUND');
    if (object.size === state.size && isExpectedTag(object.etag, state.etags)) return object;
    await removeState(this.#options.statePath);
    throw new FilesError('S3_CHECKSUM');
  }

  #request(request: Omit<Parameters<S3Store['request']>[0], 'key' | 'signal'>): Promise<Response> {
    const { store, key, signal } = this.#options;
    return store.request({ ...request, key, ...(signal && { signal }) });
  }
}

async function abort(store: S3Store, { key, uploadId }: UploadState): Promise<void> {
  try {
    const answer = await store.request({ method: 'DELETE', key, query: { uploadId } });
    await answer.body?.cancel();
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof FilesError && error.code === 'S3_NOT_FOUND';
}

function unquote(etag: string): string {
  return etag.replaceAll('"', '');
}

function isMd5(etag: string): boolean {
  return /^"?[0-9a-f]{32}"?$/.test(etag);
}

/** Most stores tag what came in parts with the MD5 of the MD5s of the parts and their number; others are not compared. */
function isExpectedTag(etag: string, parts: readonly string[]): boolean {
  if (!/^"?[0-9a-f]{32}-\d+"?$/.test(etag) || !parts.every(isMd5)) return true;
  const hash = createHash('md5');
  for (const part of parts) hash.update(Buffer.from(unquote(part), 'hex'));
  return unquote(etag) === `${hash.digest('hex')}-${String(parts.length)}`;
}
