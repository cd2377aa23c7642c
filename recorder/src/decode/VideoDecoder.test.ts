import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findFfmpeg } from '../findFfmpeg.ts';
import type { EncodedFrame, VideoCodec } from '../rtp/EncodedFrame.ts';
import type { Picture, TileSize } from '../room/ProgramInput.ts';
import { colourAt, encodeFrames, nameOf } from './testing/encode.ts';
import { VideoDecoder } from './VideoDecoder.ts';
import { videoFilter } from './videoArguments.ts';

const TILE: TileSize = { width: 160, height: 90, fit: 'contain' };
const eventually = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 20_000, interval: 10 });

/** A decoder that remembers what it gave, fed as if frames came in real time. */
class Screening {
  readonly pictures: Picture[] = [];
  readonly crashes: string[] = [];
  keyFramesAsked = 0;
  readonly decoder: VideoDecoder;

  constructor(
    codec: VideoCodec,
    options: { tile?: TileSize; maxFrameRate?: number; rotation?: 0 | 90 } = {},
  ) {
    this.decoder = new VideoDecoder({
      ffmpeg: findFfmpeg(),
      codec,
      ...{ tile: TILE, maxFrameRate: 100, rotation: 0, ...options },
      onPicture: (picture) => this.pictures.push(picture),
      needKeyFrame: () => (this.keyFramesAsked += 1),
      onCrash: (reason) => this.crashes.push(reason),
    });
    screenings.push(this);
  }

  feed(frames: readonly EncodedFrame[], start = 0): void {
    for (const frame of frames) this.decoder.push({ ...frame, rtpTimestamp: frame.rtpTimestamp + start });
  }

  get last(): Picture {
    const picture = this.pictures.at(-1);
    if (!picture) throw new Error('no picture');
    return picture;
  }
}

