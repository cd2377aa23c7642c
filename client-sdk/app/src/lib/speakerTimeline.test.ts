import type { RecordingEvent } from '@parley/client-sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { speakersOf } from './speakerTimeline.ts';

const joined = (participantId: string, name: string): RecordingEvent => ({
  ...{ type: 'joined', atMs: 0, participantId, name },
});
const speaks = (atMs: number, participantId: string | null): RecordingEvent => ({
  ...{ type: 'speaker', atMs, participantId },
});

it('gives each a row, who spoke most first', () => {
  const events = [
    joined('a', 'Ann'),
    joined('b', 'Bob'),
    speaks(1000, 'a'),
    speaks(3000, 'b'),
    speaks(8000, null),
  ];
  const rows = speakersOf(events, 10_000);
  expect(rows.map(({ name, totalMs }) => [name, totalMs])).toEqual([
    ['Bob', 5000],
    ['Ann', 2000],
  ]);
  expect(rows[0]?.bars.map(({ left, width }) => [left, width])).toEqual([[30, 50]]);
});

it('joins what a breath parts, and people who came again', () => {
  const events = [
    joined('a', 'Ann'),
    joined('b', 'Ann'),
    speaks(0, 'a'),
    speaks(2000, null),
    speaks(3000, 'b'),
  ];
  const [ann, ...others] = speakersOf(events, 6000);
  expect(others).toEqual([]);
  expect(ann?.bars.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([[0, 6000]]);
});

it('keeps all bars within the whole', () => {
  const turn = fc.record({ at: fc.nat(20_000), who: fc.constantFrom('a', 'b', null) });
  fc.assert(
    fc.property(fc.array(turn), fc.integer({ min: 1, max: 10_000 }), (turns, totalMs) => {
      const events = turns.sort((x, y) => x.at - y.at).map(({ at, who }) => speaks(at, who));
      for (const { bars } of speakersOf(events, totalMs))
        for (const { left, width } of bars) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(left + width).toBeLessThanOrEqual(100 + 1e-9);
        }
    }),
  );
});
