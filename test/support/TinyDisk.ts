import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const MEBIBYTE = 2 ** 20;

/** A disk of its own that is soon full, in memory. Only root may make one, on Linux. */
export class TinyDisk {
  readonly folder: string;
  readonly #ballast: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#ballast = join(folder, 'ballast');
  }

  /** Whether there can be any; says why not. */
  static canMake(): boolean {
    const made = TinyDisk.make(1);
    if (typeof made === 'string') console.warn(`Tests of a full disk are skipped: ${made}.`);
    else made.close();
    return typeof made !== 'string';
  }

  /** Throws where `canMake` says no. */
  static get(mebibytes: number): TinyDisk {
    const made = TinyDisk.make(mebibytes);
    if (typeof made === 'string') throw new Error(made);
    return made;
  }

  /** Gives in words why there is none where it cannot be made. */
  static make(mebibytes: number): TinyDisk | string {
    const folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
    const mount = ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder];
    const { status, stderr, error } = spawnSync('mount', mount, { encoding: 'utf8' });
    if (status === 0) return new TinyDisk(folder);
    rmSync(folder, { recursive: true });
    return `a disk could not be mounted: ${error?.message ?? stderr.trim()}`;
  }

  get free(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Something else takes all of it but so many bytes. */
  fillUpTo(free: number): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (let left = this.free - free; left > 0; left = this.free - free)
        writeSync(file, Buffer.alloc(Math.min(left, MEBIBYTE)));
    } catch (error) {
      // The last page of it is taken by others now and then.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(file);
    }
  }

  /** What has filled it is deleted. */
  clear(): void {
    rmSync(this.#ballast, { force: true });
  }

  close(): void {
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
