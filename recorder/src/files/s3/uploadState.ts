import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** How far an upload got; lies beside the file while it goes on. */
export interface UploadState {
  key: string;
  uploadId: string;
  /** Of the file, so that another one of the same name is not mistaken for it. */
  size: number;
  mtimeMs: number;
  partBytes: number;
  /** Tags of the parts that are there, from the first. */
  etags: string[];
}

function isState(value: unknown): value is UploadState {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Partial<Record<keyof UploadState, unknown>> = value;
  const { key, uploadId, size, mtimeMs, partBytes, etags } = fields;
  const areNumbers = [size, mtimeMs, partBytes].every((field) => typeof field === 'number');
  const areTexts = [key, uploadId].every((field) => typeof field === 'string');
  return areNumbers && areTexts && Array.isArray(etags) && etags.every((etag) => typeof etag === 'string');
}

/** Undefined when there is none, or none that makes sense. */
export async function findState(path: string): Promise<UploadState | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces it at once, so that a crash leaves the former one. */
export async function saveState(path: string, state: UploadState): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.new`, { force: true });
}
