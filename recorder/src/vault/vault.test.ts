import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { CHUNK_BYTES, HEADER_BYTES, SEALED_HEADER_BYTES, TAG_BYTES } from './format.ts';
import { GrowingFile, openVault, sealBytes, SealedFile, VaultKey, type VaultReader } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'vault-'));
afterAll(() => rmSync(folder, { recursive: true }));
const key = VaultKey.generate();
let files = 0;
const newPath = () => join(folder, String((files += 1)));

function contentOf(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff));
}

async function grow(pieces: Buffer[], options: { key: VaultKey | null; close?: boolean } = { key }) {
  const path = newPath();
  const file = await GrowingFile.create(path, options);
  for (const piece of pieces) {
    file.append(piece);
    await file.flush();
  }
  if (options.close ?? true) await file.close();
  return path;
}

async function readAll(path: string, keys = [key]): Promise<Buffer> {
  const reader = await openVault(path, { keys });
  try {
    return await reader.bytes();
  } finally {
    await reader.close();
  }
}

function change(path: string, edit: (bytes: Buffer) => Buffer): string {
  const changed = newPath();
  writeFileSync(changed, edit(readFileSync(path)));
  return changed;
}

const flip = (at: number) => (bytes: Buffer) => {
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes;
};

const sizes = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 20 * CHUNK_BYTES + 7];

