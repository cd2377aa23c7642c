import { expect, it } from 'vitest';
import { KeyedQueue } from './KeyedQueue.ts';

it('runs tasks of one key in order, others side by side, and forgets keys that are idle', async () => {
  const queue = new KeyedQueue();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const tasks = [
    queue.run('a', async () => {
      await first.promise;
      done.push('a1');
    }),
    queue.run('a', () => done.push('a2')),
    queue.run('b', () => done.push('b1')),
  ];
  await tasks[2];
  expect(done).toEqual(['b1']);
  first.resolve();
  await Promise.all(tasks);
  expect(done).toEqual(['b1', 'a1', 'a2']);
  await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(queue.size).toBe(0);
});
