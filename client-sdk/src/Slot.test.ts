import { describe, expect, it } from 'vitest';
import { Slot } from './Slot.ts';

describe('Slot', () => {
  it('gives what is there, and lets whoever comes early wait', async () => {
    const slot = new Slot<string>();
    const early = slot.get();
    slot.put('first');
    expect(await early).toBe('first');
    expect(await slot.get()).toBe('first');
    expect(slot.take()).toBe('first');
    expect(slot.current).toBeUndefined();
    const late = slot.get();
    slot.put('second');
    expect(await late).toBe('second');
  });

  it('lets nobody wait for what will never come', async () => {
    const slot = new Slot<string>();
    const waiting = slot.get();
    slot.close(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(slot.get()).rejects.toThrow('over');
  });
});
