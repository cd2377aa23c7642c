import { expect, it } from 'vitest';
import { isComplete, newWish, planOf } from './scheduleForm.ts';

it('proposes tomorrow at nine, also at the end of a month', () => {
  expect(newWish(new Date(2027, 1, 28, 23), 'Europe/Berlin')).toMatchObject({
    date: '2027-03-01',
    time: '09:00',
  });
});

it('sends a rule that fits the day, and leaves rules of its own alone', () => {
  const wish = {
    ...newWish(new Date(2027, 2, 28), 'Europe/Berlin'),
    title: ' Plan ',
    repeat: 'weekly' as const,
  };
  expect(planOf(wish)).toEqual({
    ...{ title: 'Plan', start: '2027-03-29T09:00', timeZone: 'Europe/Berlin', durationMinutes: 60 },
    ...{ onlyThen: false, rrule: 'FREQ=WEEKLY;BYDAY=MO' },
  });
  expect(planOf({ ...wish, repeat: 'custom' })).not.toHaveProperty('rrule');
});

it('needs a day and a time', () => {
  const wish = newWish(new Date(2027, 2, 28), 'Europe/Berlin');
  expect([isComplete(wish), isComplete({ ...wish, date: '' }), isComplete({ ...wish, time: '' })]).toEqual([
    true,
    false,
    false,
  ]);
});
