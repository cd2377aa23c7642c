import { expect, test } from 'vitest';
import fc from 'fast-check';
import { safeReturnTo } from './returnTo.ts';

test.each([
  ['/r/demo', '/r/demo'],
  ['/rooms/a?tab=1#x', '/rooms/a?tab=1#x'],
  ['/', '/'],
  ['//evil', '/'],
  ['/\\evil', '/'],
  ['\\\\evil', '/'],
  ['/a\\b', '/'],
  ['https://evil', '/'],
  ['javascript:alert(1)', '/'],
  ['/\t/evil', '/'],
  ['/%0a/evil', '/%0a/evil'],
  ['/..//evil', '/'],
  ['evil', '/'],
  ['', '/'],
  [undefined, '/'],
  [['/a', '/b'], '/'],
  [`/${'a'.repeat(600)}`, '/'],
])('%j leads to %j', (wanted, to) => {
  expect(safeReturnTo(wanted)).toBe(to);
});

test('no text leads away', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('/', '\\', '.', '\t', '\n', ':', '@', '%', '?', '#', 'e'),
  });
  fc.assert(
    fc.property(hostile, (text) => {
      expect(new URL(safeReturnTo(text), 'https://meet.test').origin).toBe('https://meet.test');
    }),
  );
});
