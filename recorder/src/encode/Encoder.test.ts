import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CHANNELS } from '../program/audio/format.ts';
import { Encoder } from './Encoder.ts';

const BLOCK = new Float32Array(960 * CHANNELS);
/** Of sound: more than a pipe takes, and than may wait. */
const MUCH = 200;

/** For a real process, on a machine that may be busy, ms. */
const PATIENCE_MS = 15_000;

let folder: string;
let said: string;
let exits: { asked: boolean; message: string }[];
let encoder: Encoder;
let blocks: number;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  folder = mkdtempSync(join(tmpdir(), 'encoder-'));
  said = '';
  exits = [];
  blocks = 0;
});
afterEach(async () => {
  encoder.kill();
  await vi.waitFor(() => expect(exits).toHaveLength(1), PATIENCE_MS);
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Encodes sound alone; in place of ffmpeg runs this. */
async function start(script: string): Promise<void> {
  const ffmpeg = join(folder, 'ffmpeg');
  writeFileSync(ffmpeg, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  encoder = new Encoder({
    ffmpeg,
    plan: {
      ...{ format: 'mp4', video: false },
      settings: {
        ...{ width: 320, height: 180, frameRate: 25, videoBitrate: 800_000, audioBitrate: 64_000 },
        ...{ keyFrameInterval: 2, preset: 'ultrafast', showNames: true, background: '#000000' },
      },
    },
    onOutput: (chunk) => (said += chunk.toString()),
    onExit: (exit) => exits.push(exit),
  });
  await vi.waitFor(() => expect(said).toBe('begun'), PATIENCE_MS);
}

function write(count: number): void {
  for (let index = 0; index < count; index++) encoder.writeSound(BLOCK, blocks++ * 20_000);
}

it('notices an encoder that takes no sound any more, where there are no pictures', async () => {
  await start('printf begun; exec sleep 600');
  write(MUCH);
  await vi.waitFor(() => {
    vi.advanceTimersByTime(1000);
    write(1);
    expect(exits).toHaveLength(1);
  }, PATIENCE_MS);
  expect(exits).toEqual([{ asked: false, message: expect.stringContaining('took no sound for 12 s') }]);
  expect(performance.now()).toBeGreaterThan(12_000);
});

it('has nothing against one that gets much at once, after this process was held up', async () => {
  await start('printf begun; head -c 1000000 > /dev/null; printf " and gone on"; exec cat > /dev/null');
  vi.advanceTimersByTime(60_000);
  write(MUCH);
  await vi.waitFor(() => expect(said).toBe('begun and gone on'), PATIENCE_MS);
  expect(exits).toEqual([]);
});
