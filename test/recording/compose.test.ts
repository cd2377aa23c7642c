/** One picture and sound, made of recorded tracks. */
import { execFile } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { PictureLayout } from '@parley/protocol';
import { findFfmpeg } from '@parley/recorder/internal/findFfmpeg.ts';
import type { VideoCodec } from '@parley/recorder/internal/rtp/EncodedFrame.ts';
import { composeTracks } from '@parley/recorder/internal/tracks/compose.ts';
import { VaultKey } from '@parley/recorder/internal/vault/index.ts';
import {
  amplitudeOf,
  assertDecodes,
  colourAt,
  readPictures,
  readSound,
  type PlainPicture,
} from './mediaProbe.ts';
import { waitFor } from '../support/waitFor.ts';
import { encodeColour, encodeTone, SentCamera, SentMicrophone } from './SentTracks.ts';
import { jobOf, Studio } from './Studio.ts';

const CODECS = ['VP8', 'VP9', 'H264', 'AV1'] as const;
const KEY = Buffer.alloc(32, 7).toString('base64');

let studio: Studio;
afterEach(() => studio.close());

/** A person with a camera of one colour, and a tone. */
async function personOf(name: string, o: { codec: VideoCodec; colour: string; tone: number }) {
  const packets = await encodeTone(o.tone, 2);
  const frames = encodeColour(o.codec, o.colour);
  return {
    join: () => studio.room.join({ name }),
    publish: () =>
      studio.room.change(name, () => ({
        camera: new SentCamera(frames, { codec: o.codec }),
        microphone: new SentMicrophone(o.tone, packets),
      })),
  };
}

interface Composed {
  durationMs: number;
  pictures: PlainPicture[];
  sound: Float32Array;
  progress: number[];
}

const PER_SECOND = 10;

async function compose(layout: PictureLayout['kind'], format: 'mp4' | 'webm' = 'mp4'): Promise<Composed> {
  const path = studio.path(`composed.${format}`);
  const progress: number[] = [];
  const { durationMs } = await composeTracks({
    ...{ folder: studio.path(''), keys: [VaultKey.parse(KEY)], ffmpeg: findFfmpeg(), path, format },
    ...{ settings: jobOf({}, '').settings, layout: { kind: layout, focus: null }, title: 'Planning' },
    onProgress: (done) => progress.push(done),
  });
  await assertDecodes(path);
  return {
    ...{ durationMs, progress },
    pictures: await readPictures(path, PER_SECOND),
    sound: await readSound(path),
  };
}

type Colour = 'red' | 'blue' | 'lime' | 'none';

function seen(picture: PlainPicture | undefined, x: number, y = 0.3): Colour {
  if (!picture) return 'none';
  const { u, v } = colourAt(picture, x, y);
  if (v > 180) return 'red';
  if (u > 180) return 'blue';
  return u < 112 && v < 112 ? 'lime' : 'none';
}

const at = ({ pictures }: Composed, seconds: number) => pictures[Math.round(seconds * PER_SECOND)];

/** When something was so first and last, seconds. */
function span({ pictures }: Composed, isSo: (picture: PlainPicture) => boolean): [number, number] {
  const indexes = pictures.flatMap((picture, index) => (isSo(picture) ? [index / PER_SECOND] : []));
  return [indexes[0] ?? Infinity, indexes.at(-1) ?? -Infinity];
}

/** Where the recording is, as it was told; seconds. */
function place(): number {
  return (Date.now() - (studio.of('partOpened').at(-1)?.startedAt ?? 0)) / 1000;
}

/** Does something at a place in the recording, or soon after. @returns where it was done, seconds */
async function then(seconds: number, act: () => void): Promise<number> {
  await waitFor(`${seconds} s`, place, { done: (now) => now >= seconds });
  act();
  return place();
}

function stopSharing(name: string): void {
  const { room } = studio;
  room.participants = room.participants.map(({ screen, ...person }) =>
    person.displayName === name || !screen ? person : { ...person, screen },
  );
  room.emit('changed');
}

