/** Twenty recordings of tracks at once: real recorders, which take the same camera and microphone from a real server. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecorderCommand, RecorderEvent } from '@parley/protocol/recorder';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { cpuSeconds } from '../support/cpuSeconds.ts';
import { figure } from '../support/figures.ts';
import { ParleyServer } from '../support/ParleyServer.ts';
import { joinToken } from '../support/tokens.ts';
import { waitFor } from '../support/waitFor.ts';
import { jobOf } from './Studio.ts';

const COUNT = 20;
const SECONDS = 20;
const ENTRY = join(import.meta.dirname, '../../recorder/src/index.ts');

let server: ParleyServer;
let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'parley-tracks-'));
const recorders: ChildProcess[] = [];
beforeAll(async () => {
  const env = { PARLEY_MEDIA_WORKERS: '1' };
  [server, browser] = await Promise.all([ParleyServer.start({ env }), launchChromium()]);
});
afterAll(async () => {
  for (const recorder of recorders) recorder.kill('SIGKILL');
  await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Gives what it has recorded, ms and bytes, whenever it is asked. */
function startRecorder(index: number): () => { ms: number; bytes: number } {
  const recorder = fork(ENTRY, [], {
    ...{ execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  });
  recorders.push(recorder);
  let seen = { ms: 0, bytes: 0 };
  recorder.on('message', (event: RecorderEvent) => {
    if (event.type === 'partProgress') seen = { ms: event.durationMs, bytes: event.bytes };
  });
  const job = jobOf(
    { kind: 'tracks', key: Buffer.alloc(32, 7).toString('base64') },
    join(folder, `${index}`),
  );
  const token = joinToken('recorded', `recorder-${index}`, { video: { recorder: true } });
  const room = { ...job.room, url: `${server.url.replace('http', 'ws')}/ws`, token };
  const tell = (command: RecorderCommand): boolean => recorder.send(command);
  tell({ type: 'start', job: { ...job, room } });
  tell({ type: 'openRecording', recordingId: 'one', part: 1 });
  return () => seen;
}

it('need at most one core', { tags: 'recording' }, async () => {
  const ann = await Client.join(browser, server, { room: 'recorded', identity: 'ann' });
  await ann.call('publish');
  const all: (() => { ms: number; bytes: number })[] = [];
  // One after the other: what they cost while they start is not what is looked at.
  for (let index = 0; index < COUNT; index += 1) {
    const recorded = startRecorder(index);
    all.push(recorded);
    await waitFor(`recorder ${index + 1} of ${COUNT}`, recorded, {
      timeout: 60_000,
      done: ({ ms }) => ms > 0,
    });
  }
  console.log(`${COUNT} recorders run`);
  const pids = recorders.flatMap(({ pid }) => pid ?? []);
  const [usedBefore, startedAt] = [cpuSeconds(pids), performance.now()];
  const before = all.map((recorded) => recorded());
  await waitFor('some seconds of all of them', () => performance.now(), {
    ...{ timeout: 60_000, interval: 500 },
    done: (now) => now > startedAt + SECONDS * 1000,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const cores = (cpuSeconds(pids) - usedBefore) / seconds;
  const sum = (of: 'ms' | 'bytes'): number =>
    all.reduce((total, recorded, i) => total + recorded()[of] - (before[i]?.[of] ?? 0), 0);
  figure(`${COUNT} recordings of tracks at once, encrypted`, { value: cores, unit: 'cores', limit: 1 });
  figure('each of them', { value: (sum('bytes') * 8) / seconds / COUNT / 1e6, unit: 'Mbit/s' });
  figure('seconds recorded of each', { value: sum('ms') / COUNT / 1000 / seconds, unit: 's in a second' });
  expect(sum('ms') / COUNT).toBeGreaterThan(SECONDS * 900);
  expect(cores).toBeLessThan(1);
});
