import { afterEach, describe, expect, it } from 'vitest';
import { yuvOfHex, type Yuv } from '@parley/recorder/internal/program/colour.ts';
import { allowed } from '../support/figures.ts';
import {
  amplitudeOf,
  assertDecodes,
  colourAt,
  readPictures,
  readSound,
  type PlainPicture,
} from './mediaProbe.ts';
import { Studio, type StudioWish } from './Studio.ts';

const ADA = { name: 'Ada', colour: '#a04020', frequency: 440 };
const GRACE = { name: 'Grace', colour: '#2050a0', frequency: 1000 };
const OLGA = { name: 'Olga', colour: '#20a050', frequency: 2300 };

let studio: Studio;
afterEach(() => studio.close());

async function startStudio(wish: StudioWish = {}): Promise<Studio> {
  studio = new Studio(wish);
  studio.room.join(ADA, GRACE);
  await studio.start();
  return studio;
}

function shows(picture: PlainPicture | undefined, at: [number, number], hex: string): boolean {
  if (!picture) return false;
  const [seen, wanted] = [colourAt(picture, ...at), yuvOfHex(hex)];
  return (['y', 'u', 'v'] satisfies (keyof Yuv)[]).every((part) => Math.abs(seen[part] - wanted[part]) <= 6);
}

/** Places of two in a grid. */
const LEFT: [number, number] = [0.25, 0.5];
const RIGHT: [number, number] = [0.75, 0.5];
const MIDDLE: [number, number] = [0.5, 0.5];

