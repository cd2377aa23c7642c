import { ParleyError, type EgressState, type LiveStream, type RunningRecording } from '@parley/client-sdk';
import { describe, expect, it, test } from 'vitest';
import { egressErrorText, egressNews, layoutOf, mainRecording } from './recordingTexts.ts';

const recordingOf = (state: RunningRecording['state'], recordingId = 'a'): RunningRecording => ({
  ...{ recordingId, kind: 'composite', format: 'mp4', state, startedAt: 0, startedBy: 'ann' },
  ...{ pausedAt: null, recordedMs: 0, at: 0, progress: null, layout: layoutOf('grid'), message: 'No disk.' },
});
const stateOf = (...recordings: RunningRecording[]): EgressState => ({ recordings, live: null });
const live: LiveStream = {
  ...{ liveId: 'L', startedAt: 0, startedBy: null, page: '/live/L', viewers: 0 },
  ...{ layout: layoutOf('speaker'), targets: [] },
};
const one = (state: RunningRecording['state']) => stateOf(recordingOf(state));

describe('what is told of a recording', () => {
  test.each<[string, EgressState, EgressState, string[]]>([
    ['nothing of what only starts', stateOf(), one('starting'), []],
    ['that it has begun', one('starting'), one('recording'), ['This meeting is being recorded']],
    ['that it runs, to who comes', stateOf(), one('recording'), ['This meeting is being recorded']],
    ['that it pauses', one('recording'), one('paused'), ['The recording is paused']],
    ['that it goes on', one('paused'), one('recording'), ['The recording goes on']],
    ['that it ends', one('recording'), one('finishing'), ['The recording has ended']],
    ['its end once', one('finishing'), one('ready'), []],
    ['its end though nothing is left', one('paused'), stateOf(), ['The recording has ended']],
    ['why it failed', one('recording'), one('failed'), ['The recording has failed. No disk.']],
    ['nothing when nothing is new', one('recording'), one('recording'), []],
  ])('%s', (_name, before, now, lines) => {
    expect(egressNews(before, now)).toEqual(lines);
  });

  it('says when the meeting goes live, and when it does not any more', () => {
    const on = { recordings: [], live };
    expect(egressNews(stateOf(), on)).toEqual(['This meeting is live: people outside see it']);
    expect(egressNews(on, { ...on, live: { ...live, viewers: 3 } })).toEqual([]);
    expect(egressNews(on, stateOf())).toEqual(['The meeting is no longer live']);
  });
});

test('of several recordings the one that records now is shown', () => {
  const list = [recordingOf('failed', 'a'), recordingOf('paused', 'b'), recordingOf('recording', 'c')];
  expect(mainRecording(list)?.recordingId).toBe('c');
  expect(mainRecording([recordingOf('ready')])).toBeNull();
});

test('numbers of the server are told', () => {
  const message = 'The server cannot record more at once: 1 of 1 programs run.';
  const told = egressErrorText(new ParleyError('RECORDING_CAPACITY', { message }));
  expect(told).toEqual({ title: 'The server has no room for this now', text: message });
  expect(egressErrorText(new Error('x')).text).toBe('Try again.');
});
