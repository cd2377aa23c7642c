import type { RingingCall } from '@parley/client-sdk';
import { expect, it } from 'vitest';
import { bellAfter, SILENT } from './bell.ts';

const call = (callId: string): RingingCall => ({
  ...{ type: 'ringing', callId, number: '+12025550143', displayName: 'Ann', startedAt: 0 },
});
const rings = (callId: string) => ({ type: 'rings', call: call(callId) }) as const;
const stopped = (callId: string, why: 'answered' | 'declined' | 'missed') =>
  ({ type: 'stopped', callId, why }) as const;

it('rings once for each call, also when it is told again', () => {
  const bell = ['a', 'b', 'a'].reduce((state, id) => bellAfter(state, rings(id)), SILENT);
  expect(bell.ringing.map(({ callId }) => callId)).toEqual(['b', 'a']);
});

it.each(['answered', 'declined'] as const)('stops when it was %s elsewhere, and misses nothing', (why) => {
  expect(bellAfter(bellAfter(SILENT, rings('a')), stopped('a', why))).toEqual(SILENT);
});

it('keeps what was missed until it is put aside, and not for ever', () => {
  const one = bellAfter(bellAfter(SILENT, rings('a')), stopped('a', 'missed'));
  expect(one).toEqual({ ringing: [], missed: [call('a')] });
  expect(bellAfter(one, { type: 'putAside', callId: 'a' })).toEqual(SILENT);
  const many = ['b', 'c', 'd'].reduce(
    (state, id) => bellAfter(bellAfter(state, rings(id)), stopped(id, 'missed')),
    one,
  );
  expect(many.missed.map(({ callId }) => callId)).toEqual(['d', 'c', 'b']);
});

it('knows nothing of the end of a call that it never heard of', () => {
  expect(bellAfter(SILENT, stopped('x', 'missed'))).toEqual(SILENT);
});
