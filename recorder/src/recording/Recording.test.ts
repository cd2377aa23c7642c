import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingKind } from '@parley/protocol';
import type { ProgramJob, RecorderEvent } from '@parley/protocol/recorder';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findFfmpeg } from '../findFfmpeg.ts';
import { ProgramRunner } from '../ProgramRunner.ts';
import { SyntheticRoom } from '../testing/SyntheticRoom.ts';

let folder: string;
let events: RecorderEvent[];
let room: SyntheticRoom;
let runner: ProgramRunner;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recording-'));
  mkdirSync(join(folder, 'one'));
  events = [];
  room = new SyntheticRoom();
  room.join({ name: 'Ada', frequency: 440 });
  room.run();
  runner = new ProgramRunner({
    ffmpeg: findFfmpeg(),
    connect: async () => ({ input: room, leave: async () => room.stop() }),
    send: (event) => events.push(event),
  });
});
afterEach(async () => {
  await runner.abandon();
  room.stop();
  rmSync(folder, { recursive: true });
});

const jobOf = (kind: RecordingKind): ProgramJob => ({
  ...{ programId: 'program', kind, format: 'mp4', layout: { kind: 'grid', focus: null } },
  room: { url: 'ws://127.0.0.1/ws', token: '', certificate: null, title: 'Planning' },
  settings: {
    ...{ width: 320, height: 180, frameRate: 25, videoBitrate: 800_000, audioBitrate: 64_000 },
    ...{ keyFrameInterval: 2, preset: 'ultrafast', showNames: true, background: '#000000' },
  },
  storage: { folder, key: null, bucket: null, reserveBytes: 0 },
});

it.each([
  ['audio', ['part-1.tracks']],
  ['tracks', ['part-1.tracks', 'part-2-track-1-camera.webm.part']],
] as const)('goes on after parts of which nobody was told: %s', async (kind, left) => {
  for (const name of left) writeFileSync(join(folder, 'one', name), '');
  const part = left.length + 1;
  await runner.handle({ type: 'start', job: jobOf(kind) });
  await runner.handle({ type: 'openRecording', recordingId: 'one', part: 1 });
  const progress = { type: 'partProgress', recordingId: 'one', part };
  await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining(progress)), 20_000);
  const opened = { type: 'partOpened', recordingId: 'one', part, startedAt: expect.any(Number) };
  expect(events.filter(({ type }) => type === 'partOpened')).toEqual([opened]);
  expect(events.map(({ type }) => type)).not.toContain('recordingFailed');
  expect(readdirSync(join(folder, 'one'))).toEqual(expect.arrayContaining([...left, `part-${part}.tracks`]));
});
