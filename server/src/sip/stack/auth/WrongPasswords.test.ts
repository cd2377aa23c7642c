import { expect, it } from 'vitest';
import { WrongPasswords } from './WrongPasswords.ts';

const HERE = '192.0.2.1';

it('a name that nobody has is not remembered, but its source is', () => {
  const wrong = new WrongPasswords(() => 0);
  const long = 'x'.repeat(65);
  expect(wrong.count(long, HERE)).toBe(false);
  for (let times = 1; times < 50; times += 1) {
    expect(wrong.mayTry('ann', HERE)).toBe(true);
    wrong.count(`${long}${times}`, HERE);
  }
  expect([wrong.mayTry('ann', HERE), wrong.size]).toEqual([false, 1]);
});
