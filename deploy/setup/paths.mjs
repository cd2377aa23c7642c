// Where things are: the checkout, and the cache outside it.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** @param {string[]} parts */
export const inRoot = (...parts) => join(root, ...parts);

/**
 * The cache folder, shared by all checkouts of one person.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @param {string} home
 */
export function cacheFolder(env = process.env, platform = process.platform, home = homedir()) {
  if (env['PARLEY_CACHE_DIR']) return resolve(env['PARLEY_CACHE_DIR']);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'parley');
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'parley', 'cache');
  return join(env['XDG_CACHE_HOME'] || join(home, '.cache'), 'parley');
}

/** @param {string[]} parts */
export const inCache = (...parts) => join(cacheFolder(), ...parts);

/**
 * A file name in the cache for something that belongs to this checkout alone.
 *
 * @param {string} what
 */
export const checkoutName = (what) =>
  `${what}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`;
