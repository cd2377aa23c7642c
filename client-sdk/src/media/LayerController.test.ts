import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LayerController, OFF_DELAY_MS } from './LayerController.ts';

describe('LayerController', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const start = () => {
    const applied: number[] = [];
    const controller = new LayerController<object>((_sender, layer) => {
      applied.push(layer);
      return Promise.resolve();
    });
    const sender = {};
    return { applied, controller, want: (layer: number) => controller.setWanted(sender, layer) };
  };

  it('switches off what nobody wants, but not at once', () => {
    const { applied, want } = start();
    want(0);
    vi.advanceTimersByTime(OFF_DELAY_MS - 1);
    want(0);
    expect(applied).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(applied).toEqual([0]);
  });

  it('switches on at once', () => {
    const { applied, want } = start();
    want(-1);
    vi.advanceTimersByTime(OFF_DELAY_MS);
    want(2);
    expect(applied).toEqual([-1, 2]);
  });

  it('does nothing for whoever turns away and back', () => {
    const { applied, want } = start();
    want(1);
    vi.advanceTimersByTime(OFF_DELAY_MS);
    want(-1);
    want(1);
    vi.runAllTimers();
    expect(applied).toEqual([1]);
  });

  it('leaves no timer behind', () => {
    const { controller, want } = start();
    want(0);
    controller.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
