import type { RecordingFile } from '@parley/client-sdk';
import { describe, expect, it, test } from 'vitest';
import { chapterAt, chaptersOf, findMoment, playlistOf } from './playlist.ts';

const fileOf = (part: number, more: Partial<RecordingFile> = {}): RecordingFile => ({
  ...{ number: part, part, name: 'composite', durationMs: 1000, mimeType: 'video/mp4' },
  ...{ bytes: 1, startedAt: 0, width: 1, height: 1 },
  ...more,
});

describe('a film of several parts', () => {
  const film = playlistOf([fileOf(2, { durationMs: 500 }), fileOf(1)]);
  it('is played in their order', () => {
    expect(film.parts.map(({ file, startMs }) => [file.number, startMs])).toEqual([
      [1, 0],
      [2, 1000],
    ]);
    expect(film.totalMs).toBe(1500);
  });
  test.each([
    [-5, 0, 0],
    [999, 0, 999],
    [1000, 1, 0],
    [1400, 1, 400],
    [9999, 1, 500],
  ])('at %i ms is part %i at %i ms', (at, index, insideMs) => {
    expect(findMoment(film, at)).toEqual({ index, insideMs });
  });
});

it('plays of many tracks the one with all', () => {
  const tracks = ['microphone ann', 'audio', 'camera'].map((name, index) =>
    fileOf(1, { number: index + 1, name }),
  );
  const { parts } = playlistOf(tracks);
  expect(parts.map(({ file }) => file.number)).toEqual([2]);
  expect(findMoment(playlistOf([]), 100)).toEqual({ index: 0, insideMs: 0 });
});

describe('chapters', () => {
  const recording = { markers: [{ title: 'Start', at: 1500 }], startedAt: 1000, durationMs: 300 };
  it('stand where the list of events says', () => {
    expect(chaptersOf(recording, [{ type: 'marker', title: 'Start', atMs: 120 }])).toEqual([
      { title: 'Start', atMs: 120 },
    ]);
  });
  it('are guessed from the clock without it', () => {
    expect(chaptersOf(recording, null)).toEqual([{ title: 'Start', atMs: 300 }]);
  });
  it('last until the next', () => {
    const chapters = [
      { title: 'a', atMs: 10 },
      { title: 'b', atMs: 20 },
    ];
    expect([5, 10, 19, 20].map((at) => chapterAt(chapters, at))).toEqual([-1, 0, 0, 1]);
  });
});
