import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParleyError } from '@parley/protocol';
import { pageOf } from './paging.ts';

const allPages = (items: string[], limit: number): string[] => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(items, (item) => item, { limit, ...(cursor !== undefined && { cursor }) });
    seen.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
};

describe('pageOf', () => {
  it('gives each item once and in order, whatever the page size', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' })),
        fc.integer({ min: 1, max: 7 }),
        (items, limit) => {
          expect(allPages(items, limit)).toEqual([...items].sort((a, b) => (a < b ? -1 : 1)));
        },
      ),
    );
  });

  it('neither repeats nor skips when items go between two pages', () => {
    const first = pageOf(['a', 'b', 'c', 'd'], (item) => item, { limit: 2 });
    const second = pageOf(['a', 'c', 'd'], (item) => item, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items).toEqual(['c', 'd']);
    expect(second.nextCursor).toBeNull();
  });

  it('refuses a cursor that is none', () => {
    expect(() => pageOf(['a'], (item) => item, { cursor: '%%%' })).toThrow(ParleyError);
  });
});
