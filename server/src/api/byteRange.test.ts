import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { byteRangeOf, namesTag, type ByteRange } from './byteRange.ts';

describe('the header Range', () => {
  const cases: [header: string | undefined, size: number, expected: ByteRange | 'whole' | 'none'][] = [
    [undefined, 10, 'whole'],
    ['bytes=0-', 10, { first: 0, last: 9 }],
    ['bytes=0-0', 10, { first: 0, last: 0 }],
    ['Bytes= 2 - 4', 10, { first: 2, last: 4 }],
    ['bytes=5-99', 10, { first: 5, last: 9 }],
    ['bytes=-3', 10, { first: 7, last: 9 }],
    ['bytes=-99', 10, { first: 0, last: 9 }],
    ['bytes=-0', 10, 'none'],
    ['bytes=10-', 10, 'none'],
    ['bytes=0-', 0, 'none'],
    ['bytes=4-2', 10, 'whole'],
    ['bytes=-', 10, 'whole'],
    ['bytes=0-1,3-4', 10, 'whole'],
    ['lines=0-1', 10, 'whole'],
    ['bytes=99999999999999999999-', 10, 'whole'],
  ];
  test.each(cases)('%s of %d bytes', (header, size, expected) =>
    expect(byteRangeOf(header, size)).toEqual(expected),
  );

  it('never names bytes that are not there', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(), (junk, from, to, size) => {
        for (const header of [
          junk,
          `bytes=${junk}`,
          `bytes=${from}-${to}`,
          `bytes=-${to}`,
          `bytes=${from}-`,
        ]) {
          const range = byteRangeOf(header, size);
          if (typeof range === 'string') continue;
          expect(range.first).toBeGreaterThanOrEqual(0);
          expect(range.last).toBeGreaterThanOrEqual(range.first);
          expect(range.last).toBeLessThan(size);
        }
      }),
    );
  });
});

it('finds an entity tag in a list', () => {
  expect(namesTag('"a", W/"b"', '"b"')).toBe(true);
  expect(namesTag('*', '"b"')).toBe(true);
  expect(namesTag('"a"', '"b"')).toBe(false);
  expect(namesTag(undefined, '"b"')).toBe(false);
});
