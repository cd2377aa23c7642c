import { FilesError } from '../FilesError.ts';
import { xmlValue, type S3Store } from './S3Store.ts';

/**
 * Removes every object whose name begins so, and every upload that was begun and not completed. There need not be any; after a
 * crash, doing it again removes the rest.
 * @throws {FilesError} S3_UNREACHABLE, S3_ABORTED (do it again later); S3_REFUSED
 */
export async function removeObjects(store: S3Store, prefix: string, signal?: AbortSignal): Promise<void> {
  const from = { method: 'GET', key: '', ...(signal && { signal }) } as const;
  // What was removed is on no later page: the first one is asked for until it is empty.
  for (let former = ''; ;) {
    const answer = await store.request({ ...from, query: { 'list-type': '2', prefix } });
    const keys = valuesOf(await answer.text(), 'Contents', 'Key').filter((key) => key.startsWith(prefix));
    if (keys.length === 0) break;
    if (keys.join('\n') === former)
      throw new FilesError('S3_REFUSED', { detail: 'it keeps what was deleted' });
    former = keys.join('\n');
    for (const key of keys) await store.delete(key);
  }
  await abortUploads(store, prefix, signal);
}

async function abortUploads(store: S3Store, prefix: string, signal: AbortSignal | undefined): Promise<void> {
  const request = {
    method: 'GET',
    key: '',
    query: { uploads: '', prefix },
    ...(signal && { signal }),
  } as const;
  const listed = await store.request(request).catch(unlessUnknown);
  const xml = (await listed?.text()) ?? '';
  const keys = valuesOf(xml, 'Upload', 'Key');
  const ids = valuesOf(xml, 'Upload', 'UploadId');
  for (const [index, key] of keys.entries()) {
    const uploadId = ids[index];
    if (uploadId === undefined || !key.startsWith(prefix)) continue;
    const answer = await store.request({ method: 'DELETE', key, query: { uploadId } }).catch(unlessGone);
    await answer?.body?.cancel();
  }
}

/** Of each element of one name, the text of the first element in it that has the other. */
function valuesOf(xml: string, element: string, name: string): string[] {
  const found = xml.match(new RegExp(`<${element}>[\\s\\S]*?</${element}>`, 'g')) ?? [];
  return found.map((part) => xmlValue(part, name)).filter((value) => value !== undefined);
}

function unlessGone(error: unknown): undefined {
  if (error instanceof FilesError && error.code === 'S3_NOT_FOUND') return undefined;
  throw error;
}

/** Some stores cannot list them. */
function unlessUnknown(error: unknown): undefined {
  if (error instanceof FilesError && error.message.includes('NotImplemented')) return undefined;
  throw error;
}
