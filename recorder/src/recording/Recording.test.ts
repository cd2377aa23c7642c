import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordingKind } from '@parley/protocol';
import type { ProgramJob, RecorderEvent } from '@parley/protocol/recorder';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findFfmpeg } from '../findFfmpeg.ts';
import { ProgramRunner } from '../ProgramRunner.ts';
import type { FrameListener } from '../room/ProgramInput.ts';
import { SyntheticAudio, SyntheticRoom, SyntheticVideo } from '../testing/SyntheticRoom.ts';
import { TrackReader } from '../tracks/compose/TrackReader.ts';
import { readManifest } from '../tracks/manifest.ts';

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

/** Keeps when each frame was taken, and writes its number into it. */
class Sent {
  readonly capturedAt: number[] = [];
  readonly #listeners = new Set<FrameListener>();

  add(listener: FrameListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(head: readonly number[], codec: string, capturedAt: number): void {
    const data = Buffer.from([...head, 0, 0]);
    data.writeUInt16BE(this.capturedAt.length, head.length);
    this.capturedAt.push(capturedAt);
    const times = { rtpTimestamp: 0, arrivedAt: performance.now(), capturedAt };
    for (const listener of this.#listeners) listener({ data, keyFrame: true, rotation: 0, ...times }, codec);
  }
}

class SentAudio extends SyntheticAudio {
  readonly sentFrames = new Sent();

  override receiveFrames(listener: FrameListener): () => void {
    return this.sentFrames.add(listener);
  }

  /** RFC 6716: 20 ms. */
  override send(_: number, capturedAt: number): void {
    this.sentFrames.send([0xf8], 'opus', capturedAt);
  }
}

class SentVideo extends SyntheticVideo {
  readonly sentFrames = new Sent();

  override receiveFrames(listener: FrameListener): () => void {
    return this.sentFrames.add(listener);
  }

  /** RFC 6386: a key frame of 64 x 64. */
  override send(now: number): void {
    this.sentFrames.send([0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 64, 0], 'VP8', now);
  }
}

interface Placed {
  /** On the time of the part, ms. */
  at: number;
  /** By how much it stands before the moment when it was taken, ms. */
  shift: number;
}

/** The frames of a track, as they stand in the file; what fills gaps is left out. */
async function framesOf(source: 'camera' | 'microphone', { capturedAt }: Sent): Promise<Placed[]> {
  const { tracks, startedAt } = await readManifest(join(folder, 'one', 'part-1.tracks'), []);
  const track = tracks.find((one) => one.source === source);
  const reader = await TrackReader.open({ folder: join(folder, 'one'), file: track?.file ?? '' }, []);
  const frames: Placed[] = [];
  for await (const packet of reader?.from(0) ?? []) {
    const at = packet.at + (track?.offsetMs ?? 0);
    const taken = capturedAt[packet.data.readUInt16BE(packet.data.length - 2)];
    if (taken !== undefined) frames.push({ at, shift: performance.timeOrigin + taken - startedAt - at });
  }
  await reader?.close();
  return frames;
}

it('goes on after pauses where the files of tracks end, all of them alike', async () => {
  const microphone = new SentAudio(440);
  const camera = new SentVideo('camera', '#806040');
  room.change('Ada', () => ({ microphone, camera }));
  const sent = async (count: number): Promise<void> => {
    const until = microphone.sentFrames.capturedAt.length + count;
    await vi.waitFor(() => expect(microphone.sentFrames.capturedAt.length).toBeGreaterThan(until), 20_000);
  };
  /** @returns how long it was, ms */
  const pause = async (): Promise<number> => {
    const from = performance.now();
    await runner.handle({ type: 'pauseRecording', recordingId: 'one' });
    await sent(20);
    await runner.handle({ type: 'resumeRecording', recordingId: 'one' });
    return performance.now() - from;
  };
  await runner.handle({ type: 'start', job: jobOf('tracks') });
  await runner.handle({ type: 'openRecording', recordingId: 'one', part: 1 });
  await sent(30);
  let paused = await pause();
  await sent(30);
  paused += await pause();
  await sent(30);
  await runner.handle({ type: 'stop' });
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain('recordingFinished'), 20_000);

  const sound = await framesOf('microphone', microphone.sentFrames);
  const pictures = await framesOf('camera', camera.sentFrames);
  expect(sound.length).toBeGreaterThan(80);
  const distances = sound.slice(1).map(({ at }, index) => at - (sound[index]?.at ?? 0));
  expect(Math.min(...distances)).toBeGreaterThanOrEqual(15);
  // Each pause is left out, but for the packet that was not over when it began. Pictures that came in a heap lie side by side.
  const leftOut = [sound, pictures].map((frames) => {
    expect(Math.abs(frames[0]?.shift ?? Infinity)).toBeLessThan(2);
    return Math.max(...frames.map(({ shift }) => shift));
  });
  for (const ms of leftOut) {
    expect(ms).toBeLessThan(paused + 2);
    expect(ms).toBeGreaterThan(paused - 60);
  }
  expect(Math.abs((leftOut[0] ?? 0) - (leftOut[1] ?? 0))).toBeLessThan(3);
});
