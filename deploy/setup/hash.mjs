// Content hashes of files and folders: how a step knows that nothing changed.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git']);

/**
 * All files below a path, sorted, without generated folders. A file is a list of itself; a missing path an empty list.
 *
 * @param {string} path
 * @returns {string[]}
 */
export function listFiles(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => !SKIPPED.has(name))
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

/**
 * SHA-256 (hex) over the names and contents of everything below the given paths.
 *
 * @param {string[]} paths
 * @param {string} [base] names are counted from here, so that two checkouts of one state agree
 */
export function hashPaths(paths, base = '') {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(listFiles)) {
    const content = readFileSync(file);
    hash.update(`${file.slice(base.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
