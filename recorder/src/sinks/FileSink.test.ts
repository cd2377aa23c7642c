import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecorderEvent } from '@parley/protocol/recorder';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { Mp4Fragments } from '../files/index.ts';
import { encodeMp4, split } from '../files/testing/media.ts';
import { FileSink } from './FileSink.ts';

const SECONDS = 8;
const BEGUN = Date.UTC(2026, 10, 1, 10);

let media: ReturnType<typeof split>;
let folder: string;
let events: RecorderEvent[];
let sink: FileSink;
beforeAll(async () => {
  media = split(new Mp4Fragments(), await encodeMp4(SECONDS));
});
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  folder = mkdtempSync(join(tmpdir(), 'sink-'));
  events = [];
  sink = new FileSink({
    ...{ recordingId: 'one', part: 1, folder, name: 'composite', format: 'mp4', key: null, reserveBytes: 0 },
    onEvent: (event) => events.push(event),
    onTrouble: ({ message }) => expect.unreachable(message),
    onResumed: () => undefined,
  });
  sink.begin({ init: media.init, startedAt: BEGUN });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const recordedMs = (): number =>
  Math.max(...events.map((event) => (event.type === 'partProgress' ? event.durationMs : 0)));

it('has patience with an encoder that is slow, as long as something comes', async () => {
  const [first, ...rest] = media.fragments;
  if (first) sink.write(first);
  const ended = sink.endAt(BEGUN + SECONDS * 1000 - 500);
  for (const fragment of rest) {
    await vi.advanceTimersByTimeAsync(2500);
    sink.write(fragment);
  }
  await ended;
  expect(recordedMs()).toBeGreaterThan((SECONDS - 2) * 1000);
  expect(sink.missingMs).toBe(0);
});

it('says how much of the end did not come', async () => {
  for (const fragment of media.fragments) if (fragment.startMs < 2000) sink.write(fragment);
  const ended = sink.endAt(BEGUN + SECONDS * 1000);
  await vi.advanceTimersByTimeAsync(60_000);
  await ended;
  expect(sink.missingMs).toBeCloseTo(SECONDS * 1000 - recordedMs(), -2);
  expect(sink.missingMs).toBeGreaterThan(4000);
});

it('misses nothing of a pause', async () => {
  for (const fragment of media.fragments) if (fragment.startMs < 2000) sink.write(fragment);
  sink.pause(BEGUN + 2000);
  const ended = sink.endAt(BEGUN + SECONDS * 1000);
  await vi.advanceTimersByTimeAsync(60_000);
  await ended;
  expect(sink.missingMs).toBe(0);
});
