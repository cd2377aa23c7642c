import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CallFacts } from './Call.ts';
import { MinuteWatch } from './MinuteWatch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const callBy = (trunkId: string | null, direction: CallFacts['direction'] = 'out') => ({
  facts: { callId: 'CL_1', direction, trunkId, by: null } as CallFacts,
  isAnswered: true,
  hangUp: vi.fn<(by: string, why: string, prompt: string | null) => void>(),
});

it('ends what a trunk without minutes goes on with, and nothing else', () => {
  const spent = new Set<string>();
  const [cheap, dear, incoming, own] = [callBy('cheap'), callBy('dear'), callBy('dear', 'in'), callBy(null)];
  const ringing = { ...callBy('dear'), isAnswered: false };
  const watch = new MinuteWatch(
    () => [cheap, dear, incoming, own, ringing],
    (trunkId) => (spent.has(trunkId) ? 'used up' : undefined),
  );
  vi.advanceTimersByTime(60_000);
  expect(dear.hangUp).not.toHaveBeenCalled();
  spent.add('dear');
  vi.advanceTimersByTime(30_000);
  expect(dear.hangUp).toHaveBeenCalledWith('server', 'used up', 'goodbye');
  for (const one of [cheap, incoming, own, ringing]) expect(one.hangUp).not.toHaveBeenCalled();
  watch.close();
  expect(vi.getTimerCount()).toBe(0);
});
