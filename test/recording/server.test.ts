/** Recording as a server does it, with the real recorder and the real ffmpeg: started, kept, played, stopped in order. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitFor } from '../support/waitFor.ts';
import { secondsOf } from './mediaProbe.ts';
import { egressOf, RecordingServer } from './RecordingServer.ts';

let server: RecordingServer;
beforeEach(async () => {
  server = await RecordingServer.start();
});
afterEach(() => server.close());

it('records, is encrypted on disk, and is played from the library', async () => {
  const ann = await server.enter();
  const recordingId = await server.startRecording(ann);
  await waitFor('all to see it', () => egressOf(ann)?.recordings[0]?.state, {
    done: (state) => state === 'recording',
  });
  await server.grows(recordingId);
  await server.grows(recordingId);
  expect((await ann.request('recording.stop')).error).toBeUndefined();
  const { files, state, isEncrypted } = await server.untilState(recordingId, 'ready', 'failed');
  expect([state, isEncrypted, files.length]).toEqual(['ready', true, 1]);
  for (const path of server.files(recordingId)) expect(readFileSync(path).includes('ftyp')).toBe(false);
  expect(await secondsOf(await server.download(recordingId, 1))).toBeGreaterThan(1);
  const part = await server.ask(`/recordings/${recordingId}/parts/1/content`, { range: 'bytes=4-7' });
  expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
  ann.close();
});

it('is finished in order when the server is stopped, and goes on when it is back', async () => {
  const ann = await server.enter();
  const recordingId = await server.startRecording(ann);
  await server.grows(recordingId);
  expect(await server.stop()).toMatchObject({ code: 0, orphans: [] });
  await server.restart();
  const again = await server.enter();
  await server.untilState(recordingId, 'recording');
  await again.request('recording.stop');
  const { files } = await server.untilState(recordingId, 'recovered', 'failed');
  expect(files.length).toBeGreaterThanOrEqual(1);
  expect(await secondsOf(await server.download(recordingId, 1))).toBeGreaterThan(0.5);
  again.close();
});
