import { stat } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './Watchdog.ts';

let watchdog: Watchdog | undefined;
afterEach(() => watchdog?.close());

const blockFor = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

describe('Watchdog', () => {
  it('notices silence, once', async () => {
    const hung = vi.fn();
    const ask = vi.fn(() => new Promise(() => undefined));
    watchdog = new Watchdog({ interval: 5, timeout: 20, ask, hung });
    await vi.waitFor(() => expect(hung).toHaveBeenCalled());
    expect(ask).toHaveBeenCalledOnce();
    expect(hung).toHaveBeenCalledOnce();
  });

  it('takes a refusal for an answer', async () => {
    const hung = vi.fn();
    const ask = vi.fn(() => Promise.reject(new Error('no')));
    watchdog = new Watchdog({ interval: 1, timeout: 20, ask, hung });
    await vi.waitFor(() => expect(ask.mock.calls.length).toBeGreaterThan(10));
    expect(hung).not.toHaveBeenCalled();
  });

  it('tells how long it has waited', async () => {
    const ask = vi.fn(() => new Promise(() => undefined));
    watchdog = new Watchdog({ interval: 1, timeout: 60_000, ask, hung: vi.fn() });
    expect(watchdog.waiting).toBe(0);
    await vi.waitFor(() => expect(watchdog?.waiting).toBeGreaterThan(10));
  });

  it('does not blame others when its own process stood still', async () => {
    const hung = vi.fn();
    // The answer comes while the event loop stands still, so that the verdict is due before the answer can be read.
    const askAndStandStill = (answered: () => void) => {
      void stat('.').then(answered);
      blockFor(60);
    };
    const ask = vi.fn(() => new Promise<void>((resolve) => setImmediate(() => askAndStandStill(resolve))));
    watchdog = new Watchdog({ interval: 1, timeout: 20, ask, hung });
    await vi.waitFor(() => expect(ask.mock.calls.length).toBeGreaterThan(5), 5_000);
    expect(hung).not.toHaveBeenCalled();
  });
});
