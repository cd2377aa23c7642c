import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import { afterEach, describe, expect, it } from 'vitest';
import { allowed } from '../support/figures.ts';
import { waitFor } from '../support/waitFor.ts';
import { assertDecodes } from './mediaProbe.ts';
import { jobOf } from './Studio.ts';

let folder: string;
let recorder: ChildProcess;
let events: RecorderEvent[];
let exit: { at: number; code: number | null; signal: string | null } | undefined;

afterEach(() => {
  recorder.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function startRecorder(): void {
  events = [];
  exit = undefined;
  const entry = join(import.meta.dirname, 'syntheticRecorder.ts');
  recorder = fork(entry, [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  recorder.on('message', (event: RecorderEvent) => events.push(event));
  recorder.on('exit', (code, signal) => (exit = { at: performance.now(), code, signal }));
}

function tell(command: RecorderCommand): void {
  recorder.send(command);
}

async function record(seconds: number): Promise<number[]> {
  folder = mkdtempSync(join(tmpdir(), 'parley-process-'));
  startRecorder();
  tell({ type: 'start', job: jobOf({}, folder) });
  tell({ type: 'openRecording', recordingId: 'one', part: 1 });
  const durationMs = () => events.findLast((event) => event.type === 'partProgress')?.durationMs ?? 0;
  await waitFor('a recording', durationMs, { timeout: 40_000, done: (seen) => seen >= seconds * 1000 });
  return childrenOf(recorder.pid ?? 0);
}

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return list.trim().split(' ').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

function allGone(pids: number[]): Promise<boolean> {
  return waitFor('no ffmpeg', () => !pids.some(isAlive), { done: (gone) => gone });
}

function exited(): Promise<NonNullable<typeof exit>> {
  return waitFor('the end', () => exit, { done: (seen) => seen !== undefined }).then((seen) => {
    if (!seen) throw new Error('It has not ended.');
    return seen;
  });
}

/** What a new process makes of what was left. */
async function finishRest(): Promise<Extract<RecorderEvent, { type: 'recordingFinished' }>> {
  startRecorder();
  const { storage } = jobOf({}, folder);
  tell({ type: 'finishRecording', recordingId: 'one', storage });
  const finished = () => events.find((event) => event.type === 'recordingFinished');
  const event = await waitFor('finished files', finished, {
    timeout: 60_000,
    done: (seen) => seen !== undefined,
  });
  tell({ type: 'stop' });
  await exited();
  if (!event) throw new Error('Nothing was finished.');
  return event;
}

describe('a recorder process', { timeout: 120_000 }, () => {
  it('finishes its files and ends when it is told to', async () => {
    const ffmpegs = await record(1);
    expect(ffmpegs.length).toBeGreaterThan(0);
    tell({ type: 'stop' });
    expect((await exited()).code).toBe(0);
    await allGone(ffmpegs);
    expect(events.at(-1)).toEqual({ type: 'ended' });
    expect(events.some(({ type }) => type === 'recordingFinished')).toBe(true);
    await assertDecodes(join(folder, 'one/part-1-composite.mp4'));
  });

  it.each([
    ['its channel breaks', () => recorder.disconnect()],
    ['it is asked to go', () => recorder.kill('SIGTERM')],
  ])('closes its part and ends within a second when %s', async (_, act) => {
    const ffmpegs = await record(1);
    const from = performance.now();
    act();
    const { at, code } = await exited();
    expect(at - from).toBeLessThan(allowed(1500));
    expect(code).not.toBeNull();
    await allGone(ffmpegs);
    const { parts } = await finishRest();
    expect(parts[0]?.durationMs).toBeGreaterThan(1000);
    await assertDecodes(join(folder, 'one', parts[0]?.file ?? ''));
  });

  it('leaves no ffmpeg and a part that can be finished when it is killed', async () => {
    const ffmpegs = await record(2);
    const told = events.findLast((event) => event.type === 'partProgress')?.durationMs ?? 0;
    recorder.kill('SIGKILL');
    await exited();
    await allGone(ffmpegs);
    const { parts, thumbnail } = await finishRest();
    expect(parts[0]?.durationMs).toBeGreaterThanOrEqual(told - 100);
    expect(thumbnail).toBe('thumbnail.jpg');
    await assertDecodes(join(folder, 'one', parts[0]?.file ?? ''));
  });
});
