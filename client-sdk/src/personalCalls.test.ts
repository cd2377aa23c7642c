import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listenToCalls } from './personalCalls.ts';

/** As far as the browser's own goes here. */
class FakeSource extends EventTarget {
  static readonly made: FakeSource[] = [];
  readonly CLOSED = 2;
  readyState = 0;
  readonly url: URL;
  constructor(url: URL) {
    super();
    this.url = url;
    FakeSource.made.push(this);
  }
  close(): void {
    this.readyState = this.CLOSED;
  }
  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  /** `refused`: by a status, such as 502; else the connection was lost. */
  fail(refused: boolean): void {
    this.readyState = refused ? this.CLOSED : 0;
    this.dispatchEvent(new Event('error'));
  }
  tell(event: { type: string; callId: string; why?: string }): void {
    this.dispatchEvent(new MessageEvent(event.type, { data: JSON.stringify(event) }));
  }
}

const heard: string[] = [];
let stop: () => void;
const latest = (): FakeSource => {
  const source = FakeSource.made.at(-1);
  if (!source) throw new Error('none was made');
  return source;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  stop = listenToCalls('https://parley.example', {
    ringing: ({ callId }) => void heard.push(`${callId} rings`),
    stopped: (callId, why) => void heard.push(`${callId} ${why}`),
  });
});
afterEach(() => {
  stop();
  FakeSource.made.length = 0;
  heard.length = 0;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('tells what rings, and what does no more', () => {
  expect(latest().url.href).toBe('https://parley.example/api/v1/me/calls/events');
  latest().open();
  latest().tell({ type: 'ringing', callId: 'A' });
  latest().tell({ type: 'stopped', callId: 'A', why: 'answered' });
  vi.advanceTimersByTime(60_000);
  expect(heard).toEqual(['A rings', 'A answered']);
});

describe('a connection', () => {
  it('that was refused is opened again, more and more slowly, and at once quickly after it stood', () => {
    for (const pause of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      const before = FakeSource.made.length;
      latest().fail(true);
      vi.advanceTimersByTime(pause - 1);
      expect(FakeSource.made).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(FakeSource.made).toHaveLength(before + 1);
    }
    latest().open();
    latest().fail(true);
    vi.advanceTimersByTime(1000);
    latest().tell({ type: 'ringing', callId: 'A' });
    expect(heard).toEqual(['A rings']);
    expect(FakeSource.made).toHaveLength(9);
  });
  it('that was lost is left to the browser', () => {
    latest().open();
    latest().fail(false);
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.made).toHaveLength(1);
  });
  it('is not opened again once nobody listens', () => {
    latest().fail(true);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSource.made).toHaveLength(1);
    expect(latest().readyState).toBe(2);
  });
});

it('tells what stopped while nothing could be heard', () => {
  latest().open();
  for (const callId of ['A', 'B']) latest().tell({ type: 'ringing', callId });
  latest().fail(false);
  latest().open();
  latest().tell({ type: 'ringing', callId: 'B' });
  vi.advanceTimersByTime(60_000);
  expect(heard).toEqual(['A rings', 'B rings', 'B rings', 'A missed']);
});

it('rings on for 15 s at most while nothing can be heard of a call', () => {
  latest().open();
  latest().tell({ type: 'ringing', callId: 'A' });
  for (let at = 0; at < 14_000; at += 3500) {
    latest().fail(false);
    vi.advanceTimersByTime(3500);
  }
  expect(heard).toEqual(['A rings']);
  vi.advanceTimersByTime(1000);
  expect(heard).toEqual(['A rings', 'A missed']);
  latest().open();
  latest().tell({ type: 'ringing', callId: 'A' });
  expect(heard.at(-1)).toBe('A rings');
});