describe('tracks', { timeout: 120_000 }, () => {
  it.each(CODECS)('of %s can be played and are composed', async (codec) => {
    studio = new Studio({ kind: 'tracks', key: KEY });
    const ada = await personOf('Ada', { codec, colour: 'red', tone: 440 });
    ada.join();
    ada.publish();
    await studio.start();
    await studio.recorded(2);
    const { parts } = await studio.finish();
    const camera = parts.find(({ name }) => name === 'camera p-Ada');
    expect(camera).toMatchObject({ width: 640, height: 360 });
    const composed = await compose('grid');
    expect(seen(at(composed, 1), 0.1)).toBe('red');
    expect(seen(at(composed, 1), 0.9)).toBe('red');
    expect(amplitudeOf(composed.sound, 440, { from: 1, to: 1.5 })).toBeGreaterThan(0.05);
    const longest = Math.max(...parts.map(({ durationMs }) => durationMs));
    expect(Math.abs(composed.durationMs - longest)).toBeLessThan(0.01 * longest + 150);
  });

  it('show who came and went, shared and was muted, each when it was so', async () => {
    studio = new Studio({ kind: 'tracks', key: KEY });
    const ada = await personOf('Ada', { codec: 'VP8', colour: 'red', tone: 440 });
    const grace = await personOf('Grace', { codec: 'VP9', colour: 'blue', tone: 1000 });
    const screen = new SentCamera(encodeColour('VP8', 'lime', '1280x720'), { source: 'screen' });
    ada.join();
    ada.publish();
    await studio.start();
    await studio.recorded(1);
    const came = await then(1.5, () => {
      grace.join();
      grace.publish();
    });
    const shared = await then(came + 1.5, () => studio.room.change('Grace', () => ({ screen })));
    const unshared = await then(shared + 1.5, () => stopSharing('Grace'));
    const muted = await then(unshared + 1.2, () => muteCamera('Ada'));
    const left = await then(muted + 1.2, () => studio.room.leave('Grace'));
    const length = await then(left + 1.5, () => undefined);
    await studio.recorded(length);
    await studio.finish();

    const composed = await compose('screen');
    expect(composed.durationMs / 1000).toBeGreaterThan(0.99 * length);
    expect(Math.abs(composed.sound.length / 48 - composed.durationMs)).toBeLessThan(120);
    expect(composed.progress.at(-1)).toBe(1);
    // Alone one fills the picture; with two the one who came first is large, until there is a screen.
    const [blueFrom, blueTo] = span(
      composed,
      (picture) => seen(picture, 0.9, 0.45) === 'blue' || seen(picture, 0.9, 0.55) === 'blue',
    );
    expectNear([blueFrom, blueTo], [came, left]);
    expectNear(
      span(composed, (picture) => seen(picture, 0.4, 0.5) === 'lime'),
      [shared, unshared],
    );
    expectNear(
      span(composed, (picture) => seen(picture, 0.4) === 'red'),
      [0, muted],
    );
    const { sound } = composed;
    const loud = (tone: number, from: number) => amplitudeOf(sound, tone, { from, to: from + 0.4 });
    expect([loud(1000, came - 0.8), loud(1000, left + 0.3)].every((level) => level < 0.005)).toBe(true);
    expect([loud(1000, came + 0.5), loud(1000, left - 0.8)].every((level) => level > 0.05)).toBe(true);
    expect(loud(440, length - 1)).toBeGreaterThan(0.05);
  });

  it('of several parts follow one another, without what was paused', async () => {
    studio = new Studio({ kind: 'tracks', key: KEY });
    const ada = await personOf('Ada', { codec: 'H264', colour: 'red', tone: 440 });
    const grace = await personOf('Grace', { codec: 'AV1', colour: 'blue', tone: 1000 });
    ada.join();
    ada.publish();
    await studio.start();
    await studio.recorded(1.5);
    await studio.tell({ type: 'pauseRecording', recordingId: 'one' });
    const paused = place();
    studio.room.join({ name: 'Olga' });
    await studio.event('stats', studio.of('stats').length + 1);
    studio.room.leave('Olga');
    await studio.tell({ type: 'resumeRecording', recordingId: 'one' });
    const resumed = place();
    await studio.recorded(3);
    const first = place() - (resumed - paused);
    await studio.tell({ type: 'closeRecording', recordingId: 'one' });
    await studio.event('recordingFinished');
    grace.join();
    grace.publish();
    await studio.tell({ type: 'openRecording', recordingId: 'one', part: 2 });
    await studio.recorded(2, 2);
    const second = place();
    await studio.tell({ type: 'stop' });
    await studio.event('recordingFinished', 2);

    const composed = await compose('grid', 'webm');
    const length = first + second;
    expect(Math.abs(composed.durationMs / 1000 - length)).toBeLessThan(0.01 * length + 0.4);
    expectNear(
      span(composed, (picture) => seen(picture, 0.75) === 'blue'),
      [first, length],
    );
    // Olga was there in the pause alone: nobody takes half of the picture before Grace comes.
    expect(span(composed, (picture) => seen(picture, 0.9) === 'red')[1]).toBeGreaterThan(first - 0.5);
    const early = composed.pictures.slice(3, Math.floor((first - 0.4) * PER_SECOND));
    expect(early.every((picture) => seen(picture, 0.1) === 'red' && seen(picture, 0.9) === 'red')).toBe(true);
    for (const [start, end] of [
      [0.4, first - 0.6],
      [first + 0.6, length - 0.6],
    ] as const)
      expect(amplitudeOf(composed.sound, 440, { from: start, to: end })).toBeGreaterThan(0.02);
  });

  it('are composed by a command of the operator', async () => {
    studio = new Studio({ kind: 'tracks', key: KEY });
    const ada = await personOf('Ada', { codec: 'VP8', colour: 'red', tone: 440 });
    ada.join();
    ada.publish();
    await studio.start();
    await studio.recorded(1);
    await studio.finish();
    // As it lies on a server.
    const id = `RC_${'x'.repeat(22)}`;
    mkdirSync(join(studio.folder, 'recordings'));
    renameSync(studio.path(''), join(studio.folder, 'recordings', id));
    const film = join(studio.folder, 'film.mp4');
    const command = ['server/src/cli.ts', 'recordings', 'compose', id, film];
    const env = { ...process.env, PARLEY_DATA_DIR: studio.folder, PARLEY_RECORDER_KEY: KEY };
    const cwd = join(import.meta.dirname, '../..');
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd, env });
    expect(stdout).toMatch(/9\d %.*\n.*film\.mp4: 0\.0 min, 1 MiB/s);
    await assertDecodes(film);
    expect(seen((await readPictures(film, 2))[1], 0.5)).toBe('red');
    const again = promisify(execFile)(process.execPath, command, { cwd, env });
    await expect(again).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/--force/) });
  });

  it('are not to be had of a recording that has none', async () => {
    studio = new Studio({ kind: 'composite' });
    studio.room.join({ name: 'Ada', colour: '#a04020' });
    await studio.start();
    await studio.recorded(0.5);
    await studio.finish();
    await expect(compose('grid')).rejects.toMatchObject({ code: 'COMPOSE_NO_TRACKS' });
  });
});

function muteCamera(name: string): void {
  studio.room.change(name, ({ camera }) => {
    if (camera) camera.muted = true;
    return {};
  });
}

function expectNear(found: [number, number], wanted: [number, number]): void {
  for (const side of [0, 1] as const)
    expect(
      Math.abs(found[side] - wanted[side]),
      `${found.join(' to ')}, not ${wanted.join(' to ')}`,
    ).toBeLessThan(0.5);
}
