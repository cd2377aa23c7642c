import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openVault, sealBytes } from '../../vault/index.ts';
import { ObjectStore } from '../testing/ObjectStore.ts';
import { verify } from '../testing/signature.ts';
import { VaultFolder } from '../testing/vaultFolder.ts';
import { S3Source } from './S3Source.ts';
import { S3Store, type S3Options } from './S3Store.ts';
import { S3Upload, type UploadOptions } from './S3Upload.ts';

/** The least that stores take. */
const PART = 5 * 1024 * 1024;
const folder = new VaultFolder();
let server: ObjectStore;
let path: string;
const content = randomBytes(22_000_000);
beforeAll(async () => {
  server = await ObjectStore.start();
  path = folder.newPath();
  await sealBytes(path, content, { key: folder.key });
});
afterAll(async () => {
  await server.remove();
  folder.remove();
});

function connect(options: Partial<S3Options> = {}): S3Store {
  const who = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  return new S3Store({
    ...{ endpoint: server.endpoint, region: 'us-east-1', bucket: 'recordings', retryMs: 50, ...who },
    ...options,
  });
}

const uploadOptions = (options: Partial<UploadOptions> = {}): UploadOptions => ({
  ...{ store: connect(), key: `2026/${folder.newPath().split('/').at(-1) ?? ''}`, path },
  ...{ statePath: folder.newPath('.upload'), partBytes: PART },
  ...options,
});

async function readBack(store: S3Store, key: string): Promise<Buffer> {
  const reader = await openVault(new S3Source(store, key), { keys: [folder.key] });
  const got = await reader.bytes(1_234_567, 7_777_777);
  await reader.close();
  return got;
}

describe('S3Upload', () => {
  it('brings a file there as it lies, encrypted; a reader seeks in it', async () => {
    const progress: number[] = [];
    const options = uploadOptions({ onProgress: (done) => progress.push(done) });
    const object = await new S3Upload(options).run();
    expect(object.size).toBe(readFileSync(path).length);
    expect(progress).toHaveLength(Math.ceil(object.size / PART));
    expect(existsSync(options.statePath)).toBe(false);
    expect((await readBack(options.store, options.key)).equals(content.subarray(1_234_567, 7_777_777))).toBe(
      true,
    );
    const stored = await options.store.read(options.key, 0, object.size);
    expect(stored.equals(readFileSync(path))).toBe(true);
    await options.store.delete(options.key);
    await options.store.delete(options.key);
    expect(await options.store.head(options.key)).toBeUndefined();
    await expect(readBack(options.store, options.key)).rejects.toMatchObject({ code: 'S3_NOT_FOUND' });
  });

  it('outlives a store that is killed and comes back', async () => {
    let restarted: Promise<void> | undefined;
    const onProgress = (done: number) => {
      if (done > 0.3) restarted ??= server.kill().then(() => server.start());
    };
    const options = uploadOptions({ onProgress });
    await new S3Upload(options).run();
    await restarted;
    expect((await readBack(options.store, options.key)).equals(content.subarray(1_234_567, 7_777_777))).toBe(
      true,
    );
  });

  it('goes on where it was when its process was killed', async () => {
    const options = uploadOptions();
    const fixture = join(import.meta.dirname, '../testing/uploader.fixture.ts');
    const args = [fixture, server.endpoint, path, options.statePath, options.key];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    let told = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      told = Number(line);
      if (told > 0.3) child.kill('SIGKILL');
    }
    await exited;
    expect(told).toBeLessThan(1);
    const progress: number[] = [];
    await new S3Upload({ ...options, onProgress: (done) => progress.push(done) }).run();
    expect(progress[0]).toBeGreaterThan(told);
    expect(progress.length).toBeLessThan(5);
    expect((await readBack(options.store, options.key)).equals(content.subarray(1_234_567, 7_777_777))).toBe(
      true,
    );
  });

  it('knows an upload that was complete when its process was killed', async () => {
    const options = uploadOptions();
    const kept = folder.newPath();
    const onProgress = (done: number) => done === 1 && copyFileSync(options.statePath, kept);
    const object = await new S3Upload({ ...options, onProgress: (done) => void onProgress(done) }).run();
    copyFileSync(kept, options.statePath);
    expect(await new S3Upload(options).run()).toEqual(object);
  });

  it('stops when it is told to, goes on later, and begins anew with another file', async () => {
    const controller = new AbortController();
    const options = uploadOptions({ signal: controller.signal, onProgress: () => controller.abort() });
    await expect(new S3Upload(options).run()).rejects.toMatchObject({ code: 'S3_ABORTED' });
    const other = folder.newPath();
    writeFileSync(other, 'another file');
    const { store, key, statePath } = options;
    expect((await new S3Upload({ store, key, statePath, path: other }).run()).size).toBe(12);
  });

  it('leaves nothing in the store when it is abandoned', async () => {
    const controller = new AbortController();
    const options = uploadOptions({ signal: controller.signal, onProgress: () => controller.abort() });
    await expect(new S3Upload(options).run()).rejects.toMatchObject({ code: 'S3_ABORTED' });
    const state: unknown = JSON.parse(readFileSync(options.statePath, 'utf8'));
    await new S3Upload(options).abandon();
    expect(existsSync(options.statePath)).toBe(false);
    await new S3Upload(options).abandon();
    writeFileSync(options.statePath, JSON.stringify(state));
    const again = { ...uploadOptions(), key: options.key, statePath: options.statePath };
    await expect(new S3Upload(again).run()).rejects.toMatchObject({
      message: expect.stringContaining('expired'),
    });
    await new S3Upload(again).run();
  });
});

