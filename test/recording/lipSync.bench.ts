/**
 * Sound and picture of a real browser over half an hour, through the real server, recorder and encoder, in real time: what
 * drifts are the clocks of devices and encoders, which cannot be made to run faster.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { Client } from '../support/Client.ts';
import { amount, figure, report } from '../support/figures.ts';
import { waitFor } from '../support/waitFor.ts';
import { readFlashesAndBeeps, type FlashAndBeep } from './flashAndBeep.ts';
import { RecordingServer } from './RecordingServer.ts';

const MINUTES = amount('BENCH_MINUTES', 2);
const LIMIT_MS = 80;
/** At the beginning and at the end so many are looked at for the drift. */
const SAMPLE = 60;

let server: RecordingServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([RecordingServer.start(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

const mean = (figures: readonly number[]): number =>
  figures.reduce((sum, one) => sum + one, 0) / figures.length;
const offsetsOf = (moments: readonly FlashAndBeep[]): number[] => moments.map(({ offset }) => offset);

it('fit for as long as a recording lasts, and so does its length', { tags: 'lip-sync' }, async () => {
  const ann = await server.enter();
  const bob = await Client.join(browser, server, { room: 'demo', identity: 'bob' });
  await bob.call('publishFlashAndBeep');
  const focus = await bob.call('participantId');
  const recordingId = await server.startRecording(ann, { layout: { kind: 'single', focus } });
  ann.close();
  await server.grows(recordingId);
  const endsAt = Date.now() + MINUTES * 60_000;
  for (let minute = 1; Date.now() < endsAt; minute += 1) {
    const until = Math.min(endsAt, Date.now() + 60_000);
    await waitFor('a minute to pass', () => Date.now(), {
      ...{ timeout: 120_000, interval: 1000 },
      done: (now) => now >= until,
    });
    console.log(`${minute} of ${MINUTES} minutes recorded`);
  }
  const again = await server.enter();
  const stoppedAt = Date.now();
  expect((await again.request('recording.stop')).error).toBeUndefined();
  const { files } = await server.untilState(recordingId, 'ready', 'failed');
  expect(files).toHaveLength(1);
  const [file] = files;
  const lasted = stoppedAt - (file?.startedAt ?? 0);
  const error = (100 * Math.abs((file?.durationMs ?? 0) - lasted)) / lasted;
  const moments = await readFlashesAndBeeps(await server.download(recordingId, 1));
  const offsets = offsetsOf(moments);
  const drift = mean(offsets.slice(-SAMPLE)) - mean(offsets.slice(0, SAMPLE));
  const span = (moments.at(-1)?.flash ?? 0) - (moments[0]?.flash ?? 0);

  const of = `over ${MINUTES} minutes`;
  figure(`sound after picture ${of}, mean of ${offsets.length}`, {
    value: mean(offsets),
    unit: 'ms',
    limit: LIMIT_MS,
  });
  report(`sound and picture apart ${of}`, offsets.map(Math.abs), LIMIT_MS);
  figure(`drift of sound against picture ${of}`, { value: drift, unit: 'ms', limit: LIMIT_MS });
  figure(`error of the length ${of}`, { value: error, unit: '%', limit: 1 });
  const wrong = (100 * Math.abs(span - Math.round(span))) / span;
  figure(`error of the time between the first flash and the last ${of}`, {
    value: wrong,
    unit: '%',
    limit: 1,
  });
  expect(offsets.length).toBeGreaterThan(MINUTES * 60 * 0.9);
  expect(Math.abs(mean(offsets))).toBeLessThan(LIMIT_MS);
  expect(Math.abs(drift)).toBeLessThan(LIMIT_MS);
  expect(error).toBeLessThan(1);
});
