import { expect, it } from 'vitest';
import { together } from './together.ts';

it('does at once what was asked for several times, and again later', async () => {
  let times = 0;
  const count = together(() => times++);
  count();
  count();
  expect(times).toBe(0);
  await Promise.resolve();
  expect(times).toBe(1);
  count();
  await Promise.resolve();
  expect(times).toBe(2);
});
