import { expect, it, test } from 'vitest';
import { addBitrate, formatBitrate, sparkline, type Bitrates } from './bitrates.ts';

it('keeps the last ones only', () => {
  let bitrates: Bitrates = [];
  for (let index = 0; index < 100; index += 1) bitrates = addBitrate(bitrates, index);
  expect([bitrates.length, bitrates[0], bitrates.at(-1)]).toEqual([30, 70, 99]);
  expect(sparkline(bitrates).split(' ')).toHaveLength(30);
});

it('draws a line that ends at the right', () => {
  expect(sparkline([5])).toBe('');
  expect(sparkline([0, 1000])).toBe('96.6,23.0 100.0,2.0');
});

test.each([
  [0, '0 kbit/s'],
  [640_400, '640 kbit/s'],
  [2_437_000, '2.4 Mbit/s'],
])('%i bits/s are %s', (bitrate, words) => {
  expect(formatBitrate(bitrate)).toBe(words);
});
