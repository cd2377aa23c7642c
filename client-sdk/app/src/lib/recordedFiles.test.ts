import type { RecordingFile } from '@parley/client-sdk';
import { expect, test } from 'vitest';
import { fileWords, namesIn } from './recordedFiles.ts';

const fileOf = (part: number, name: string): RecordingFile => ({
  ...{ number: 1, part, name, durationMs: 1000, mimeType: 'video/mp4' },
  ...{ bytes: 1, startedAt: 0, width: 1, height: 1 },
});
const names = namesIn([
  { type: 'joined', atMs: 0, participantId: 'PA_1', name: 'Ann' },
  { type: 'speaker', atMs: 1, participantId: 'PA_1' },
]);

test.each([
  ['composite', 'Picture and sound'],
  ['audio', 'All voices'],
  ['camera PA_1', 'Camera of Ann'],
  ['screenAudio PA_1', 'Sound of the screen of Ann'],
  ['microphone PA_2', 'Microphone'],
  ['something', 'something'],
])('%s is called %s', (name, words) => {
  expect(fileWords(fileOf(1, name), [fileOf(1, name)], names)).toBe(words);
});

test('parts are counted, whatever their numbers', () => {
  const files = [fileOf(1, 'composite'), fileOf(3, 'composite')];
  expect(files.map((file) => fileWords(file, files, names))).toEqual([
    'Part 1: Picture and sound',
    'Part 2: Picture and sound',
  ]);
});