describe('SealedFile and its reader', () => {
  it.each(sizes)('give back %i bytes, encrypted and plain', async (size) => {
    const content = contentOf(size);
    const path = newPath();
    await sealBytes(path, content, { key });
    expect(await readAll(path)).toEqual(content);
    if (size > 20) expect(readFileSync(path).includes(content.subarray(0, 16))).toBe(false);
    await sealBytes(path, content, { key: null });
    expect(readFileSync(path)).toEqual(content);
    expect(await readAll(path, [])).toEqual(content);
  });

  it('is there only when it is whole', async () => {
    const path = newPath();
    const file = await SealedFile.create(path, { key });
    await file.write(contentOf(200_000));
    await file.abort();
    await expect(file.write(contentOf(1))).rejects.toMatchObject({ code: 'VAULT_CLOSED' });
    expect((await readdir(folder)).filter((name) => join(folder, name).startsWith(path))).toEqual([]);
  });

  it('streams a range as HTTP wants it', async () => {
    const content = contentOf(300_000);
    const path = newPath();
    await sealBytes(path, content, { key });
    const reader = await openVault(path, { keys: [VaultKey.generate(), key] });
    const got: Buffer[] = [];
    await pipeline(reader.stream(65_000, 200_001), async (stream: AsyncIterable<Buffer>) => {
      for await (const piece of stream) got.push(piece);
    });
    expect(Buffer.concat(got)).toEqual(content.subarray(65_000, 200_001));
    await reader.close();
  });

  it('writes and reads a long file in constant memory', async () => {
    const path = newPath();
    const file = await SealedFile.create(path, { key });
    const piece = contentOf(1_048_576);
    const started = performance.now();
    for (let count = 0; count < 128; count += 1) await file.write(piece);
    await file.close();
    const written = performance.now();
    const reader = await openVault(path, { keys: [key] });
    const before = process.memoryUsage().arrayBuffers;
    let bytes = 0;
    let most = 0;
    for await (const part of reader.read()) {
      bytes += part.length;
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    const read = performance.now();
    await reader.close();
    const speed = (ms: number) => `${String(Math.round(134_218 / ms))} MB/s`;
    console.info(`sealed: written at ${speed(written - started)}, read at ${speed(read - written)}`);
    expect(bytes).toBe(128 * 1_048_576);
    expect(most).toBeLessThan(100 * 1_048_576);
  });
});

describe('GrowingFile and its reader', () => {
  it('gives back what was flushed, while it grows and afterwards', async () => {
    const path = newPath();
    const file = await GrowingFile.create(path, { key });
    file.append(Buffer.from('one '));
    const reader = await openVault(path, { keys: [key] });
    expect(reader.size).toBe(0);
    await file.flush();
    await reader.refresh();
    expect((await reader.bytes()).toString()).toBe('one ');
    file.append(Buffer.from('two '));
    file.append(contentOf(2_500_000));
    await file.flush();
    await reader.refresh();
    expect(reader).toMatchObject({ kind: 'growing', size: 2_500_008, isComplete: false });
    expect(await reader.bytes(8)).toEqual(contentOf(2_500_000));
    await file.close();
    await reader.refresh();
    expect(reader.isComplete).toBe(true);
    await reader.close();
  });

  it('refuses to go on with a file that is there', async () => {
    const path = await grow([Buffer.from('a')]);
    await expect(GrowingFile.create(path, { key })).rejects.toMatchObject({ code: 'VAULT_IO' });
  });

  it.each([{ key }, { key: null }])('keeps the order of flushes that overlap', async (options) => {
    const path = newPath();
    const file = await GrowingFile.create(path, options);
    const flushes = Array.from({ length: 50 }, (_, index) => {
      file.append(Buffer.from(`${String(index)} `));
      return file.flush();
    });
    await Promise.all(flushes);
    await file.close();
    const expected = Array.from({ length: 50 }, (_, index) => `${String(index)} `).join('');
    expect((await readAll(path)).toString()).toBe(expected);
  });

  it('says that it was closed', async () => {
    const file = await GrowingFile.create(newPath(), { key });
    await Promise.all([file.close(), file.close()]);
    await expect(file.flush()).rejects.toMatchObject({ code: 'VAULT_CLOSED' });
    expect(() => file.append(Buffer.from('a'))).toThrow(/closed/);
  });
});

describe('VaultReader.read', () => {
  it.each([
    [-1, 2],
    [2, 1],
    [0, 11],
    [0.5, 2],
    [NaN, 2],
  ])('refuses the range from %d to %d of 10 bytes', async (start, end) => {
    const path = await grow([contentOf(10)]);
    const reader = await openVault(path, { keys: [key] });
    expect(() => reader.read(start, end)).toThrow(expect.objectContaining({ code: 'VAULT_RANGE' }));
    await reader.close();
  });
});

const STORED = CHUNK_BYTES + TAG_BYTES;
const swapChunks = (bytes: Buffer) => {
  const [a, b] = [SEALED_HEADER_BYTES, SEALED_HEADER_BYTES + STORED];
  const first = Buffer.from(bytes.subarray(a, b));
  bytes.copy(bytes, a, b, b + STORED);
  first.copy(bytes, b);
  return bytes;
};
const shorterSize = (bytes: Buffer) => {
  bytes.writeBigUInt64BE(BigInt(2 * CHUNK_BYTES), HEADER_BYTES);
  return bytes.subarray(0, SEALED_HEADER_BYTES + 2 * STORED);
};
const version = (bytes: Buffer) => {
  bytes.writeUInt8(9, 4);
  return bytes;
};

describe('a file that somebody changed', () => {
  const sealed = async () => {
    const path = newPath();
    await sealBytes(path, contentOf(3 * CHUNK_BYTES + 100), { key });
    return path;
  };
  const growing = () => grow([contentOf(100), contentOf(200), contentOf(300)]);
  const firstRecord = HEADER_BYTES;
  const recordBytes = 4 + 12 + 100 + 16;
  const dropRecord = (bytes: Buffer) =>
    Buffer.concat([bytes.subarray(0, firstRecord), bytes.subarray(firstRecord + recordBytes)]);
  const withoutTime = (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')]);

  it.each<[string, () => Promise<string>, (bytes: Buffer) => Buffer, string]>([
    ['sealed: a bit in a chunk', sealed, flip(SEALED_HEADER_BYTES + 70_000), 'VAULT_TAMPERED'],
    ['sealed: a bit in a tag', sealed, flip(SEALED_HEADER_BYTES + CHUNK_BYTES), 'VAULT_TAMPERED'],
    ['sealed: a bit in the last chunk', sealed, flip(-20), 'VAULT_TAMPERED'],
    ['sealed: a bit in the file id', sealed, flip(10), 'VAULT_TAMPERED'],
    ['sealed: chunks in another order', sealed, swapChunks, 'VAULT_TAMPERED'],
    ['sealed: cut in a chunk', sealed, (bytes) => bytes.subarray(0, -5), 'VAULT_TRUNCATED'],
    ['sealed: cut between chunks', sealed, (bytes) => bytes.subarray(0, -116), 'VAULT_TRUNCATED'],
    ['sealed: cut in the header', sealed, (bytes) => bytes.subarray(0, 35), 'VAULT_TRUNCATED'],
    ['sealed: cut between chunks, and the size with it', sealed, shorterSize, 'VAULT_TAMPERED'],
    ['sealed: something behind it', sealed, withoutTime, 'VAULT_TAMPERED'],
    ['sealed: another version', sealed, version, 'VAULT_UNSUPPORTED'],
    ['sealed: called growing', sealed, flip(5), 'VAULT_TAMPERED'],
    ['growing: a bit in a record', growing, flip(firstRecord + 20), 'VAULT_TAMPERED'],
    ['growing: a bit in a nonce', growing, flip(firstRecord + 5), 'VAULT_TAMPERED'],
    ['growing: a record taken out', growing, dropRecord, 'VAULT_TAMPERED'],
    ['growing: the mark of its end', growing, flip(-1), 'VAULT_TAMPERED'],
    ['growing: cut in the header', growing, (bytes) => bytes.subarray(0, 20), 'VAULT_TRUNCATED'],
  ])('%s', async (_, make, edit, code) => {
    await expect(readAll(change(await make(), edit))).rejects.toMatchObject({ code });
  });

  it.each([
    ['sealed', sealed],
    ['growing', growing],
  ])('%s: another key', async (_, make) => {
    const path = await make();
    await expect(readAll(path, [VaultKey.generate()])).rejects.toMatchObject({ code: 'VAULT_WRONG_KEY' });
    await expect(readAll(path, [])).rejects.toMatchObject({ code: 'VAULT_WRONG_KEY' });
  });

  it('is salvaged up to the damage', async () => {
    const damaged = change(await growing(), flip(firstRecord + recordBytes + 50));
    const reader: VaultReader = await openVault(damaged, { keys: [key], salvage: true });
    expect(await reader.bytes()).toEqual(contentOf(100));
    expect(reader).toMatchObject({ isComplete: false, isDamaged: true });
    await reader.close();
    const zeros = change(await growing(), (bytes) =>
      Buffer.concat([bytes.subarray(0, -32), Buffer.alloc(5000)]),
    );
    const other = await openVault(zeros, { keys: [key], salvage: true });
    expect(other).toMatchObject({ size: 600, isDamaged: false });
    await other.close();
  });
});

describe('VaultKey', () => {
  it('is read as hexadecimal digits and as base64', () => {
    const bytes = key.toBytes();
    for (const text of [bytes.toString('hex'), bytes.toString('base64'), ` ${bytes.toString('base64url')}\n`])
      expect(VaultKey.parse(text).toBytes()).toEqual(bytes);
  });

  it.each(['', 'short', '0'.repeat(63), 'z'.repeat(64), `${'A'.repeat(43)}==`])('is not %j', (text) => {
    expect(() => VaultKey.parse(text)).toThrow(expect.objectContaining({ code: 'VAULT_KEY_INVALID' }));
  });

  it('does not show itself', () => {
    expect(`${String(key)} ${JSON.stringify(key)}`).not.toContain(key.toBytes().toString('hex').slice(0, 8));
  });
});
