import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoomSettingsPatch } from '@parley/protocol';
import type { RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readSidecar } from '@parley/recorder/internal/files/index.ts';
import { openVault } from '@parley/recorder/internal/vault/index.ts';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { adminToken, joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import {
  amplitudeOf,
  assertDecodes,
  colourAt,
  readPictures,
  readSound,
  type PlainPicture,
} from './mediaProbe.ts';
import { jobOf } from './Studio.ts';

let server: ParleyServer;
let browser: Browser;
let recorder: ChildProcess;
let folder: string;
let events: RecorderEvent[];

beforeAll(async () => {
  [server, browser] = await Promise.all([ParleyServer.start(), launchChromium()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-room-'));
  events = [];
});
afterEach(() => {
  recorder.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function startRecorder(room: string): void {
  const entry = join(import.meta.dirname, '../../recorder/src/index.ts');
  recorder = fork(entry, [], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  recorder.on('message', (event: RecorderEvent) => events.push(event));
  const job = jobOf({}, folder);
  const token = joinToken(room, 'recorder', { video: { recorder: true } });
  tell({
    type: 'start',
    job: { ...job, room: { ...job.room, url: `${server.url.replace('http', 'ws')}/ws`, token } },
  });
  tell({ type: 'openRecording', recordingId: 'one', part: 1 });
}

function tell(command: RecorderCommand): void {
  recorder.send(command);
}

function recorded(seconds: number): Promise<unknown> {
  const durationMs = () => events.findLast((event) => event.type === 'partProgress')?.durationMs ?? 0;
  return waitFor('a recording', durationMs, { timeout: 60_000, done: (seen) => seen >= seconds * 1000 });
}

/** Ends all, and gives the path of the one file. */
async function finish(): Promise<string> {
  tell({ type: 'stop' });
  const finished = () => events.find((event) => event.type === 'recordingFinished');
  const event = await waitFor('files', finished, { timeout: 30_000, done: (seen) => seen !== undefined });
  expect(event?.parts).toHaveLength(1);
  return join(folder, 'one', event?.parts[0]?.file ?? '');
}

/** The drawing is of a strong colour, whichever it is at the moment; placeholders are nearly grey. */
function isDrawing(picture: PlainPicture, x: number, y: number): boolean {
  const { u, v } = colourAt(picture, x, y);
  return Math.hypot(u - 128, v - 128) > 45;
}

describe('a recording of a real room', { timeout: 180_000 }, () => {
  it('has pictures and sound of who is there, and placeholders for who shows nothing', async () => {
    const ann = await Client.join(browser, server, { room: 'recorded', identity: 'ann' });
    await ann.call('publishDrawing', 640, 360);
    await ann.call('publishTone');
    startRecorder('recorded');
    await recorded(4);
    const ben = await Client.join(browser, server, { room: 'recorded', identity: 'ben' });
    await recorded(8);
    await ben.call('publishDrawing', 640, 360);
    await recorded(13);
    const path = await finish();
    await assertDecodes(path);
    const pictures = await readPictures(path, 2);
    const left = pictures.filter((picture) => isDrawing(picture, 0.25, 0.4)).length;
    expect(left).toBeGreaterThan(pictures.length * 0.6);
    const alone = pictures.filter((picture) => isDrawing(picture, 0.5, 0.1)).length;
    expect(alone).toBeGreaterThan(2);
    const last = pictures.at(-2);
    expect(last && isDrawing(last, 0.25, 0.4) && isDrawing(last, 0.75, 0.4)).toBe(true);
    const sound = await readSound(path);
    const end = sound.length / 48_000;
    // So short that it does not matter when the mixer plays somebody a little faster or slower, to be in time.
    const quarters = Array.from({ length: 12 }, (_, index) => end - 4 + index / 4);
    const tones = quarters.map((from) => amplitudeOf(sound, 300, { from, to: from + 0.25 }));
    expect(Math.max(...tones)).toBeGreaterThan(0.2);
    expect(events.filter(({ type }) => type === 'crash')).toEqual([]);
  });

  it('has nothing of who does not agree to be recorded, and has them from when they do until they do not', async () => {
    await createRoom('consent', { recordingConsent: 'ask' });
    // One after the other: ann has the place on the left.
    const ann = await Client.join(browser, server, { room: 'consent', identity: 'ann' });
    const ben = await Client.join(browser, server, { room: 'consent', identity: 'ben' });
    await Promise.all([ann.call('publishColour', 'red', 640, 360), ann.call('setConsent', true)]);
    await ben.call('publishColour', 'blue', 640, 360);
    await ben.call('publishTone', 1000);
    startRecorder('consent');
    await recorded(6);
    const agreed = await said(() => ben.call('setConsent', true));
    await recorded(agreed.after + 8);
    const withdrawn = await said(() => ben.call('setConsent', false));
    await recorded(withdrawn.after + 4);
    const path = await finish();

    const pictures = await readPictures(path, 5);
    const blueAt = pictures.flatMap((picture, index) => (isBlue(picture) ? [index / 5] : []));
    expect(blueAt.length).toBeGreaterThan(5);
    expect(blueAt.every((at) => at > agreed.before - 1 && at < withdrawn.after + 1.5)).toBe(true);
    // Alone one fills the picture: there is no tile for who is not recorded.
    for (const at of [5, withdrawn.after + 3]) {
      const picture = pictures[Math.floor(at * 5)];
      expect(picture && isRed(picture, 0.05) && isRed(picture, 0.95)).toBe(true);
    }
    const sound = await readSound(path);
    const loud = (from: number) => amplitudeOf(sound, 1000, { from, to: from + 0.5 });
    expect(loud(agreed.after + 6)).toBeGreaterThan(0.05);
    for (let from = 0; from < sound.length / 48_000 - 0.5; from += 0.5)
      if (from < agreed.before - 1 || from > withdrawn.after + 1.5) expect(loud(from)).toBeLessThan(0.005);
    await expectSidecar(path);
  });
});

async function createRoom(name: string, settings: RoomSettingsPatch): Promise<void> {
  const { status } = await fetch(new URL('/api/v1/rooms', server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, settings }),
  });
  expect(status).toBe(201);
}

/** Does something, and gives where the recording was before it and after it, seconds. */
async function said(act: () => Promise<unknown> | undefined): Promise<{ before: number; after: number }> {
  const opened = events.find((event) => event.type === 'partOpened');
  const now = () => (Date.now() - (opened?.startedAt ?? 0)) / 1000;
  const before = now();
  await act();
  return { before, after: now() };
}

/** It names those who agree only, and nobody else as a speaker. */
async function expectSidecar(path: string): Promise<void> {
  const source = await openVault(join(path, '../events.json'), { keys: [] });
  const { events: told } = await readSidecar(source).finally(() => source.close());
  const about = told.flatMap((event) => (event.type === 'joined' ? [event.name] : []));
  expect(about).toEqual(['ann', 'ben']);
  const order = told.filter(({ type }) => ['joined', 'speaker', 'left'].includes(type));
  const [first, ben] = [order[0], told.find((event) => event.type === 'joined' && event.name === 'ben')];
  const benId = ben?.type === 'joined' ? ben.participantId : '';
  expect(first).toMatchObject({ type: 'joined', name: 'ann' });
  const within = told.filter((event) => 'participantId' in event && event.participantId === benId);
  expect(within[0]?.type).toBe('joined');
  expect(within.at(-1)?.type).toBe('left');
}

const isBlue = (picture: PlainPicture): boolean => colourAt(picture, 0.75, 0.4).u > 170;
const isRed = (picture: PlainPicture, x: number): boolean => colourAt(picture, x, 0.3).v > 170;
