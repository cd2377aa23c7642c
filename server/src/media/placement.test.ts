import { describe, expect, it } from 'vitest';
import { chooseWorker, respawnDelay, type WorkerLoad } from './placement.ts';

const worker = (name: string, load: Partial<WorkerLoad> = {}) => ({
  name,
  load: { rooms: 0, transports: 0, consumers: 0, responsive: true, ...load },
});

describe('chooseWorker', () => {
  it.each([
    ['none', [], undefined],
    ['the first of equals', [worker('a'), worker('b')], 'a'],
    ['fewer rooms', [worker('a', { rooms: 1 }), worker('b')], 'b'],
    ['consumers count', [worker('a', { consumers: 9 }), worker('b', { rooms: 2, transports: 4 })], 'b'],
    ['transports count', [worker('a', { transports: 5 }), worker('b', { consumers: 4 })], 'b'],
    ['not one that owes an answer', [worker('a', { responsive: false }), worker('b', { rooms: 9 })], 'b'],
    [
      'one that owes an answer when all do',
      [worker('a', { responsive: false, rooms: 1 }), worker('b', { responsive: false })],
      'b',
    ],
  ])('takes %s', (_name, workers, expected) => {
    expect(chooseWorker(workers)?.name).toBe(expected);
  });
});

describe('respawnDelay', () => {
  it.each([
    [1, 0],
    [3, 0],
    [4, 1_000],
    [5, 2_000],
    [7, 8_000],
    [30, 30_000],
  ])('after %i deaths in the window waits %i ms', (deaths, delay) => {
    expect(respawnDelay(deaths)).toBe(delay);
  });
});