describe('S3Store', () => {
  it.each([
    ['another secret', { secretAccessKey: 'not-the-secret' }, 'S3_REFUSED'],
    ['another region', { region: 'eu-north-1' }, 'S3_REFUSED'],
    ['nobody there', { endpoint: 'http://127.0.0.1:9', attempts: 2 }, 'S3_UNREACHABLE'],
  ])('%s', async (_, options, code) => {
    const strict = await serve(verify({ region: 'us-east-1', secretAccessKey: 'S3RVER' }));
    const store = connect({ endpoint: strict.endpoint, ...options });
    const failure: unknown = await new S3Upload(uploadOptions({ store }))
      .run()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toContain('not-the-secret');
    strict.close();
  });

  it.each(['plain/name.mp4', "Räume/a b+c&d=é(1)*'!.mp4"])('signs requests about %s', async (key) => {
    const strict = await serve(verify({ region: 'us-east-1', secretAccessKey: 'S3RVER' }));
    const store = connect({ endpoint: strict.endpoint });
    const query = { uploads: '', uploadId: 'a/b+c= d' };
    const body = new TextEncoder().encode('some bytes');
    const request = { key, query, body, headers: { range: 'bytes=0-1' } };
    expect((await store.request({ method: 'PUT', ...request })).ok).toBe(true);
    strict.close();
  });

  it('says that there is no such bucket', async () => {
    const missing = new S3Upload(uploadOptions({ store: connect({ bucket: 'elsewhere' }) })).run();
    await expect(missing).rejects.toThrow(/NoSuchBucket/);
  });
});

async function serve(listener: RequestListener): Promise<{ endpoint: string; close: () => Server }> {
  const http = createServer(listener).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return { endpoint: `http://127.0.0.1:${String(address.port)}`, close: () => http.close() };
}

describe('what a store answers', () => {
  const begins = '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>';

  it('is compared with what was sent', async () => {
    const liar = await serve((request, response) => {
      request.resume().on('end', () => response.setHeader('etag', `"${'0'.repeat(32)}"`).end(begins));
    });
    const options = uploadOptions({ store: connect({ endpoint: liar.endpoint }) });
    await expect(new S3Upload(options).run()).rejects.toMatchObject({ code: 'S3_CHECKSUM' });
    liar.close();
  });

  it('is asked for again while it is busy, and no more when it refuses', async () => {
    const answers = [503, 429, 500, 403];
    const times: number[] = [];
    const busy = await serve((request, response) => {
      times.push(performance.now());
      request.resume().on('end', () => response.writeHead(answers[times.length - 1] ?? 403).end());
    });
    const store = connect({ endpoint: busy.endpoint, retryMs: 40 });
    await expect(store.head('a')).rejects.toMatchObject({ code: 'S3_REFUSED' });
    expect(times).toHaveLength(4);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBeGreaterThan(75);
    busy.close();
  });
});
