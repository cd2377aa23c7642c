import { expect, it } from 'vitest';
import type { EndCause } from '../stack/session/types.ts';
import { legEndOf } from './legEnd.ts';

const TIMES = { startedAt: 1, answeredAt: null, endedAt: 2 };
const why = (cause: EndCause, own?: { by: 'host' | 'server'; why: string }) =>
  legEndOf({ direction: 'out', cause, own, statistics: undefined }, TIMES).why;

it.each<[EndCause, RegExp]>([
  [{ by: 'them', status: 486, text: 'Busy Here' }, /^The line is busy/],
  [{ by: 'them', status: 408, text: 'Request Timeout' }, /^Nobody answered/],
  [{ by: 'us', status: 408, text: 'Nobody answered.' }, /^Nobody answered/],
  [{ by: 'network', status: 408, text: 'Request Timeout' }, /^Nothing came back from there/],
  [{ by: 'network', status: 503, text: 'Service Unavailable' }, /no connection could be made/],
  [{ by: 'network', status: 408, text: 'The other side never acknowledged.' }, /never acknowledged/],
  [{ by: 'them', status: 499, text: 'Odd' }, /^The other side answered 499: Odd/],
  [{ by: 'them', status: 200, text: '' }, /^The call was ended/],
])('%o is told as %s', (cause, words) => expect(why(cause)).toMatch(words));

it('is told in the words of who ended it here', () => {
  expect(why({ by: 'us', status: 487, text: '' }, { by: 'host', why: 'Ann ended the call.' })).toBe(
    'Ann ended the call.',
  );
});
