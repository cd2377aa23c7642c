/** A disk that is full while a meeting is recorded, on the real server. */
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { figure } from '../support/figures.ts';
import type { RawSocket } from '../support/RawSocket.ts';
import { MEBIBYTE, TinyDisk } from '../support/TinyDisk.ts';
import { waitFor } from '../support/waitFor.ts';
import { secondsOf } from './mediaProbe.ts';
import { RecordingServer } from './RecordingServer.ts';

const DISK_MIB = 96;
const RESERVE = 48 * MEBIBYTE;

let disk: TinyDisk;
let server: RecordingServer;
afterEach(async () => {
  await server.close();
  disk.close();
});

/** `isAll`: not the recordings alone lie on the small disk. */
async function startServer({ reserve, isAll }: { reserve: number; isAll: boolean }): Promise<void> {
  disk = TinyDisk.get(DISK_MIB);
  const folder = join(disk.folder, 'recordings');
  const env = { PARLEY_RECORDER_RESERVE: String(reserve) };
  server = isAll
    ? await RecordingServer.start(env, join(disk.folder, 'data'))
    : await RecordingServer.start({ ...env, PARLEY_RECORDER_FOLDER: folder });
}

async function alarm(): Promise<number> {
  const metrics = await (await fetch(new URL('/metrics', server.url))).text();
  return Number(/^parley_disk_reserve_reached (\d)$/m.exec(metrics)?.[1]);
}

/** Somebody writes, and it is kept. */
async function chats(ann: RawSocket, text: string): Promise<void> {
  expect((await ann.request('chat.send', { text })).error).toBeUndefined();
  const { result } = await ann.request('chat.history', { limit: 100 });
  expect(JSON.stringify(result)).toContain(text);
}

/** More than half of it in any case: each growth is a fragment of 0.2 s at least. */
async function holdsASecond(recordingId: string): Promise<void> {
  for (let times = 0; times < 5; times += 1) await server.grows(recordingId);
}

describe.skipIf(!TinyDisk.canMake())('a full disk', { timeout: 120_000 }, () => {
  it('ends a recording at the reserve: it plays, and the meeting goes on', async () => {
    await startServer({ reserve: RESERVE, isAll: true });
    const ann = await server.enter();
    const recordingId = await server.startRecording(ann);
    await server.untilState(recordingId, 'recording');
    await holdsASecond(recordingId);
    expect(await alarm()).toBe(0);

    disk.fillUpTo(RESERVE - MEBIBYTE);
    const filledAt = performance.now();
    const { state, files, message } = await server.untilState(recordingId, 'ready', 'failed');
    figure('recording finished after the reserve was reached', {
      ...{ value: performance.now() - filledAt, unit: 'ms' },
    });
    expect({ state, parts: files.length }).toEqual({ state: 'ready', parts: 1 });
    expect(message).toMatch(/disk/);
    await waitFor('the alarm', alarm, { done: (now) => now === 1 });
    const refused = await ann.request('recording.start');
    expect(refused.error).toMatchObject({ data: { code: 'RECORDING_DISK_FULL' } });
    expect(refused.error?.message).toMatch(/47 MiB are free, and 48 MiB are kept/);
    await chats(ann, 'still here');

    disk.clear();
    expect(await secondsOf(await server.download(recordingId, 1))).toBeGreaterThan(0.5);
    await waitFor('the alarm to end', alarm, { done: (now) => now === 0 });
    const next = await server.startRecording(ann);
    await server.untilState(next, 'recording');
    ann.close();
  });

  it('lets the page of a live stream stand still at the reserve, and go on by itself', async () => {
    await startServer({ reserve: RESERVE, isAll: true });
    const ann = await server.enter();
    const { result } = await ann.request('live.start');
    const playlist = async (): Promise<string> => {
      const answer = await fetch(new URL(`/hls/${String(result?.['liveId'])}/media.m3u8`, server.url));
      return answer.ok ? answer.text() : '';
    };
    const partIn = (text: string): boolean => text.includes('#EXT-X-PART:');
    await waitFor('the page', playlist, { timeout: 30_000, done: partIn });
    disk.fillUpTo(RESERVE - MEBIBYTE);
    const words = (): string => server.lastWords;
    await waitFor('the page to stand still', words, {
      timeout: 30_000,
      done: (now) => now.includes('the page of a live stream stands still'),
    });
    // The rest of the server has what is reserved for it.
    await chats(ann, 'still here');
    const stood = await playlist();
    expect(stood).not.toContain('#EXT-X-DISCONTINUITY\n');
    disk.clear();
    const isNewer = (now: string): boolean => now.includes('#EXT-X-DISCONTINUITY\n') && partIn(now);
    await waitFor('the page to go on', playlist, { timeout: 30_000, done: isNewer });
    ann.close();
  });

  it('without a reserve leaves what was recorded, and the meeting goes on', async () => {
    await startServer({ reserve: 0, isAll: false });
    const ann = await server.enter();
    const recordingId = await server.startRecording(ann);
    await server.untilState(recordingId, 'recording');
    await holdsASecond(recordingId);
    disk.fillUpTo(0);
    await waitFor('the recorder to end', () => server.processes.recorders, {
      timeout: 30_000,
      done: ({ length }) => length === 0,
    });
    await chats(ann, 'still here');
    disk.clear();
    const { state, files, message } = await server.untilState(recordingId, 'ready', 'recovered', 'failed');
    expect(message).toMatch(/disk/);
    expect({ state, parts: files.length }).toEqual({ state: 'ready', parts: 1 });
    expect(await secondsOf(await server.download(recordingId, 1))).toBeGreaterThan(0.5);
    ann.close();
  });
});
