import type { StayInfo } from '@parley/client-sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timelineOf } from './timeline.ts';

const stay = (
  identity: string,
  [joinedAt, leftAt]: [number, number | null],
  sentQuality: number | null = null,
): StayInfo => ({
  ...{ identity, displayName: identity, role: 'participant', kind: 'web' },
  ...{ joinedAt, leftAt, sentQuality },
});

it('gives each person one row, with a bar for each stay', () => {
  const stays = [stay('ann', [0, 100]), stay('bob', [25, 50]), stay('bob', [75, 100])];
  const { rows } = timelineOf({ startedAt: 0, endedAt: 100, stays }, 500);
  expect(rows.map(({ identity, bars }) => [identity, bars.map(({ left, width }) => [left, width])])).toEqual([
    ['ann', [[0, 100]]],
    [
      'bob',
      [
        [25, 25],
        [75, 25],
      ],
    ],
  ]);
});

it('lets go on until now what goes on', () => {
  const { rows } = timelineOf({ startedAt: 0, endedAt: null, stays: [stay('ann', [50, null])] }, 100);
  expect(rows[0]).toMatchObject({ total: 50, bars: [{ left: 50, width: 50 }] });
});

it('weighs the quality of stays by how long they lasted', () => {
  const stays = [stay('ann', [0, 30], 10), stay('ann', [30, 40], 6), stay('ann', [40, 100])];
  const { rows } = timelineOf({ startedAt: 0, endedAt: 100, stays }, 100);
  expect(rows[0]?.quality).toBe(9);
});

it('keeps every bar and tick on the line, whatever the clocks said', () => {
  const moment = fc.integer({ min: 0, max: 1e9 });
  const some = fc.record({
    identity: fc.constantFrom('a', 'b'),
    joinedAt: moment,
    leftAt: fc.option(moment),
  });
  const meeting = fc.record({
    startedAt: moment,
    endedAt: fc.option(moment),
    some: fc.array(some, { maxLength: 6 }),
  });
  fc.assert(
    fc.property(meeting, moment, ({ startedAt, endedAt, some }, now) => {
      const stays = some.map(({ identity, joinedAt, leftAt }) => stay(identity, [joinedAt, leftAt]));
      const { rows, ticks } = timelineOf({ startedAt, endedAt, stays }, now);
      const bars = rows.flatMap((row) => row.bars);
      expect(bars).toHaveLength(stays.length);
      for (const { left, width } of [...bars, ...ticks.map(({ left }) => ({ left, width: 0 }))]) {
        expect(left).toBeGreaterThanOrEqual(0);
        expect(width).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(100 + 1e-6);
      }
      expect(ticks.length).toBeLessThanOrEqual(7);
    }),
  );
});
