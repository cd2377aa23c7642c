/** What mediasoup throws, told in the words of the wire. */
import { errors } from 'mediasoup';
import { ParleyError } from '@parley/protocol';

/** mediasoup ends its messages with the name of its own request, which says nothing to a client. */
const REQUEST_NAME = /\s*\[(?:method|id):[^\]]*\]\s*/gi;

/** The sentence of a mediasoup error, without its stack and without the name of the request. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(REQUEST_NAME, ' ').trim();
}

/** The media part cannot start; the message says why and what to do, for an operator. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
}

/** MEDIA_REJECTED with a reason in the details. */
export function mediaRejected(reason: string, cause?: unknown): ParleyError {
  return new ParleyError('MEDIA_REJECTED', { details: { reason }, cause });
}

/**
 * Runs one mediasoup request about something that a client sent.
 * Throws MEDIA_UNAVAILABLE when the media room is gone, before or after; TRANSPORT_NOT_FOUND when the transport was
 * closed meanwhile; MEDIA_REJECTED when mediasoup did not accept what was sent.
 */
export async function askMediasoup<T>(
  about: { isUsable(): boolean; transport?: { readonly closed: boolean } | undefined },
  request: () => Promise<T>,
): Promise<T> {
  const assertOpen = (cause?: unknown): void => {
    if (!about.isUsable()) throw new ParleyError('MEDIA_UNAVAILABLE', { cause });
    if (about.transport?.closed) throw new ParleyError('TRANSPORT_NOT_FOUND', { cause });
  };
  assertOpen();
  let result: T;
  try {
    result = await request();
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    assertOpen(error);
    if (error instanceof errors.WorkerClosedError)
      throw new ParleyError('MEDIA_UNAVAILABLE', { cause: error });
    throw mediaRejected(reasonOf(error), error);
  }
  assertOpen();
  return result;
}
