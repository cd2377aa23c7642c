import { expect, test } from 'vitest';
import { ServerClock } from './ServerClock.ts';

const HOUR = 3_600_000;

test('knows the time of the server, though this clock is wrong by an hour', () => {
  const clock = new ServerClock();
  expect(clock.at(5000)).toBe(5000);
  clock.note(HOUR + 1050, 1000, 1100);
  expect(clock.at(2000)).toBe(HOUR + 2000);
});

test('believes quick answers more than slow ones, and old ones less', () => {
  const clock = new ServerClock();
  clock.note(HOUR + 10, 0, 20);
  clock.note(HOUR + 1000, 1000, 9000);
  expect(clock.at(0)).toBe(HOUR);
  clock.note(HOUR * 2 + 500_000, 499_000, 501_000);
  expect(clock.at(0)).toBe(HOUR * 2);
});

test('notices that this clock was put back', () => {
  const clock = new ServerClock();
  clock.note(HOUR + 10, HOUR, HOUR + 20);
  clock.note(HOUR + 2000, 1000, 1040);
  expect(clock.at(1020)).toBe(HOUR + 2000);
});
