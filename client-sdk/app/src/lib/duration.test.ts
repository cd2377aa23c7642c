import { expect, test } from 'vitest';
import { formatDuration } from './duration.ts';
import { loudnessOf } from './loudness.ts';

test.each([
  [-5000, '0:00'],
  [0, '0:00'],
  [999, '0:00'],
  [247_000, '4:07'],
  [3_599_000, '59:59'],
  [3_847_000, '1:04:07'],
])('%i ms are shown as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test.each([
  [-127, 0],
  [-60, 0],
  [-35, 0.5],
  [-10, 1],
  [0, 1],
  [Number.NaN, 0],
])('%i dBov look %f loud', (dBov, loudness) => {
  expect(loudnessOf(dBov)).toBe(loudness);
});
