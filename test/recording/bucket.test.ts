/** Recordings that are copied to a bucket, by the real server and the real recorder: when it is well, and when it says nothing. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { basename } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObjectStore } from '@parley/recorder/internal/files/testing/ObjectStore.ts';
import { waitFor } from '../support/waitFor.ts';
import { secondsOf } from './mediaProbe.ts';
import { RecordingServer } from './RecordingServer.ts';

const envOf = (endpoint: string): Record<string, string> => ({
  PARLEY_RECORDER_BUCKET_ENDPOINT: endpoint,
  PARLEY_RECORDER_BUCKET_BUCKET: 'recordings',
  PARLEY_RECORDER_BUCKET_ACCESS_KEY_ID: 'S3RVER',
  PARLEY_RECORDER_BUCKET_SECRET_ACCESS_KEY: 'S3RVER',
  PARLEY_RECORDER_BUCKET_KEEP_LOCAL: 'false',
});

let server: RecordingServer;
afterEach(() => server.close());

/** Records for a moment. */
async function record(): Promise<string> {
  const ann = await server.enter();
  const recordingId = await server.startRecording(ann);
  await server.grows(recordingId);
  await server.grows(recordingId);
  expect((await ann.request('recording.stop')).error).toBeUndefined();
  expect((await server.untilState(recordingId, 'ready', 'failed')).state).toBe('ready');
  ann.close();
  return recordingId;
}

describe('a bucket that takes recordings', () => {
  let store: ObjectStore;
  beforeEach(async () => {
    store = await ObjectStore.start();
    server = await RecordingServer.start(envOf(store.endpoint));
  });
  afterEach(() => store.remove());

  it('has one when it has ended, whereupon it leaves the disk, and is played from there', async () => {
    const recordingId = await record();
    await waitFor('the disk to be free', () => server.files(recordingId), {
      timeout: 60_000,
      done: (files) => files.length === 0,
    });
    expect((await server.recording(recordingId)).message).toBe('');
    expect(await secondsOf(await server.download(recordingId, 1))).toBeGreaterThan(0);
  });
});

describe('a bucket that takes requests and says nothing', () => {
  const sockets: Socket[] = [];
  let store: Server;
  beforeEach(async () => {
    store = createServer((socket) => sockets.push(socket.resume())).listen(0, '127.0.0.1');
    await once(store, 'listening');
    const { port } = store.address() as AddressInfo;
    server = await RecordingServer.start(envOf(`http://127.0.0.1:${port}`));
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    store.close();
  });

  it('keeps no recording from being played, none from going on after a kill, and no server from stopping', async () => {
    const copied = await record();
    await waitFor('the copy to begin', () => sockets.length, { timeout: 60_000, done: (count) => count > 0 });
    expect(await secondsOf(await server.download(copied, 1))).toBeGreaterThan(0);
    const recordingId = await server.startRecording(await server.enter());
    await server.grows(recordingId);
    await server.killAll();
    await server.restart();
    const ann = await server.enter();
    await waitFor('its second part', () => server.files(recordingId).map((path) => basename(path)), {
      timeout: 60_000,
      done: (names) => names.some((name) => name.startsWith('part-2-')),
    });
    await server.grows(recordingId);
    expect((await ann.request('recording.stop')).error).toBeUndefined();
    const { files } = await server.untilState(recordingId, 'recovered', 'failed');
    expect(files.map(({ part }) => part)).toEqual([1, 2]);
    expect(await server.stop()).toMatchObject({ code: 0, orphans: [] });
  });
});
