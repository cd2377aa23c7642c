import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectStore } from '@parley/recorder/internal/files/testing/ObjectStore.ts';
import { S3Store } from '@parley/recorder/s3';
import { sealBytes, VaultKey } from '@parley/recorder/vault';
import type { RoomInfo } from '@parley/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config/loadConfig.ts';
import { createLogger } from '../observability/logger.ts';
import { defaultSettings } from '../room/defaultSettings.ts';
import { SqliteStore } from '../store/SqliteStore.ts';
import { newLongId } from '../util/ids.ts';
import { Library } from './Library.ts';
import type { HourlySweep } from '../util/HourlySweep.ts';
import { startRecordingRetention } from './recordingRetention.ts';
import { RecordingVault } from './RecordingVault.ts';
import { recordOf } from './testing/recordOf.ts';

const CONTENT = randomBytes(3_000_000);
const KEY = randomBytes(32).toString('base64');
const logger = createLogger('silent');
const ROOM: RoomInfo = {
  ...{ roomId: 'RM_1', name: 'demo', hasPassword: false, createdAt: 0, numParticipants: 0 },
  settings: defaultSettings(loadConfig({ PARLEY_DATA_DIR: '/nonexistent' }).rooms),
  meetingStartedAt: null,
};
const INTEGRATOR = {
  ...({ identity: 'bot', displayName: 'Bot', role: 'host', inviteId: undefined, isGuest: false } as const),
  ...{ isIntegrator: true, roomCreate: true },
};

let server: ObjectStore;
let dataDir: string;
let folder: string;
let store: SqliteStore;
let library: Library;
let retention: HourlySweep;
beforeAll(async () => {
  server = await ObjectStore.start();
});
afterAll(() => server.remove());
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-bucket-'));
  folder = join(dataDir, 'recordings');
  open();
});
afterEach(async () => {
  await close();
  rmSync(dataDir, { recursive: true });
});

const credentials = { region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
const bucket = () => ({ ...credentials, endpoint: server.endpoint, bucket: 'recordings' });
const objects = () => new S3Store({ ...bucket(), retryMs: 20 });

function open({ keepLocal = true, days = 0 } = {}): void {
  store = SqliteStore.open(dataDir);
  const { recordings } = store;
  library = new Library({
    rooms: { find: () => undefined, listRooms: () => ({ items: [], nextCursor: null }) },
    ...{ store: recordings, retention: days, logger, retryMs: [20, 20, 20, 20] },
    folder: new RecordingVault({ folder, key: KEY, bucket: { ...bucket(), prefix: 'parley', keepLocal } }),
    observer: { handleFact: () => undefined },
  });
  retention = startRecordingRetention({ library, store: recordings, days, logger });
}
async function close(): Promise<void> {
  await retention.close();
  await library.close();
  store.close();
}

/** A recording on the disk, and its copy. */
async function keep(change: Parameters<typeof recordOf>[1] = {}): Promise<string> {
  const recordingId = newLongId('RC');
  mkdirSync(join(folder, recordingId), { recursive: true });
  for (const file of ['part-1.mp4', 'thumbnail.jpg']) {
    const path = join(folder, recordingId, file);
    await sealBytes(path, CONTENT, { key: VaultKey.parse(KEY) });
    await put(`parley/${recordingId}/${file}`, readFileSync(path));
  }
  store.recordings.save(recordOf(ROOM, { recordingId, ...change }));
  return recordingId;
}

async function put(key: string, bytes: Buffer): Promise<void> {
  await (await objects().request({ method: 'PUT', key, body: new Uint8Array(bytes) })).text();
}
async function list(recordingId: string): Promise<string[]> {
  const query = { 'list-type': '2', prefix: `parley/${recordingId}` };
  const xml = await (await objects().request({ method: 'GET', key: '', query })).text();
  return [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key ?? '');
}
/** Begins to bring a file there, as a recorder does that is killed in the middle. */
async function beginUpload(recordingId: string): Promise<() => Promise<unknown>> {
  const key = `parley/${recordingId}/part-2.mp4`;
  const begun = await objects().request({ method: 'POST', key, query: { uploads: '' } });
  const [, uploadId = ''] = /<UploadId>([^<]+)/.exec(await begun.text()) ?? [];
  const state = { key, uploadId, size: 1, mtimeMs: 1, partBytes: 1, etags: [] };
  writeFileSync(join(folder, recordingId, 'part-2.mp4.upload'), JSON.stringify(state));
  const part = { method: 'PUT', key, query: { partNumber: '1', uploadId }, body: new Uint8Array(1) } as const;
  return async () => (await objects().request(part)).text();
}
async function read(recordingId: string, [start, end]: [number, number]): Promise<Buffer> {
  const { reader } = await library.open(recordingId, { number: 1 }, { by: INTEGRATOR });
  const pieces: Uint8Array[] = [];
  for await (const piece of reader.read(start, end)) pieces.push(piece);
  await reader.close();
  return Buffer.concat(pieces);
}
const isForgotten = (): boolean => store.recordings.deleted().length === 0;
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 10_000, interval: 50 });

