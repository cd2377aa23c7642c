import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertRuns, FfmpegNotFoundError, findFfmpeg, type FfmpegPlaces } from './findFfmpeg.ts';

const onPath = join('/usr/bin', process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg');
const packaged = '/app/node_modules/ffmpeg-static/ffmpeg';

function places(executable: string[], env: NodeJS.ProcessEnv = {}): FfmpegPlaces {
  const PATH = ['/usr/local/bin', '/usr/bin'].join(delimiter);
  return { env: { PATH, ...env }, packaged, isExecutable: (path) => executable.includes(path) };
}

describe('findFfmpeg', () => {
  it.each([
    [
      'FFMPEG_BIN before all others',
      ['/opt/ffmpeg', packaged, onPath],
      { FFMPEG_BIN: '/opt/ffmpeg' },
      '/opt/ffmpeg',
    ],
    ['the package before the search path', [packaged, onPath], {}, packaged],
    ['the search path when the package has no binary', [onPath], {}, onPath],
    ['the search path when FFMPEG_BIN is empty', [onPath], { FFMPEG_BIN: '' }, onPath],
  ])('takes %s', (_, executable, env, expected) => {
    expect(findFfmpeg(places(executable, env))).toBe(expected);
  });

  it('names all three places when there is none', () => {
    const search = () => findFfmpeg(places([]));
    expect(search).toThrow(FfmpegNotFoundError);
    expect(search).toThrow(/FFMPEG_BIN.*ffmpeg-static.*PATH/);
  });

  it('does not pass over an FFMPEG_BIN that cannot be run', () => {
    const search = () => findFfmpeg(places([packaged, onPath], { FFMPEG_BIN: '/opt/gone' }));
    expect(search).toThrow(/\/opt\/gone: cannot be run/);
  });

  it('copes without the package and without a search path', () => {
    const bare = { env: {}, packaged: null, isExecutable: () => false };
    expect(() => findFfmpeg(bare)).toThrow(/ffmpeg-static \(not installed\)/);
  });
});

describe('assertRuns', () => {
  it('takes an ffmpeg, and nothing else that can be run', async () => {
    await assertRuns(findFfmpeg());
    for (const other of [process.execPath, '/no/such/file'])
      await expect(assertRuns(other)).rejects.toThrow(/no ffmpeg that runs here/);
  });
});
