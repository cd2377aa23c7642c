import { expect, test } from 'vitest';
import { qualityGrade } from './quality.ts';

test.each([
  [10, 'good', 'Very good'],
  [8, 'good', 'Good'],
  [5, 'fair', 'Fair'],
  [4.9, 'poor', 'Poor'],
  [0, 'poor', 'Poor'],
])('%d is %s: %s', (quality, grade, words) => {
  expect(qualityGrade(quality)).toEqual({ grade, words });
});
