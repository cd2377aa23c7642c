import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../observability/logger.ts';
import { Stillness } from './Stillness.ts';

const logger = createLogger('silent');
let came = 0;
let onStill: ReturnType<typeof vi.fn<() => void>>;
let stillness: Stillness;

const watch = (count = () => Promise.resolve(came)) =>
  (stillness = new Stillness({ timeout: 1000, logger, count, onStill }));
/** Lets time pass, in which something comes every so often. */
async function pass(ms: number, every?: number): Promise<void> {
  const step = every ?? ms;
  for (let passed = 0; passed < ms; passed += step) {
    if (every !== undefined) came += 1;
    await vi.advanceTimersByTimeAsync(step);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  came = 0;
  onStill = vi.fn();
});
afterEach(() => {
  stillness.stop();
  vi.useRealTimers();
});

describe('watching what comes', () => {
  it('says nothing as long as something does, however rarely within the timeout', async () => {
    watch();
    await pass(10_000, 900);
    expect(onStill).not.toHaveBeenCalled();
  });

  it('tells once when nothing does any more, at most a quarter too late', async () => {
    watch();
    await pass(2700, 900);
    await pass(200);
    expect(onStill).not.toHaveBeenCalled();
    await pass(1050);
    expect(onStill).toHaveBeenCalledOnce();
    await pass(5000);
    expect(onStill).toHaveBeenCalledOnce();
  });

  it('tells when nothing ever came', async () => {
    watch();
    await pass(1250);
    expect(onStill).toHaveBeenCalledOnce();
  });

  it('tells nothing once it was stopped, also while it counts', async () => {
    let answer = (): void => undefined;
    watch(() => new Promise<number>((resolve) => (answer = () => resolve(0))));
    await pass(250);
    answer();
    await pass(1000);
    stillness.stop();
    answer();
    await pass(2000);
    expect(onStill).not.toHaveBeenCalled();
  });

  it('goes on when counting fails', async () => {
    const count = vi.fn(() => Promise.resolve(0)).mockRejectedValueOnce(new Error('busy'));
    watch(count);
    await pass(1500);
    expect(onStill).toHaveBeenCalledOnce();
  });
});
