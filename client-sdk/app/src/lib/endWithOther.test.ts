import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endWithOther, WAIT_FOR_CALLER_MS, type Watched } from './endWithOther.ts';

const ME = { isLocal: true, kind: 'web' };
const PHONE = { isLocal: false, kind: 'phone' };
const RECORDER = { isLocal: false, kind: 'recorder' };

let listeners: Set<() => void>;
let room: { participants: (typeof ME)[]; calls: { list: object[] } } & Watched;
const told: string[] = [];
const ends = { onGone: () => void told.push('gone'), onNobody: () => void told.push('nobody') };
/** These are there now, and `calls` go on. */
const become = (participants: (typeof ME)[], calls = 0) => {
  room.participants = participants;
  room.calls.list = Array.from({ length: calls }, () => ({}));
  for (const listener of listeners) listener();
};

beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  listeners = new Set();
  room = {
    ...{ participants: [ME], calls: { list: [] } },
    on: (_event, listener) => listeners.add(listener),
    off: (_event, listener) => listeners.delete(listener),
  };
});
afterEach(() => void vi.useRealTimers());

it('ends with the other, unless somebody else is there or called', () => {
  endWithOther(room, ends);
  become([ME, PHONE, PHONE]);
  become([ME, PHONE]);
  become([ME], 1);
  expect(told).toEqual([]);
  become([ME, RECORDER]);
  expect(told).toEqual(['gone']);
  vi.advanceTimersByTime(WAIT_FOR_CALLER_MS);
  expect(told).toEqual(['gone']);
});

it('ends where one has answered, and nobody is there', () => {
  endWithOther(room, ends);
  vi.advanceTimersByTime(WAIT_FOR_CALLER_MS - 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['nobody']);
});

it('waits for who is called, and for who comes in time', () => {
  endWithOther(room, { onGone: ends.onGone });
  vi.advanceTimersByTime(2 * WAIT_FOR_CALLER_MS);
  endWithOther(room, ends);
  become([ME, PHONE]);
  vi.advanceTimersByTime(2 * WAIT_FOR_CALLER_MS);
  expect(told).toEqual([]);
});

it('tells nothing once nobody watches', () => {
  endWithOther(room, ends)();
  expect(listeners.size).toBe(0);
  vi.advanceTimersByTime(WAIT_FOR_CALLER_MS);
  expect(told).toEqual([]);
});
