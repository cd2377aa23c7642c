/** How long it takes until a recording that was ended can be played: what is written is indexed, copied and encrypted anew. */
import { join } from 'node:path';
import { statSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { Mp4Fragments, recoverPart } from '@parley/recorder/internal/files/index.ts';
import { complaints, ffmpeg, split } from '@parley/recorder/internal/files/testing/media.ts';
import { VaultFolder } from '@parley/recorder/internal/files/testing/vaultFolder.ts';
import { figure } from '../support/figures.ts';

/** The same ten seconds so often. */
const TIMES = 60;
const SOURCE = 'life=s=320x180:mold=10:r=25:ratio=0.1:seed=1,scale=1280:720,noise=alls=8:allf=t';

const folder = new VaultFolder();
afterAll(() => folder.remove());

it('is quick', { tags: 'recording' }, async () => {
  const scene = join(folder.path, 'scene.mp4');
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-g', '50', '-pix_fmt', 'yuv420p'];
  const rates = ['-b:v', '2500k', '-maxrate', '2500k', '-bufsize', '2500k', '-c:a', 'aac', '-t', '10'];
  await ffmpeg([
    '-f',
    'lavfi',
    '-i',
    SOURCE,
    '-f',
    'lavfi',
    '-i',
    'sine=r=48000',
    ...codecs,
    ...rates,
    scene,
  ]);
  const plain = join(folder.path, 'plain.mp4');
  const loop = ['-stream_loop', `${TIMES - 1}`, '-i', scene, '-c', 'copy', '-f', 'mp4'];
  const flags = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '200000'];
  const { init, fragments } = split(
    new Mp4Fragments(),
    (await ffmpeg([...loop, ...flags, 'pipe:1'])).output,
    65_536,
  );
  await ffmpeg([...loop, ...flags, plain]);
  const part = await folder.grow([init.bytes, ...fragments.map(({ bytes }) => bytes)]);
  const megabytes = statSync(part).size / 1e6;

  const finished = await timed(() =>
    recoverPart({ part, keys: [folder.key], path: folder.newPath(), key: folder.key }),
  );
  const other = await timed(() =>
    ffmpeg(['-i', plain, '-c', 'copy', '-movflags', '+faststart', join(folder.path, 'fast.mp4')]),
  );
  const peer = { name: 'ffmpeg, which does not encrypt', value: megabytes / other.seconds };
  figure(`finishing a recording of ${TIMES / 6} minutes, ${Math.round(megabytes)} MB`, {
    ...{ value: megabytes / finished.seconds, unit: 'MB/s', peer },
  });
  expect(finished.result.durationMs).toBeGreaterThan(TIMES * 9900);
  expect(await complaints(await folder.decrypt(finished.result.path, '.mp4'))).toBe('');
});

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; seconds: number }> {
  const from = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - from) / 1000 };
}
