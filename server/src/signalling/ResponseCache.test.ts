import { describe, expect, it } from 'vitest';
import { MAX_KEPT_RESPONSES, ResponseCache } from './ResponseCache.ts';

const first = { name: 'first connection' };
const second = { name: 'second connection' };

describe('ResponseCache', () => {
  it('has a new number carried out, and never again', () => {
    const cache = new ResponseCache();
    expect(cache.begin(4, first)).toEqual({ kind: 'execute' });
    expect(cache.begin(4, second)).toEqual({ kind: 'ignore' });
    cache.finish(4, 'answer', { connection: first, seq: 0 });
    expect(cache.begin(4, first)).toEqual({ kind: 'ignore' });
    expect(cache.begin(4, second)).toEqual({ kind: 'repeat', text: 'answer' });
    expect(cache.begin(3, second)).toEqual({ kind: 'refuse' });
  });

  it('repeats what could not be sent at all', () => {
    const cache = new ResponseCache();
    cache.begin(1, first);
    cache.finish(1, 'answer', undefined);
    cache.acknowledge(9, first);
    expect(cache.begin(1, second)).toEqual({ kind: 'repeat', text: 'answer' });
  });

  it('forgets what went before an acknowledged notification on the same connection, and nothing else', () => {
    const cache = new ResponseCache();
    for (const id of [1, 2, 3]) cache.begin(id, first);
    cache.finish(1, 'before', { connection: first, seq: 4 });
    cache.finish(2, 'after', { connection: first, seq: 5 });
    cache.finish(3, 'elsewhere', { connection: second, seq: 4 });
    cache.acknowledge(5, first);
    expect(cache.begin(1, second)).toEqual({ kind: 'refuse' });
    expect(cache.begin(2, second)).toEqual({ kind: 'repeat', text: 'after' });
    expect(cache.begin(3, first)).toEqual({ kind: 'repeat', text: 'elsewhere' });
  });

  it('keeps the latest answers, however long their requests took', () => {
    const cache = new ResponseCache();
    cache.begin(1, first);
    for (let id = 2; id <= MAX_KEPT_RESPONSES + 1; id += 1) {
      cache.begin(id, first);
      cache.finish(id, `${id}`, { connection: first, seq: 0 });
    }
    cache.finish(1, 'slow', { connection: first, seq: 0 });
    expect(cache.begin(1, second)).toEqual({ kind: 'repeat', text: 'slow' });
    expect(cache.begin(2, second)).toEqual({ kind: 'refuse' });
    expect(cache.begin(3, second)).toEqual({ kind: 'repeat', text: '3' });
  });

  it('says when more is under way than is bearable', () => {
    const cache = new ResponseCache();
    for (let id = 1; id <= MAX_KEPT_RESPONSES; id += 1) cache.begin(id, first);
    expect(cache.crowded).toBe(false);
    cache.begin(MAX_KEPT_RESPONSES + 1, first);
    expect(cache.crowded).toBe(true);
  });
});
