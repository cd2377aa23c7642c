/** A disk that becomes full under a recorder, which finds out before the server does. */
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { MEBIBYTE, TinyDisk } from '../support/TinyDisk.ts';
import { assertDecodes } from './mediaProbe.ts';
import { Studio } from './Studio.ts';

const disk = TinyDisk.make(16);
const folder = typeof disk === 'string' ? '' : disk.folder;
afterAll(() => {
  if (typeof disk !== 'string') disk.close();
});
let studio: Studio;
afterEach(() => studio.close());

describe.skipIf(folder === '')('a recording on a disk that becomes full', { timeout: 60_000 }, () => {
  it.each([
    ['at the reserve', 4 * MEBIBYTE, 3 * MEBIBYTE],
    ['with no byte left', 0, 64 * 1024],
  ])('ends in order %s: what was recorded plays, and it says why', async (_, reserveBytes, left) => {
    if (typeof disk === 'string') return;
    studio = new Studio({ folder: join(folder, 'recordings'), reserveBytes });
    studio.room.join({ name: 'Ada', colour: '#a04020', frequency: 440 });
    await studio.start();
    await studio.recorded(1.5);
    disk.fillUpTo(left);
    const { parts, message } = await studio.event('recordingFinished');
    expect(message).toMatch(/disk.*kept.*Delete recordings/);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.durationMs).toBeGreaterThan(1400);
    disk.clear();
    await assertDecodes(studio.path(parts[0]?.file ?? ''));
    expect([studio.of('recordingFailed'), studio.of('failed')]).toEqual([[], []]);
  });
});
