import { describe, expect, it } from 'vitest';
import { cacheFolder } from './paths.mjs';

describe('cacheFolder', () => {
  it.each([
    [
      'its own variable first',
      { PARLEY_CACHE_DIR: '/var/parley', XDG_CACHE_HOME: '/x' },
      'linux',
      '/var/parley',
    ],
    ['then the XDG folder', { XDG_CACHE_HOME: '/x' }, 'linux', '/x/parley'],
    ['then ~/.cache', {}, 'linux', '/home/ann/.cache/parley'],
    ['~/.cache for an empty variable', { XDG_CACHE_HOME: '' }, 'linux', '/home/ann/.cache/parley'],
    ['Library/Caches on macOS', {}, 'darwin', '/home/ann/Library/Caches/parley'],
  ] as const)('takes %s', (_, env, platform, expected) => {
    expect(cacheFolder(env, platform, '/home/ann')).toBe(expected);
  });
});
