import type { RecordingFile } from '@parley/client-sdk';
import { expect, test } from 'vitest';
import { recordingNotice } from './recordingNotice.ts';

const file: RecordingFile = {
  ...{ number: 1, part: 1, name: 'composite', durationMs: 1000, mimeType: 'video/mp4' },
  ...{ bytes: 1, startedAt: 0, width: 1, height: 1 },
};

test.each([
  ['ready', '', [file], null],
  ['ready', 'The disk is full.', [file], /^warning ended early The disk is full\.$/],
  [
    'failed',
    'ffmpeg crashed five times.',
    [file],
    /^warning .* ffmpeg crashed five times\. What was recorded is here/,
  ],
  ['failed', 'The server ended.', [], /^danger .* The server ended\. Nothing could be kept/],
  ['recovered', '', [file], /^warning .*interrupted.* two seconds .* is here/],
] as const)('%s with "%s"', (state, message, files, words) => {
  const notice = recordingNotice({ state, message, files: [...files] });
  if (words === null) expect(notice).toBeNull();
  else
    expect(
      `${notice?.tone} ${notice?.text.title.replace('The recording was ', '')} ${notice?.text.text}`,
    ).toMatch(words);
});
