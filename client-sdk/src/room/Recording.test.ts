import type { EgressState } from '@parley/protocol';
import { describe, expect, test } from 'vitest';
import { Recording } from './Recording.ts';

const LIVE: EgressState['live'] = {
  ...{ liveId: 'LV_1', startedAt: 1, startedBy: null, page: null, viewers: 0, targets: [] },
  layout: { kind: 'grid', focus: null },
};
const recording = (state: EgressState['recordings'][number]['state']): EgressState['recordings'][number] => ({
  ...{ recordingId: 'RC_1', kind: 'composite', format: 'mp4', state, startedAt: 1, startedBy: null },
  ...{ pausedAt: null, recordedMs: 0, at: 1, progress: null, message: '' },
  layout: { kind: 'grid', focus: null },
});

describe('one is asked whether one agrees', () => {
  test.each<[string, Partial<EgressState>, Recording['consent'], boolean]>([
    ['while a recording runs', { recordings: [recording('recording')] }, 'asked', true],
    ['while it stands still', { recordings: [recording('paused')] }, 'asked', true],
    ['not while its files are made', { recordings: [recording('finishing')] }, 'asked', false],
    ['while a stream runs', { live: LIVE }, 'asked', true],
    ['not while nothing goes on', {}, 'asked', false],
    ['not again', { live: LIVE }, 'refused', false],
    ['not where the room does not ask', { live: LIVE }, undefined, false],
  ])('%s', (_, state, consent, expected) => {
    const seen = new Recording(() => Promise.reject(new Error('Nothing is asked of the server.')), {
      consent: () => consent,
      clock: () => ({ at: (moment) => moment }),
    });
    seen.setState({ recordings: [], live: null, ...state });
    expect(seen.asksForConsent).toBe(expected);
  });
});