describe('a composite', { timeout: 120_000 }, () => {
  it.each(['mp4', 'webm'] as const)(
    'as %s shows and lets hear everybody, while they come and go',
    async (format) => {
      await startStudio({ format });
      await studio.recorded(2);
      studio.room.join(OLGA);
      await studio.recorded(4);
      studio.room.leave('Grace');
      await studio.recorded(6);
      const { parts, thumbnail, sidecar } = await studio.finish();

      expect(parts).toHaveLength(1);
      expect(parts[0]).toMatchObject({ part: 1, name: 'composite', width: 640, height: 360 });
      expect([thumbnail, sidecar]).toEqual(['thumbnail.jpg', 'events.json']);
      const path = studio.path(parts[0]?.file ?? '');
      await assertDecodes(path);
      const pictures = await readPictures(path, 2);
      expect(shows(pictures[2], LEFT, ADA.colour)).toBe(true);
      expect(shows(pictures[2], RIGHT, GRACE.colour)).toBe(true);
      const third = pictures.findIndex((picture) => shows(picture, [0.5, 0.75], OLGA.colour));
      expect(third).toBeGreaterThan(3);
      expect(shows(pictures.at(-2), RIGHT, OLGA.colour)).toBe(true);

      const sound = await readSound(path);
      const end = sound.length / 48_000;
      const early = { from: 1, to: 1.8 };
      const late = { from: end - 0.9, to: end - 0.1 };
      expect(amplitudeOf(sound, 440, early)).toBeCloseTo(0.2, 1);
      expect(amplitudeOf(sound, 1000, early)).toBeCloseTo(0.2, 1);
      expect(amplitudeOf(sound, 2300, early)).toBeLessThan(0.01);
      expect(amplitudeOf(sound, 1000, late)).toBeLessThan(0.01);
      expect(amplitudeOf(sound, 2300, late)).toBeCloseTo(0.2, 1);
      expect(studio.of('crash')).toEqual([]);
    },
  );

  it('keeps its length to one per cent, pictures and sound alike', async () => {
    await startStudio();
    const opened = await studio.event('partOpened');
    await studio.recorded(8);
    const endedAt = Date.now();
    const { parts } = await studio.finish();
    const lasted = endedAt - opened.startedAt;
    expect(Math.abs((parts[0]?.durationMs ?? 0) - lasted)).toBeLessThan(lasted * 0.01 + 250);
    const path = studio.path(parts[0]?.file ?? '');
    const sound = (await readSound(path)).length / 48;
    expect(Math.abs(sound - (parts[0]?.durationMs ?? 0))).toBeLessThan(120);
  });

  it('leaves out what happens in a pause, without a gap', async () => {
    await startStudio();
    await studio.recorded(2);
    await studio.tell({ type: 'pauseRecording', recordingId: 'one' });
    const paused = Date.now();
    studio.room.change('Ada', ({ camera }) => {
      if (camera) camera.colour = '#f0f0f0';
      return {};
    });
    studio.room.join(OLGA);
    await studio.event('stats', studio.of('stats').length + 1);
    studio.room.leave('Olga');
    studio.room.change('Ada', ({ camera }) => {
      if (camera) camera.colour = ADA.colour;
      return {};
    });
    await studio.tell({ type: 'resumeRecording', recordingId: 'one' });
    const resumed = Date.now();
    await studio.recorded(4.5);
    const ended = Date.now();
    const { parts } = await studio.finish();

    expect(parts).toHaveLength(1);
    const path = studio.path(parts[0]?.file ?? '');
    await assertDecodes(path);
    const opened = await studio.event('partOpened');
    const expected = paused - opened.startedAt + (ended - resumed);
    const duration = parts[0]?.durationMs ?? 0;
    expect(duration).toBeGreaterThan(expected - 1200);
    expect(duration).toBeLessThan(expected + 500);
    const sound = await readSound(path);
    for (let from = 0; from < sound.length / 48_000 - 0.5; from += 0.25)
      expect(amplitudeOf(sound, 2300, { from, to: from + 0.25 })).toBeLessThan(0.02);
    const pictures = await readPictures(path, 10);
    expect(pictures.filter((picture) => shows(picture, LEFT, '#f0f0f0'))).toEqual([]);
    expect(pictures.slice(10).every((picture) => shows(picture, LEFT, ADA.colour))).toBe(true);
  });

  it('takes another layout without another encoder', async () => {
    await startStudio();
    await studio.recorded(2);
    const cuts = studio.of('partOpened').length;
    await studio.tell({ type: 'setLayout', layout: { kind: 'single', focus: 'p-Grace' } });
    await studio.recorded(4);
    const { parts } = await studio.finish();
    expect(studio.of('partOpened')).toHaveLength(cuts);
    const pictures = await readPictures(studio.path(parts[0]?.file ?? ''), 2);
    expect(shows(pictures[2], LEFT, ADA.colour)).toBe(true);
    expect(shows(pictures.at(-2), MIDDLE, GRACE.colour)).toBe(true);
    expect(shows(pictures.at(-2), [0.1, 0.1], GRACE.colour)).toBe(true);
  });

  it('goes on as a new part within three seconds when its encoder is killed, three times', async () => {
    await startStudio({ key: Buffer.alloc(32, 7).toString('base64') });
    for (let part = 1; part <= 3; part++) {
      await studio.recorded(1.2, part);
      const killed = Date.now();
      killEncoder();
      await studio.event('crash', part);
      const opened = await studio.event('partOpened', part + 1);
      expect(opened.part).toBe(part + 1);
      expect(opened.startedAt - killed).toBeLessThan(allowed(3000));
    }
    await studio.recorded(1.2, 4);
    const { parts } = await studio.finish();
    expect(parts.map(({ part }) => part)).toEqual([1, 2, 3, 4]);
    expect(parts.every(({ durationMs }) => durationMs >= 1000)).toBe(true);
  });

  it('gives up after five crashes, and keeps what there is', async () => {
    await startStudio();
    for (let crash = 1; crash <= 5; crash++) {
      await studio.event('partOpened', crash);
      killEncoder();
      await studio.event('crash', crash);
    }
    const { code, parts } = await studio.event('recordingFailed');
    expect(code).toBe('PROGRAM_ENCODER_FAILED');
    expect(parts).toHaveLength(5);
    await studio.event('failed');
    await assertDecodes(studio.path(parts[0]?.file ?? ''));
  });

  it('ends cleanly at the reserve of the disk', async () => {
    await startStudio({ reserveBytes: Number.MAX_SAFE_INTEGER });
    const { code, message } = await studio.event('recordingFailed');
    expect(code).toBe('RECORDING_DISK_FULL');
    expect(message).toMatch(/reserved/);
    expect(studio.of('failed')).toEqual([]);
  });
});

/** Of all ffmpegs that this process runs there is one that encodes. */
function killEncoder(): void {
  const pid = studio.encoderPid;
  if (pid === undefined) throw new Error('No encoder runs.');
  process.kill(pid, 'SIGKILL');
}
