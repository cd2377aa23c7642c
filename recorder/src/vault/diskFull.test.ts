import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { GrowingFile, openVault, SealedFile, VaultKey } from './index.ts';

/** A disk of one mebibyte; only root may make one. */
const disk = mkdtempSync(join(tmpdir(), 'vault-disk-'));
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (isMounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});
const piece = Buffer.alloc(100_000, 'x');

describe.skipIf(!isMounted)('a full disk', () => {
  it('leaves a growing file readable up to the last flush, which goes on when there is space again', async () => {
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(600_000));
    const key = VaultKey.generate();
    const path = join(disk, 'part');
    const file = await GrowingFile.create(path, { key });
    const flushAll = async () => {
      for (let count = 0; count < 10; count += 1) {
        file.append(piece);
        await file.flush();
      }
    };
    await expect(flushAll()).rejects.toMatchObject({ code: 'VAULT_DISK_FULL' });
    const reader = await openVault(path, { keys: [key] });
    expect(reader.size).toBe(file.size);
    expect(reader.size).toBeGreaterThanOrEqual(200_000);
    expect(await reader.bytes()).toEqual(Buffer.alloc(file.size, 'x'));
    await expect(file.flush()).rejects.toMatchObject({ code: 'VAULT_DISK_FULL' });
    expect(file.pendingBytes).toBe(100_000);
    rmSync(ballast);
    const before = file.size;
    await file.close();
    await reader.refresh();
    expect(reader).toMatchObject({ size: before + 100_000, isComplete: true });
    await reader.close();
    rmSync(path);
  });

  it('leaves nothing of a file that was to be finished', async () => {
    const file = await SealedFile.create(join(disk, 'film'), { key: VaultKey.generate() });
    const write = async () => {
      for (let count = 0; count < 30; count += 1) await file.write(piece);
    };
    await expect(write()).rejects.toMatchObject({ code: 'VAULT_DISK_FULL' });
    await file.abort();
    expect(readdirSync(disk)).toEqual([]);
  });
});
