import type { ErrorBody } from '@parley/protocol';
import { ParleyError } from '@parley/protocol/errors';

/**
 * One request to the REST API; undefined where it answers with no body. Rejects with ParleyError; SHUTTING_DOWN with a cause
 * when nobody answers.
 */
export async function askServer<T extends object | undefined>(url: URL, request?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, request);
  } catch (cause) {
    throw new ParleyError('SHUTTING_DOWN', {
      message: 'The server cannot be reached. Check your network connection, then try again.',
      cause,
    });
  }
  if (response.status === 204) return undefined as T;
  const body = (await response.json().catch(() => undefined)) as T | ErrorBody | undefined;
  if (!body) throw new ParleyError('INTERNAL');
  if ('error' in body) {
    const { code, message, details } = body.error;
    throw new ParleyError(code, { message, ...(details && { details }) });
  }
  return body;
}
