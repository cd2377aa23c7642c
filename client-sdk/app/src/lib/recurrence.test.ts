import { expect, it, test } from 'vitest';
import { recurrenceOf, repeatWords, REPEATS, ruleOf } from './recurrence.ts';

const MONDAY = '2027-03-29';

test.each([
  ['once', 0, null],
  ['daily', 5, 'FREQ=DAILY;COUNT=5'],
  ['weekdays', 0, 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'],
  ['weekly', 0, 'FREQ=WEEKLY;BYDAY=MO'],
  ['biweekly', 0, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO'],
  ['monthly', 12, 'FREQ=MONTHLY;BYMONTHDAY=29;COUNT=12'],
] as const)('%s, %d times, is %s, and is read from it again', (repeat, times, rule) => {
  expect(ruleOf({ repeat, times }, MONDAY)).toBe(rule);
  expect(recurrenceOf(rule, MONDAY)).toEqual({ repeat, times });
});

it('knows what it does not offer', () => {
  expect(recurrenceOf('FREQ=MONTHLY;BYDAY=2TU', MONDAY).repeat).toBe('custom');
  expect(recurrenceOf('FREQ=WEEKLY;BYDAY=TU', MONDAY).repeat).toBe('custom');
});

it('says each in words', () => {
  expect(repeatWords('weekly', MONDAY)).toBe('Every Monday');
  expect(new Set(REPEATS.map((repeat) => repeatWords(repeat, MONDAY))).size).toBe(REPEATS.length);
});
