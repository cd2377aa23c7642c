import { expect, it } from 'vitest';
import { formatBytes } from './formatBytes.ts';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1024, '1 kB'],
  [1536, '1.5 kB'],
  [10 * 1024, '10 kB'],
  [1023 * 1024, '1 MB'],
  [25 * 2 ** 20, '25 MB'],
  [2 ** 30, '1 GB'],
  [5000 * 2 ** 30, '5000 GB'],
])('%d is %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
