import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecorderEvent } from '@parley/protocol/recorder';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createLogger } from '../observability/logger.ts';
import { recordOf } from '../recordings/testing/recordOf.ts';
import { defaultSettings } from '../room/defaultSettings.ts';
import { Program, type ProgramOutput } from './Program.ts';
import { RecordingJob } from './RecordingJob.ts';
import { programSettings, storageOf } from './settings.ts';
import { eventually, HONEST_RECORDER } from './testing/EgressHarness.ts';

let dataDir: string;
let program: Program;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-job-'));
  const { recorder, storage } = setUp();
  const layout = { kind: 'grid', focus: null } as const;
  const room = { url: 'ws://127.0.0.1:1/ws', certificate: null, token: '', title: 'Demo' };
  const what = { programId: 'PR_1', kind: 'composite', format: 'mp4', layout, room } as const;
  const logger = createLogger('silent');
  program = new Program({
    recorder: { entry: HONEST_RECORDER, env: {}, logger },
    job: { ...what, settings: recorder, storage },
    ...{ token: () => '', logger, ended: () => undefined },
  });
});
afterEach(async () => {
  await program.stop(3000);
  rmSync(dataDir, { recursive: true });
});

function setUp() {
  const config = loadConfig({ PARLEY_DATA_DIR: dataDir, PARLEY_RECORDER_ENCRYPTION: 'false' });
  const room = {
    ...{ roomId: 'RM_1', name: 'demo', hasPassword: false, createdAt: 0, numParticipants: 0 },
    ...{ settings: defaultSettings(config.rooms), meetingStartedAt: null },
  };
  return { recorder: programSettings(config.recorder), storage: storageOf(config), room };
}

/** Its files are finished by somebody who notes for which recording they are asked. */
function aJob(asked: string[]): RecordingJob {
  const done = recordOf(setUp().room);
  const { parts, thumbnail, sidecar } = done;
  return new RecordingJob({
    record: { ...done, state: 'starting', endedAt: null, lastPart: 0, parts: [], thumbnail: null },
    ...{ program, finishPatience: 60_000, hasBucket: false, save: () => undefined },
    finisher: {
      finish: (recordingId) => {
        asked.push(recordingId);
        return Promise.resolve({ parts, thumbnail, sidecar });
      },
    },
    listener: { changed: () => undefined, progressed: () => undefined, partOpened: () => undefined },
  });
}

/** Something else that is made of the same program. */
function another(listener: Partial<ProgramOutput>): ProgramOutput {
  const nothing = (): void => undefined;
  return {
    ...{ commands: () => [], handleEvent: nothing, handleLayout: nothing },
    ...{ handleCrash: nothing, handleFailure: nothing },
    ...listener,
  };
}

it('is finished at once where it is stopped between two recorders, and the second goes on', async () => {
  const asked: string[] = [];
  const job = aJob(asked);
  program.add(job);
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const heard: RecorderEvent['type'][] = [];
  const stop = (): void => {
    job.stop();
    resolve();
  };
  // The recorder is dead then, and all have been told.
  const handleCrash = (): void => queueMicrotask(stop);
  program.add(another({ handleCrash, handleEvent: ({ type }) => heard.push(type) }));
  await eventually(() => expect(job.info.recordedMs).toBeGreaterThan(0));
  process.kill(program.pid, 'SIGKILL');
  heard.length = 0;
  await stopped;
  expect(asked).toEqual([job.recordingId]);
  await job.ended;
  expect(job.record).toMatchObject({ state: 'ready', parts: [{ part: 1 }] });
  await eventually(() => expect(heard).toContain('running'));
  expect(program.isOver).toBe(false);
});
