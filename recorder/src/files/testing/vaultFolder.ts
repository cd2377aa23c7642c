import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrowingFile, openVault, VaultKey, type VaultReader } from '../../vault/index.ts';

/** A folder for a test's encrypted files, and what tests do with them. */
export class VaultFolder {
  readonly key = VaultKey.generate();
  readonly path = mkdtempSync(join(tmpdir(), 'files-'));
  #files = 0;

  newPath(ending = ''): string {
    this.#files += 1;
    return join(this.path, `${String(this.#files)}${ending}`);
  }

  /** A part with these bytes, each flushed on its own; closed unless its writer is to have died. */
  async grow(pieces: readonly Buffer[], options: { dies?: boolean } = {}): Promise<string> {
    const path = this.newPath();
    const file = await GrowingFile.create(path, { key: this.key });
    for (const piece of pieces) {
      file.append(piece);
      await file.flush();
    }
    if (!options.dies) await file.close();
    return path;
  }

  open(path: string): Promise<VaultReader> {
    return openVault(path, { keys: [this.key] });
  }

  /** A copy that other programs can read. */
  async decrypt(path: string, ending: string): Promise<string> {
    const reader = await this.open(path);
    const copy = this.newPath(ending);
    writeFileSync(copy, await reader.bytes());
    await reader.close();
    return copy;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
