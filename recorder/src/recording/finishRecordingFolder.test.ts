import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecorderEvent, Storage } from '@parley/protocol/recorder';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeMp4 } from '../files/testing/media.ts';
import { readSidecar, SidecarLog } from '../files/index.ts';
import { findFfmpeg } from '../findFfmpeg.ts';
import {
  growingName,
  partFileName,
  SIDECAR_FILE,
  sidecarLogPath,
  THUMBNAIL_FILE,
} from '../sinks/partNames.ts';
import { GrowingFile, openVault } from '../vault/index.ts';
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

async function finish(bucket: Storage['bucket'] = null) {
  const events: RecorderEvent[] = [];
  const storage: Storage = { folder, key: null, bucket, reserveBytes: 0 };
  const send = (event: RecorderEvent): void => void events.push(event);
  await finishRecordingFolder({
    ...{ recordingId: 'one', folder, storage, title: '', ffmpeg: findFfmpeg(), send },
  });
  const finished = events.at(-1);
  if (finished?.type !== 'recordingFinished') throw new Error(JSON.stringify(finished));
  const source = await openVault(join(folder, SIDECAR_FILE), { keys: [] });
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

describe('where the bucket refuses the files', () => {
  let store: Server;
  beforeEach(async () => {
    store = createServer((_request, response) => response.writeHead(403).end()).listen(0, '127.0.0.1');
    await once(store, 'listening');
  });
  afterEach(() => store.close());
  const bucket = () => {
    const { port } = store.address() as AddressInfo;
    const credentials = { region: 'here', accessKeyId: 'expired', secretAccessKey: 'expired' };
    const place = { endpoint: `http://127.0.0.1:${port}`, bucket: 'recordings', prefix: '' };
    return { ...place, ...credentials, keepLocal: true };
  };

  it('is well all the same, with all that is made of it, and says so', async () => {
    await leave(1);
    expect(await finish(bucket())).toMatchObject({
      parts: [{ part: 1 }],
      ...{ thumbnail: THUMBNAIL_FILE, sidecar: SIDECAR_FILE },
      notCopied: expect.stringMatching(/refused the request/),
    });
  });
});
