import { ParleyError } from '@parley/protocol';

export interface PageRequest {
  limit?: number;
  cursor?: string;
}
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/**
 * One page of a list, in the order of its keys. The cursor is the last key of the page before, so that items that come
 * and go between two pages neither repeat nor hide others. Throws INVALID_PARAMS on a cursor that is none.
 */
export function pageOf<T>(
  all: Iterable<T>,
  keyOf: (item: T) => string,
  { limit = 50, cursor }: PageRequest,
): Page<T> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const keyed = [...all]
    .map((item) => ({ key: keyOf(item), item }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const rest = after === undefined ? keyed : keyed.filter(({ key }) => key > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = last && rest.length > page.length ? encodeCursor(last.key) : null;
  return { items: page.map(({ item }) => item), nextCursor };
}

export const encodeCursor = (key: string): string => Buffer.from(key).toString('base64url');

/** Throws INVALID_PARAMS. */
export function decodeCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString();
  if (encodeCursor(key) !== cursor || key === '') {
    throw new ParleyError('INVALID_PARAMS', {
      details: { path: 'cursor', reason: 'not a cursor of this list' },
    });
  }
  return key;
}
