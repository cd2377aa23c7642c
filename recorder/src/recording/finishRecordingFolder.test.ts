import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import {
  createServer as createNetServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecorderEvent, Storage } from '@parley/protocol/recorder';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSidecar, S3Store, SidecarLog } from '../files/index.ts';
import { encodeMp4 } from '../files/testing/media.ts';
import { ObjectStore } from '../files/testing/ObjectStore.ts';
import { findFfmpeg } from '../findFfmpeg.ts';
import {
  damagedName,
  growingName,
  partFileName,
  SIDECAR_FILE,
  sidecarLogPath,
  THUMBNAIL_FILE,
} from '../sinks/partNames.ts';
import { HEADER_BYTES, RECORD_OVERHEAD } from '../vault/format.ts';
import { GrowingFile, openVault, VaultKey } from '../vault/index.ts';
import { finishRecordingFolder } from './finishRecordingFolder.ts';

const SECONDS = 1;
const BEGUN = Date.UTC(2026, 10, 1, 10);
const MINUTE = 60_000;

let media: Buffer;
let folder: string;
beforeAll(async () => {
  media = await encodeMp4(SECONDS);
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finish-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A part as a recorder leaves it that was killed. */
async function leave(part: number): Promise<void> {
  const name = partFileName({ part, name: 'composite', extension: 'mp4' });
  const file = await GrowingFile.create(join(folder, growingName(name)), { key: null });
  file.append(media);
  await file.close();
  const startedAt = new Date(BEGUN + part * MINUTE);
  const log = await SidecarLog.create(sidecarLogPath(folder, part), { key: null, startedAt });
  await log.add({ type: 'marker', title: `in ${part}`, atMs: 100 * part });
  await log.close();
}

async function finish(
  bucket: Storage['bucket'] = null,
  { events = [], key = null }: { events?: RecorderEvent[]; key?: VaultKey | null } = {},
) {
  const text = key && key.toBytes().toString('base64');
  const storage: Storage = { folder, key: text, bucket, reserveBytes: 0 };
  const send = (event: RecorderEvent): void => void events.push(event);
  await finishRecordingFolder({
    ...{ recordingId: 'one', folder, storage, title: '', ffmpeg: findFfmpeg(), send },
  });
  const finished = events.at(-1);
  if (finished?.type !== 'recordingFinished') throw new Error(JSON.stringify(finished));
  const source = await openVault(join(folder, SIDECAR_FILE), { keys: key ? [key] : [] });
  const sidecar = await readSidecar(source).finally(() => source.close());
  return { ...finished, kept: sidecar };
}

it('keeps what was finished before, however often it is finished', async () => {
  await leave(1);
  const first = await finish();
  await leave(2);
  await leave(3);
  await finish();
  await finish();
  await leave(4);
  const { parts, kept } = await finish();
  expect(parts.map(({ part, startedAt }) => [part, startedAt])).toEqual(
    [1, 2, 3, 4].map((part) => [part, BEGUN + part * MINUTE]),
  );
  const length = first.parts[0]?.durationMs ?? 0;
  expect(kept).toEqual({
    version: 1,
    startedAt: new Date(BEGUN + MINUTE).toISOString(),
    events: [1, 2, 3, 4].map((part) => ({
      ...{ type: 'marker', title: `in ${part}`, atMs: (part - 1) * length + 100 * part },
    })),
  });
  expect(length).toBeGreaterThanOrEqual(SECONDS * 1000);
});

it('has its picture and its list all the time while it is finished again', async () => {
  await leave(1);
  await finish();
  const gone = new Set<string>();
  let isOver = false;
  const again = finish().finally(() => (isOver = true));
  while (!isOver)
    for (const file of [THUMBNAIL_FILE, SIDECAR_FILE])
      await stat(join(folder, file)).catch(() => void gone.add(file));
  await again;
  expect([...gone]).toEqual([]);
});

it('says of a part when it was written, where nobody says when it began', async () => {
  await leave(1);
  await finish();
  for (const name of readdirSync(folder)) if (name.endsWith('.events')) rmSync(join(folder, name));
  const before = Date.now();
  await leave(2);
  const { parts } = await finish();
  const [first] = parts;
  expect(first?.startedAt).toBeLessThanOrEqual(before - SECONDS * 1000);
});

describe('a part that is not whole', () => {
  const RECORDS = 10;
  const key = VaultKey.generate();
  const file = partFileName({ part: 1, name: 'composite', extension: 'mp4' });
  let long: Buffer;
  beforeAll(async () => {
    long = await encodeMp4(5);
  });
  /** Where a record begins in the file. */
  const recordAt = (index: number): number =>
    HEADER_BYTES + index * (Math.ceil(long.length / RECORDS) + RECORD_OVERHEAD);

  /** @returns the bytes of the file as they are then, of a recorder that was killed */
  async function leaveChanged(change: (bytes: Buffer) => Buffer): Promise<Buffer> {
    const path = join(folder, growingName(file));
    const growing = await GrowingFile.create(path, { key });
    const size = Math.ceil(long.length / RECORDS);
    for (let at = 0; at < long.length; at += size) {
      growing.append(long.subarray(at, at + size));
      await growing.flush();
    }
    const bytes = change(readFileSync(path));
    await growing.close();
    writeFileSync(path, bytes);
    const log = await SidecarLog.create(sidecarLogPath(folder, 1), { key, startedAt: new Date(BEGUN) });
    await log.close();
    return bytes;
  }

  const flip =
    (at: number, bits = 1) =>
    (bytes: Buffer) => {
      bytes.writeUInt8(bytes.readUInt8(at) ^ bits, at);
      return bytes;
    };
  const grown = (): string[] => readdirSync(folder).filter((name) => name.startsWith(growingName(file)));

  it.each([
    ['a byte', () => flip(recordAt(2) + RECORD_OVERHEAD)],
    ['how long a record is, by a little', () => flip(recordAt(2) + 3)],
    ['how long a record is, by more than it can be', () => flip(recordAt(2))],
    ['how long a record is, beyond the end of the file', () => flip(recordAt(2) + 1, 0x0f)],
  ])('keeps what lies behind damage beside it, and says so: %s', async (_, change) => {
    const bytes = await leaveChanged(change());
    // Once more after the next crash: it is neither lost nor taken for a part then.
    for (let times = 0; times < 2; times += 1) {
      const { parts } = await finish(null, { key });
      expect(parts).toMatchObject([{ part: 1, file, isDamaged: true }]);
      expect(parts[0]?.durationMs).toBeGreaterThan(400);
      expect(parts[0]?.durationMs).toBeLessThan(2000);
      expect(grown()).toEqual([damagedName(file)]);
      expect(readFileSync(join(folder, damagedName(file))).equals(bytes)).toBe(true);
    }
  });

  it.each([
    ['its last record was cut off', (bytes: Buffer) => bytes.subarray(0, -7)],
    ['its last record is not what was written', (bytes: Buffer) => flip(bytes.length - 1)(bytes)],
    [
      'zeros follow, as the loss of power leaves them',
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(90_000)]),
    ],
  ])('is nothing to speak of where %s', async (_, change) => {
    await leaveChanged(change);
    const { parts } = await finish(null, { key });
    expect(parts).toMatchObject([{ part: 1, file }]);
    expect(parts[0]).not.toHaveProperty('isDamaged');
    expect(parts[0]?.durationMs).toBeGreaterThan(3000);
    expect(grown()).toEqual([]);
  });
});

