/**
 * What is left of a recording when what makes it is killed, at any moment, on the real server. A few rounds each day;
 * `npm run bench -- kills` does twenty.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingFile } from '@parley/protocol';
import { allowed, amount, report } from '../support/figures.ts';
import { randomOf } from '../support/randomOf.ts';
import { waitFor } from '../support/waitFor.ts';
import { secondsOf } from './mediaProbe.ts';
import { RecordingServer } from './RecordingServer.ts';

const SEED = Date.now() % 1e6;
const random = randomOf(SEED);
/** How often server and all are killed. */
const ROUNDS = amount('BENCH_KILLS', 2);
/** An ffmpeg that dies for the fifth time within ten minutes ends the recording. */
const CRASHES = 5;
const NEW_PART_MS = 3000;
const LOST_MS = 2000;
/** Parts that are killed are between half a second and so much longer, ms. */
const SPREAD_MS = 2500;

let server: RecordingServer;
beforeEach(async () => {
  server = await RecordingServer.start();
});
afterEach(() => server.close());

const partsOn = (recordingId: string): number =>
  new Set(server.files(recordingId).flatMap((path) => /part-(\d+)-composite/.exec(path)?.[1] ?? [])).size;

/** Waits until a part is on disk, and so long after, as chance has it. Gives when it was there. */
async function recordsPart(recordingId: string, part: number): Promise<number> {
  await waitFor(`part ${part}`, () => ({ parts: partsOn(recordingId), said: server.lastWords }), {
    ...{ timeout: 120_000, interval: 10 },
    done: ({ parts }) => parts >= part,
  });
  const at = Date.now();
  const until = at + 500 + random() * SPREAD_MS;
  await waitFor('the moment of the kill', () => Date.now(), { interval: 5, done: (now) => now >= until });
  return at;
}

/** Files decode, and are as long as they are said to be. */
async function checkFiles(
  recordingId: string,
  files: readonly Pick<RecordingFile, 'number' | 'durationMs'>[],
): Promise<void> {
  for (const { number, durationMs } of files) {
    const seconds = await secondsOf(await server.download(recordingId, number));
    expect(Math.abs(seconds * 1000 - durationMs)).toBeLessThan(100);
  }
}

describe('a recording', { tags: 'kills', timeout: 60_000 + ROUNDS * 60_000 }, () => {
  it('goes on as a new part when its ffmpeg is killed, and has failed at the fifth time, with all parts', async () => {
    const [waited, lost]: [number[], number[]] = [[], []];
    for (let kills = 0; kills < ROUNDS; kills += CRASHES) {
      const ann = await server.enter();
      const recordingId = await server.startRecording(ann);
      const killedAt: number[] = [];
      for (let part = 1; part <= CRASHES; part += 1) {
        const openedAt = await recordsPart(recordingId, part);
        const former = killedAt.at(-1);
        if (former !== undefined) waited.push(openedAt - former);
        const pid = server.encoderPid;
        if (pid === undefined) throw new Error('No encoder runs.');
        process.kill(pid, 'SIGKILL');
        killedAt.push(Date.now());
      }
      const failed = await server.untilState(recordingId, 'failed', 'ready');
      expect(ann.closeCode).toBeUndefined();
      expect([failed.state, failed.files.map(({ part }) => part)]).toEqual(['failed', [1, 2, 3, 4, 5]]);
      failed.files.forEach(({ startedAt, durationMs }, i) =>
        lost.push((killedAt[i] ?? 0) - startedAt - durationMs),
      );
      await checkFiles(recordingId, failed.files);
      ann.close();
    }
    report('new part after ffmpeg was killed', waited, NEW_PART_MS);
    report('lost before ffmpeg was killed', lost, LOST_MS);
    expect(Math.max(...waited)).toBeLessThan(allowed(NEW_PART_MS));
    expect(Math.max(...lost)).toBeLessThan(allowed(LOST_MS));
  });

  it('loses little when server, recorder and ffmpeg are killed at once, and goes on when people are back', async () => {
    const [lost, recovered]: [number[], number[]] = [[], []];
    let ann = await server.enter();
    const recordingId = await server.startRecording(ann);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await recordsPart(recordingId, round);
      const killedAt = await server.killAll();
      ann.close();
      const restartedAt = Date.now();
      await server.restart();
      const { state, files } = await server.untilState(recordingId, 'recovered', 'failed');
      recovered.push(Date.now() - restartedAt);
      expect([state, files.length]).toEqual(['recovered', round]);
      lost.push(killedAt - (files.at(-1)?.startedAt ?? 0) - (files.at(-1)?.durationMs ?? 0));
      await checkFiles(recordingId, files.slice(-1));
      console.log(`kill ${round} of ${ROUNDS} (seed ${SEED}): ${Math.round(lost.at(-1) ?? 0)} ms lost`);
      ann = await server.enter();
    }
    await recordsPart(recordingId, ROUNDS + 1);
    await ann.request('recording.stop');
    const { state, files } = await server.untilState(recordingId, 'recovered', 'failed', 'ready');
    expect([state, files.length]).toEqual(['recovered', ROUNDS + 1]);
    await checkFiles(recordingId, files);
    ann.close();
    report('lost before all was killed', lost, LOST_MS);
    report('recovered after the start of the server', recovered);
    expect(Math.max(...lost)).toBeLessThan(allowed(LOST_MS));
  });
});