const screenings: Screening[] = [];
afterEach(async () => {
  const pids = screenings.flatMap(({ decoder }) => decoder.pids);
  for (const { decoder } of screenings.splice(0)) decoder.close();
  await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a video decoder', () => {
  it.each(['VP8', 'VP9', 'H264', 'AV1'] as const)(
    'shows every frame of %s at once, with its time',
    async (codec) => {
      const frames = encodeFrames(codec, 'color=red:s=320x180', 10);
      const screening = new Screening(codec);
      screening.feed(frames);
      await eventually(() => expect(screening.pictures).toHaveLength(10));
      expect(screening.pictures.map(({ capturedAt }) => capturedAt)).toEqual(
        frames.map(({ capturedAt }) => capturedAt),
      );
      expect(screening.last).toMatchObject({ width: 160, height: 90 });
      expect(screening.last.data).toHaveLength((160 * 90 * 3) / 2);
      expect(nameOf(colourAt(screening.last, 0.5, 0.5))).toBe('red');
    },
  );

  it.each([
    ['contain', ['black', 'red', 'black']],
    ['cover', ['red', 'red', 'red']],
  ] as const)('%s: a square in a wide tile', async (fit, colours) => {
    const screening = new Screening('VP8', { tile: { ...TILE, fit } });
    screening.feed(encodeFrames('VP8', 'color=red:s=180x180', 1));
    await eventually(() => expect(screening.pictures).toHaveLength(1));
    expect([0.02, 0.5, 0.98].map((x) => nameOf(colourAt(screening.last, x, 0.5)))).toEqual(colours);
  });

  it('turns what a phone sends as it is held', async () => {
    const screening = new Screening('VP8', { rotation: 90 });
    const upright = encodeFrames('VP8', 'color=red:s=90x160', 1);
    screening.feed(upright.map((frame) => ({ ...frame, rotation: 90 })));
    await eventually(() => expect(screening.pictures).toHaveLength(1));
    expect(nameOf(colourAt(screening.last, 0.02, 0.5))).toBe('red');
    screening.feed(upright, 3000);
    await eventually(() => expect(nameOf(colourAt(screening.last, 0.02, 0.5))).toBe('black'));
  });

  it.each(['VP8', 'VP9', 'H264'] as const)('goes on when %s comes in another size', async (codec) => {
    const films = ['color=red:s=320x180', 'color=blue:s=640x360', 'color=green:s=160x90'].map((source) =>
      encodeFrames(codec, source, 5),
    );
    const screening = new Screening(codec);
    for (const [index, film] of films.entries()) {
      screening.feed(film, index * 90_000);
      await eventually(() => expect(screening.pictures).toHaveLength(5 * (index + 1)));
    }
    const shown = screening.pictures.map((picture) => nameOf(colourAt(picture, 0.5, 0.5)));
    expect([shown[4], shown[9], shown[14]]).toEqual(['red', 'blue', 'green']);
    expect(screening.crashes).toEqual([]);
  });

  it('keeps the old picture until one of the new tile’s size comes, from a key frame', async () => {
    const screening = new Screening('VP8');
    const frames = encodeFrames('VP8', 'color=red:s=320x180', 20);
    screening.feed(frames.slice(0, 10));
    await eventually(() => expect(screening.pictures).toHaveLength(10));
    const [former] = screening.decoder.pids;
    screening.decoder.setTile({ width: 320, height: 180, fit: 'contain' });
    expect(screening.keyFramesAsked).toBe(1);
    screening.feed(frames.slice(10));
    await eventually(() => expect(screening.pictures).toHaveLength(20));
    expect(screening.last.width).toBe(160);
    screening.feed(encodeFrames('VP8', 'color=blue:s=320x180', 5), 90_000);
    await eventually(() => expect(screening.last.width).toBe(320));
    await eventually(() => expect(isAlive(former ?? 0)).toBe(false));
    expect(screening.decoder.pids).toHaveLength(1);
  });

  it('begins at a key frame', async () => {
    const screening = new Screening('VP8');
    const frames = encodeFrames('VP8', 'color=red:s=320x180', 5);
    screening.feed(frames.slice(1));
    screening.feed(frames, 90_000);
    await eventually(() => expect(screening.pictures).toHaveLength(5));
  });

  it.each(['VP8', 'VP9', 'H264', 'AV1'] as const)('survives rubbish in %s', async (codec) => {
    const screening = new Screening(codec);
    const good = encodeFrames(codec, 'color=red:s=320x180', 5);
    const [key] = good;
    if (!key) throw new Error('no frames');
    screening.feed(good);
    for (let index = 0; index < 20; index += 1) {
      const data = Buffer.alloc(50 + index, 255 - index * 7);
      screening.feed([{ ...key, data, keyFrame: index % 3 === 0 }], (10 + index) * 3000);
    }
    screening.decoder.expectKeyFrame();
    screening.feed(encodeFrames(codec, 'color=blue:s=320x180', 5), 900_000);
    await eventually(() => expect(nameOf(colourAt(screening.last, 0.5, 0.5))).toBe('blue'));
  });

  it('is started anew when ffmpeg is killed, and asks for a key frame', async () => {
    const screening = new Screening('VP8');
    const frames = encodeFrames('VP8', 'color=red:s=320x180', 5);
    screening.feed(frames);
    await eventually(() => expect(screening.pictures).toHaveLength(5));
    const [pid = 0] = screening.decoder.pids;
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(screening.keyFramesAsked).toBe(1));
    expect(screening.crashes).toHaveLength(1);
    screening.feed(frames, 90_000);
    await eventually(() => expect(screening.pictures).toHaveLength(10));
    expect(screening.decoder.pids).not.toContain(pid);
  });

  it('drops frames to the next key frame instead of queueing them', async () => {
    const screening = new Screening('VP8');
    const frames = encodeFrames('VP8', 'testsrc2=s=320x180', 40);
    screening.feed(frames.slice(0, 5));
    await eventually(() => expect(screening.pictures).toHaveLength(5));
    const [pid = 0] = screening.decoder.pids;
    process.kill(pid, 'SIGSTOP');
    screening.feed(frames.slice(5, 20));
    let taken = 19;
    await eventually(() => {
      taken += 1;
      screening.feed(frames.slice(20, 21));
      // That one was dropped already.
      expect(screening.keyFramesAsked).toBeGreaterThan(0);
    });
    screening.feed(frames.slice(21));
    process.kill(pid, 'SIGCONT');
    await eventually(() => expect(screening.pictures).toHaveLength(taken));
    screening.feed(encodeFrames('VP8', 'color=blue:s=320x180', 3), 9_000_000);
    await eventually(() => expect(nameOf(colourAt(screening.last, 0.5, 0.5))).toBe('blue'));
    expect(screening.pictures.length - taken).toBeLessThanOrEqual(3);
  });

  it('makes no more pictures than are wanted', async () => {
    const screening = new Screening('VP8', { maxFrameRate: 10 });
    screening.feed(encodeFrames('VP8', 'color=red:s=320x180', 30));
    await eventually(() => expect(screening.last.capturedAt).toBeGreaterThan(850));
    expect(screening.pictures.length).toBeGreaterThan(8);
    expect(screening.pictures.length).toBeLessThan(13);
  });

  it('goes on where the times of a sender go back', async () => {
    const screening = new Screening('VP8');
    const frames = encodeFrames('VP8', 'color=red:s=320x180', 5);
    screening.feed(frames, 900_000);
    screening.feed(frames);
    await eventually(() => expect(screening.pictures).toHaveLength(10));
  });
});

describe('when the process is killed', () => {
  it('its decoders end', async () => {
    const script = `
      import { VideoDecoder } from '${new URL('./VideoDecoder.ts', import.meta.url).href}';
      const nothing = () => {};
      const decoder = new VideoDecoder({ ffmpeg: ${JSON.stringify(findFfmpeg())}, codec: 'VP8', rotation: 0, maxFrameRate: 25,
        tile: { width: 16, height: 16, fit: 'cover' }, onPicture: nothing, needKeyFrame: nothing, onCrash: nothing });
      console.log(decoder.pids[0]);
      setInterval(nothing, 1000);`;
    const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!child.stdout) throw new Error('no output');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });
});

it('the filter holds nothing but numbers', () => {
  expect(
    videoFilter({ width: 320, height: 180, fit: 'contain' }, { maxFrameRate: 25, rotation: 90 }),
  ).toMatchInlineSnapshot(
    `"select=isnan(prev_selected_t)+gte(t-prev_selected_t\\,0.0280)+lt(t\\,prev_selected_t),transpose=clock,scale=320:180:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=bilinear,pad=320:180:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p,metadata=mode=add:key=at:value=1,metadata=mode=print:direct=1:file=pipe\\\\:3"`,
  );
});
