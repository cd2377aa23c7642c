import { expect, test } from 'vitest';
import { fromLocalField, toLocalField } from './localMoment.ts';

test('a moment stays what it is, to the minute', () => {
  const moment = new Date(2027, 2, 29, 9, 5).getTime();
  expect(toLocalField(moment)).toBe('2027-03-29T09:05');
  expect(fromLocalField(toLocalField(moment))).toBe(moment);
});

test('none is an empty field, and what is no moment is none', () => {
  expect(toLocalField(null)).toBe('');
  expect(fromLocalField('')).toBeNull();
  expect(fromLocalField('soon')).toBeNull();
});