describe('a recording that lies in a bucket, too', () => {
  it('goes from there with what was begun to be brought there, and nothing of others does', async () => {
    const other = await keep();
    const recordingId = await keep();
    const goOn = await beginUpload(recordingId);
    await goOn();
    await library.delete(recordingId, INTEGRATOR);
    await eventually(() => expect(isForgotten()).toBe(true));
    expect(await list(recordingId)).toEqual([]);
    await expect(goOn()).rejects.toMatchObject({ code: 'S3_NOT_FOUND' });
    expect(existsSync(join(folder, recordingId))).toBe(false);
    expect(await list(other)).toHaveLength(2);
  });

  it('goes from there when it is too old', async () => {
    const recordingId = await keep({ endedAt: Date.now() - 40 * 86_400_000 });
    await close();
    open({ days: 30 });
    await retention.sweep();
    await eventually(() => expect(isForgotten()).toBe(true));
    expect(await list(recordingId)).toEqual([]);
  });

  it('is deleted for everybody while the bucket is away, and goes from it after the next start', async () => {
    const recordingId = await keep();
    await beginUpload(recordingId);
    await server.kill();
    await library.delete(recordingId, INTEGRATOR);
    expect(store.recordings.find(recordingId)).toBeUndefined();
    expect(readdirSync(join(folder, recordingId))).toEqual(['part-2.mp4.upload']);
    await close();
    await server.start();
    open();
    expect(isForgotten()).toBe(false);
    expect(await list(recordingId)).toHaveLength(2);
    await retention.sweep();
    await eventually(() => expect(isForgotten()).toBe(true));
    expect(await list(recordingId)).toEqual([]);
    expect(existsSync(join(folder, recordingId))).toBe(false);
  });

  it('is tried again by itself when the bucket comes back', async () => {
    const recordingId = await keep();
    await server.kill();
    await library.delete(recordingId, INTEGRATOR);
    await server.start();
    await eventually(() => expect(isForgotten()).toBe(true));
    expect(await list(recordingId)).toEqual([]);
  });

  it('stays on the disk by default; else it is played from the bucket, in ranges, decrypted', async () => {
    const recordingId = await keep();
    writeFileSync(join(folder, recordingId, 'part-1.events'), 'its log');
    await library.tidy();
    expect(readdirSync(join(folder, recordingId))).toHaveLength(3);
    await close();
    open({ keepLocal: false });
    await library.tidy();
    expect(existsSync(join(folder, recordingId))).toBe(false);
    expect((await read(recordingId, [0, CONTENT.length])).equals(CONTENT)).toBe(true);
    expect(
      (await read(recordingId, [1_500_000, 1_500_100])).equals(CONTENT.subarray(1_500_000, 1_500_100)),
    ).toBe(true);
    await objects().delete(`parley/${recordingId}/part-1.mp4`);
    await expect(read(recordingId, [0, 1])).rejects.toMatchObject({ code: 'RECORDING_NOT_FOUND' });
  });

  it('leaves the disk as soon as it is told that it has been copied', async () => {
    await close();
    open({ keepLocal: false });
    // What is there at the start is tidied then.
    await retention.sweep();
    const recordingId = await keep();
    const recording = library.get(recordingId, { by: INTEGRATOR });
    library.handleFact({ info: ROOM, meetingId: null }, { type: 'egressUpdated', recording });
    await eventually(() => expect(existsSync(join(folder, recordingId))).toBe(false));
  });

  it('does not leave the disk before the copy is whole, or while it may go on', async () => {
    const [lost, running] = [await keep(), await keep({ isResumable: true, state: 'recovered' })];
    await put(`parley/${lost}/part-1.mp4`, Buffer.from('cut'));
    await close();
    open({ keepLocal: false });
    await library.tidy();
    expect(readdirSync(join(folder, lost))).toEqual(['part-1.mp4']);
    expect(readdirSync(join(folder, running))).toHaveLength(2);
    expect((await read(lost, [0, 10])).equals(CONTENT.subarray(0, 10))).toBe(true);
  });

  it('does not leave the disk in part, while the rest is still to be brought there', async () => {
    const recordingId = await keep({ notCopied: 'The object store refused the request.' });
    await close();
    open({ keepLocal: false });
    await library.tidy();
    expect(readdirSync(join(folder, recordingId))).toHaveLength(2);
    expect(library.get(recordingId, { by: INTEGRATOR }).message).toBe(
      'Not copied to the bucket yet: The object store refused the request.',
    );
  });

  it('says so when the bucket is away', async () => {
    const recordingId = await keep();
    rmSync(join(folder, recordingId), { recursive: true });
    await server.kill();
    await expect(read(recordingId, [0, 1])).rejects.toMatchObject({
      code: 'RECORDING_FAILED',
      message: expect.stringContaining('does not answer'),
    });
    await server.start();
  });
});
