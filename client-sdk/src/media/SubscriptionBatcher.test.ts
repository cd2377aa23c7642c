import type { SubscriptionChange } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SubscriptionBatcher } from './SubscriptionBatcher.ts';

describe('SubscriptionBatcher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const sent: SubscriptionChange[][] = [];
    const batcher = new SubscriptionBatcher((changes) => sent.push(changes));
    return { sent, batcher };
  };

  it('says the wishes of many tiles at once, the latest of each', () => {
    const { sent, batcher } = start();
    batcher.change({ publicationId: 'one', width: 10, height: 10 });
    batcher.change({ publicationId: 'two', visible: false });
    batcher.change({ publicationId: 'one', width: 20, height: 20 });
    expect(sent).toEqual([]);
    vi.runAllTimers();
    expect(sent).toEqual([
      [
        { publicationId: 'one', width: 20, height: 20 },
        { publicationId: 'two', visible: false },
      ],
    ]);
  });

  it('says a wish anew for new media, once, when the publication is received again', () => {
    const { sent, batcher } = start();
    batcher.change({ publicationId: 'one', visible: false });
    vi.runAllTimers();
    batcher.received('one');
    vi.runAllTimers();
    expect(sent).toHaveLength(1);
    batcher.mediaGone();
    batcher.received('one');
    batcher.received('one');
    batcher.received('unknown');
    vi.runAllTimers();
    expect(sent.slice(1)).toEqual([[{ publicationId: 'one', visible: false }]]);
  });

  it('sends no more changes in one message than the server takes', () => {
    const { sent, batcher } = start();
    for (let index = 0; index < 300; index += 1) batcher.change({ publicationId: String(index) });
    vi.runAllTimers();
    expect(sent.map(({ length }) => length)).toEqual([256, 44]);
  });

  it('knows what is not wanted, and forgets what is gone', () => {
    const { sent, batcher } = start();
    batcher.change({ publicationId: 'one', subscribed: false });
    expect([batcher.wants('one'), batcher.wants('two')]).toEqual([false, true]);
    batcher.forget('one');
    vi.runAllTimers();
    expect(sent.flat()).toEqual([]);
    expect(batcher.wants('one')).toBe(true);
  });
});
