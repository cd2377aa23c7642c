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
    throw unreachable(cause);
  }
  if (response.status === 204) return undefined as T;
  const body = (await response.json().catch(() => undefined)) as T | undefined;
  const error = errorOf(body);
  if (error) throw error;
  return body as T;
}

/** The error that an answer of the REST API tells; INTERNAL where it is no answer of it. */
export function errorOf(body: object | undefined): ParleyError | undefined {
  if (!body) return new ParleyError('INTERNAL');
  if (!('error' in body)) return undefined;
  const { code, message, details } = (body as ErrorBody).error;
  return new ParleyError(code, { message, ...(details && { details }) });
}

export const unreachable = (cause?: unknown): ParleyError =>
  new ParleyError('SHUTTING_DOWN', {
    message: 'The server cannot be reached. Check your network connection, then try again.',
    cause,
  });