function bucketOf(store: NetServer): Storage['bucket'] {
  const { port } = store.address() as AddressInfo;
  const credentials = { region: 'here', accessKeyId: 'expired', secretAccessKey: 'expired' };
  const place = { endpoint: `http://127.0.0.1:${port}`, bucket: 'recordings', prefix: '' };
  return { ...place, ...credentials, keepLocal: true };
}

describe('where the bucket takes a request and says nothing', () => {
  const sockets: Socket[] = [];
  let store: NetServer;
  beforeEach(async () => {
    store = createNetServer((socket) => sockets.push(socket.resume())).listen(0, '127.0.0.1');
    await once(store, 'listening');
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    for (const socket of sockets.splice(0)) socket.destroy();
    store.close();
  });

  it('gives signs that it waits, until there is an answer', async () => {
    await leave(1);
    const events: RecorderEvent[] = [];
    const finished = finish(bucketOf(store), { events });
    await once(store, 'connection');
    // It has worked until now, which is told; from here on it only waits.
    vi.advanceTimersByTime(10_000);
    events.length = 0;
    vi.advanceTimersByTime(30_000);
    expect(events).toContainEqual({ type: 'finishing', recordingId: 'one', progress: 0.5 });
    for (const socket of sockets) socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    expect((await finished).notCopied).toMatch(/refused the request/);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('where the bucket refuses the files', () => {
  let store: Server;
  beforeEach(async () => {
    store = createServer((_request, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    await once(store, 'listening');
  });
  afterEach(() => store.close());

  it('is well all the same, with all that is made of it, and says so', async () => {
    await leave(1);
    expect(await finish(bucketOf(store))).toMatchObject({
      parts: [{ part: 1 }],
      ...{ thumbnail: THUMBNAIL_FILE, sidecar: SIDECAR_FILE },
      notCopied: expect.stringMatching(/refused the request/),
    });
  });
});

describe('where the bucket takes the files', () => {
  let store: ObjectStore;
  beforeAll(async () => {
    store = await ObjectStore.start();
  });
  afterAll(() => store.remove());

  it('brings all of them there, also a second time', async () => {
    await leave(1);
    const credentials = { region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
    const bucket = { ...credentials, endpoint: store.endpoint, bucket: 'recordings' };
    const objects = new S3Store(bucket);
    await finish();
    for (let time = 0; time < 2; time++) {
      const { parts, notCopied } = await finish({ ...bucket, prefix: 'parley', keepLocal: true });
      expect(notCopied).toBeUndefined();
      for (const file of [parts[0]?.file ?? '', THUMBNAIL_FILE, SIDECAR_FILE])
        expect((await objects.head(`parley/one/${file}`))?.size).toBe(statSync(join(folder, file)).size);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.upload'))).toEqual([]);
  });
});
