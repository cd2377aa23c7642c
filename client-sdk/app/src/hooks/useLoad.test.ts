import { expect, it } from 'vitest';
import { keptAfter, type Loaded } from './useLoad.ts';

it('keeps what is there where it cannot be had anew', () => {
  const error = new Error('gone');
  const failed = { at: 'failed', error } as const;
  const ready: Loaded<number[]> = { at: 'ready', data: [1] };
  const kept = keptAfter<number[]>(ready, failed);
  expect(kept).toEqual({ ...ready, renewal: { error } });
  expect(keptAfter(kept, failed)).toEqual(kept);
  expect(keptAfter(kept, { at: 'ready', data: [2] })).toEqual({ at: 'ready', data: [2] });
  expect(keptAfter(undefined, failed)).toBe(failed);
  expect(keptAfter(failed, failed)).toBe(failed);
});
