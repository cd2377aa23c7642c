import { expect, test } from 'vitest';
import { count, formatBytes, formatClock, formatDay, formatMoment, formatSpan } from './moments.ts';

const NOON = new Date(2027, 2, 17, 12).getTime();
const DAY = 86_400_000;

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [45_400, '45 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [3_600_000, '1 h'],
  [3_840_000, '1 h 4 min'],
  [3 * DAY, '3 days'],
])('%d ms are %s', (span, words) => {
  expect(formatSpan(span)).toBe(words);
});

test('days are named by how near they are', () => {
  expect(formatDay(NOON, NOON)).toBe('Today');
  expect(formatDay(NOON - DAY, NOON)).toBe('Yesterday');
  expect(formatDay(NOON + DAY, NOON)).toBe('Tomorrow');
  expect(formatDay(NOON - 3 * DAY, NOON)).not.toMatch(/2027/);
  expect(formatDay(NOON - 400 * DAY, NOON)).toMatch(/2026/);
});

test('a moment of today needs no date', () => {
  expect(formatMoment(NOON, NOON)).toBe(formatClock(NOON));
  expect(formatMoment(NOON - DAY, NOON)).toMatch(/16/);
  expect(formatMoment(NOON - 400 * DAY, NOON)).toMatch(/2026/);
});

test.each([
  [999, '999 bytes'],
  [45_000, '45 kB'],
  [3_240_000, '3.2 MB'],
])('%d bytes are %s', (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

test('one is not many', () => {
  expect([count(1, 'person', 'people'), count(0, 'person', 'people')]).toEqual(['1 person', '0 people']);
});
