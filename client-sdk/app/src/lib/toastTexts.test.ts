import { expect, test } from 'vitest';
import { joinedText, leftText, mutedByText, refusedText } from './toastTexts.ts';

test.each([
  [joinedText('Ann'), 'Ann joined'],
  [leftText('Ann', 'left'), 'Ann left'],
  [leftText('Ann', 'removed'), 'Ann was removed'],
  [leftText('Ann', 'connectionLost'), 'Ann lost the connection'],
  [leftText('Ann', 'duplicateIdentity'), 'Ann left'],
  [mutedByText('microphone', 'Bob'), 'Bob muted you'],
  [refusedText('screenAudio'), 'The server no longer accepts your shared sound'],
  [mutedByText('camera', null), 'A host turned your camera off'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
