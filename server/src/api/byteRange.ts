/** Which bytes of a file are asked for (RFC 9110 section 14). Pure. */

export interface ByteRange {
  /** First and last byte, both among them. */
  first: number;
  last: number;
}

/**
 * What the header Range means for a file of `size` bytes: one range; `whole` where there is none, or one that a server may
 * pass over, such as several at once; `none` where the file has no such bytes.
 */
export function byteRangeOf(header: string | undefined, size: number): ByteRange | 'whole' | 'none' {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'whole';
  // Such as `-500`: the last 500 bytes.
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'none' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return 'whole';
  return first >= size ? 'none' : { first, last };
}

/** Whether a list of entity tags, as in If-None-Match, names this one (RFC 9110 section 13.1.2, weak comparison). */
export function namesTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
