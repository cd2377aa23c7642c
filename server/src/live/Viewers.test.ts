import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Viewers } from './Viewers.ts';

let viewers: Viewers;
/** The count, each time that it was told. */
let told: number[];
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  viewers = new Viewers();
  viewers.onChange(() => told.push(viewers.count));
});
afterEach(() => {
  viewers.close();
  vi.useRealTimers();
});
const come = (from: number, to: number): void => {
  for (let key = from; key < to; key++) viewers.see(String(key));
};

it('tells of the first at once, and of a flood of others once a second, to the last', () => {
  viewers.see('0');
  expect(told).toEqual([1]);
  come(1, 100);
  expect(told).toEqual([1]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([1, 100]);
  come(100, 200);
  expect(told).toEqual([1, 100]);
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([1, 100, 200]);
  vi.advanceTimersByTime(2000);
  expect(told).toEqual([1, 100, 200]);
  // Those who are seen again are no change.
  come(0, 200);
  expect(told).toEqual([1, 100, 200]);
  vi.advanceTimersByTime(20_000);
  expect(told).toEqual([1, 100, 200, 0]);
});

it('tells nothing more once it is closed, and leaves no timer', () => {
  come(0, 2);
  viewers.close();
  expect(vi.getTimerCount()).toBe(0);
  expect(told).toEqual([1]);
  viewers.see('late');
  vi.advanceTimersByTime(2000);
  expect(told).toEqual([1]);
});
