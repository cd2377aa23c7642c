/**
 * A recorder that records nothing, and says nothing but the truth: it speaks the protocol of recorders, writes files that grow,
 * and finishes what others have left. What it is to do wrong stands in its environment.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type {
  PartInfo,
  ProgramJob,
  RecorderCommand,
  RecorderEvent,
  Storage,
} from '@parley/protocol/recorder';

const STEP_MS = 20;
// eslint-disable-next-line no-restricted-properties -- this stands for another program, and has no configuration
const { TEST_RECORDER: fault = '' } = process.env;
const tell = (event: RecorderEvent): void => void process.send?.(event);

interface Open {
  part: number;
  timer: NodeJS.Timeout;
  paused: boolean;
  bytes: number;
  durationMs: number;
}

if (fault === 'diesAtStart') {
  console.error('Error: Cannot find the native binding');
  process.exit(1);
}

let job: ProgramJob | undefined;
const recordings = new Map<string, Open>();

const folderOf = (storage: Storage, recordingId: string): string => join(storage.folder, recordingId);
const growing = (part: number): string => `part-${part}.growing`;

function open(recordingId: string, part: number): void {
  if (!job) return void setTimeout(() => open(recordingId, part), STEP_MS);
  const folder = folderOf(job.storage, recordingId);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, growing(part));
  writeFileSync(path, '');
  const one: Open = {
    part,
    paused: false,
    bytes: 0,
    durationMs: 0,
    timer: setInterval(() => grow(), STEP_MS),
  };
  const grow = (): void => {
    if (one.paused) return;
    appendFileSync(path, Buffer.alloc(100, part));
    one.bytes += 100;
    one.durationMs += STEP_MS;
    tell({ type: 'partProgress', recordingId, part, bytes: one.bytes, durationMs: one.durationMs });
    if (fault === 'fullDisk' && one.durationMs >= 100) close(recordingId);
  };
  recordings.set(recordingId, one);
  tell({ type: 'partOpened', recordingId, part, startedAt: Date.now() });
}

/** Gives each growing file its name, and says what there is. */
function finish(storage: Storage, recordingId: string): void {
  const folder = folderOf(storage, recordingId);
  tell({ type: 'finishing', recordingId, progress: 0.5 });
  const names = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of names.filter((one) => one.endsWith('.growing')))
    renameSync(join(folder, name), join(folder, name.replace('.growing', '.mp4')));
  const files = names.map((name) => name.replace('.growing', '.mp4')).filter((name) => name.endsWith('.mp4'));
  if (files.length > 0) writeFileSync(join(folder, 'thumbnail.jpg'), 'a picture');
  const parts = files.map((file): PartInfo => {
    const bytes = readFileSync(join(folder, file)).length;
    const part = Number(/\d+/.exec(file)?.[0]);
    const size = { width: 1280, height: 720, durationMs: (bytes / 100) * STEP_MS, bytes };
    return { part, file, name: 'composite', mimeType: 'video/mp4', startedAt: Date.now(), ...size };
  });
  const thumbnail = files.length > 0 ? 'thumbnail.jpg' : null;
  // The bucket takes nothing until there is a file `go`.
  const isRefused =
    fault === 'refusedCopies' && storage.bucket !== null && !existsSync(join(storage.folder, 'go'));
  const missing = isRefused ? { notCopied: 'It refused them.' } : {};
  const message = fault === 'fullDisk' ? { message: 'The disk is full.' } : {};
  const end = { recordingId, parts, thumbnail, sidecar: null, ...message, ...missing };
  copySlowly(storage, () => tell({ type: 'recordingFinished', ...end }));
}

/** Where it is slow, it begins when the test lets it: with a file `go` beside the recordings. */
function inTime({ folder }: Pick<Storage, 'folder'>, work: () => void): void {
  if (fault !== 'slow' || existsSync(join(folder, 'go'))) work();
  else setTimeout(() => inTime({ folder }, work), STEP_MS);
}

/** A bucket that is slow has the files when the test lets it, likewise. */
function copySlowly(storage: Storage, work: () => void): void {
  if (fault !== 'slowCopies' || !storage.bucket || existsSync(join(storage.folder, 'go'))) work();
  else setTimeout(() => copySlowly(storage, work), STEP_MS);
}

/** Dies each time until there is a file `go` beside the recordings, or the first time only. */
function finishLeft(storage: Storage, recordingId: string): void {
  if (fault === 'diesFinishing' && !existsSync(join(storage.folder, 'go'))) process.exit(1);
  const mark = join(storage.folder, 'died');
  if (fault === 'diesFinishingOnce' && !existsSync(mark)) {
    writeFileSync(mark, '');
    process.exit(1);
  }
  finish(storage, recordingId);
}

function close(recordingId: string): void {
  clearInterval(recordings.get(recordingId)?.timer);
  recordings.delete(recordingId);
  if (fault === 'hangsAtTheEnd') return tell({ type: 'finishing', recordingId, progress: 0.1 });
  if (job) finish(job.storage, recordingId);
}

function setPaused(recordingId: string, paused: boolean): void {
  const one = recordings.get(recordingId);
  if (one) one.paused = paused;
}

function start(given: ProgramJob): void {
  job = given;
  if (fault !== 'noFfmpeg') return tell({ type: 'running' });
  tell({ type: 'failed', code: 'ffmpeg_not_found', message: 'No ffmpeg found.' });
  process.disconnect();
}

/** A page of one picture. */
function openPage({ liveId, folder }: Extract<RecorderCommand, { type: 'openPage' }>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'init-0.mp4'), 'init');
  writeFileSync(join(folder, 'segment-0.m4s'), 'part');
  const picture = { width: 1280, height: 720, frameRate: 25 };
  tell({ type: 'pageInit', liveId, file: 'init-0.mp4', codecs: 'avc1', bandwidth: 1000, ...picture });
  tell({
    ...{ type: 'pagePart', liveId, segment: 0, index: 0, file: 'segment-0.m4s', offset: 0, length: 4 },
    ...{ duration: 0.4, independent: true, last: false, discontinuity: false, at: Date.now() },
  });
}

function stop(): void {
  for (const recordingId of [...recordings.keys()]) close(recordingId);
  tell({ type: 'ended' });
  process.disconnect();
}

process.on('message', (command: RecorderCommand) => {
  if (command.type === 'start') inTime(command.job.storage, () => start(command.job));
  else if (command.type === 'openRecording') open(command.recordingId, command.part);
  else if (command.type === 'pauseRecording') setPaused(command.recordingId, true);
  else if (command.type === 'resumeRecording') setPaused(command.recordingId, false);
  else if (command.type === 'closeRecording') close(command.recordingId);
  else if (command.type === 'finishRecording')
    inTime(command.storage, () => finishLeft(command.storage, command.recordingId));
  else if (command.type === 'addTarget')
    tell({
      ...{ type: 'target', targetId: command.targetId, state: 'live', bitrate: 1000 },
      ...{ droppedFrames: 0, message: '' },
    });
  else if (command.type === 'openPage') openPage(command);
  else if (command.type === 'stop') stop();
});
process.on('disconnect', () => process.exit(0));
// Who began it may be gone before it has come so far.
if (!process.connected) process.exit(0);
