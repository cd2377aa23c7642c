/** What a composite costs: a figure beside a peer's, since how quick the machine is decides whether it is below a limit. */
import { spareCollector } from '@parley/recorder/internal/util/spareCollector.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { figure } from '../support/figures.ts';
import { DecodedCamera, encodeCameraFile, framesOf } from './DecodedCamera.ts';
import { DecodedMicrophone } from './DecodedMicrophone.ts';
import { coresOfPlainFfmpeg } from './plainFfmpeg.ts';
import { encodeToneFile, packetsOf } from './SentTracks.ts';
import { Studio } from './Studio.ts';

let studio: Studio;
afterEach(() => studio.close());

const SETTINGS = { width: 1280, height: 720, preset: 'veryfast', videoBitrate: 2_500_000 } as const;
const NAMES = ['Ada', 'Grace', 'Olga', 'Mary'];

describe('what a recording costs', { timeout: 120_000, tags: 'recording' }, () => {
  it('is told for four people at 720p25, decoding included', async () => {
    const cameras = NAMES.map((_, seed) => encodeCameraFile(seed));
    const tone = encodeToneFile(440, 2);
    const peer = { name: 'ffmpeg alone, of files', value: await coresOfPlainFfmpeg(cameras, tone) };
    const packets = await packetsOf(tone);
    spareCollector();
    studio = new Studio({ settings: SETTINGS });
    studio.room.join(...NAMES.map((name) => ({ name })));
    NAMES.forEach((name, i) => {
      const camera = new DecodedCamera(framesOf(cameras[i] ?? Buffer.alloc(0)));
      studio.room.change(name, () => ({ camera, microphone: new DecodedMicrophone(packets) }));
    });
    await studio.start();
    await studio.event('partOpened');
    const before = studio.of('stats').length;
    await studio.event('stats', before + 3);
    // The first of them still has the beginning in it.
    const stats = studio.of('stats').slice(before + 1);
    const cores = stats.reduce((sum, { cpu }) => sum + cpu, 0) / stats.length;
    const rate = stats.reduce((sum, { frameRate }) => sum + frameRate, 0) / stats.length;
    // On a busy machine pictures are left out, which are to be counted, too.
    const whole = (cores * 25) / rate;
    figure('composite of four at 720p25, veryfast', { value: whole, unit: 'cores', limit: 1, peer });
    figure('pictures that were made of it', { value: rate, unit: 'a second' });
    expect(rate).toBeGreaterThan(0);
  });
});
