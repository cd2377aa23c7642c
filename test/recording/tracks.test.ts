import { afterEach, describe, expect, it } from 'vitest';
import { readManifest } from '@parley/recorder/internal/tracks/manifest.ts';
import { encodeCamera } from './DecodedCamera.ts';
import { amplitudeOf, assertDecodes, readSound } from './mediaProbe.ts';
import { encodeTone, SentCamera, SentMicrophone } from './SentTracks.ts';
import { Studio, type StudioWish } from './Studio.ts';

let studio: Studio;
afterEach(() => studio.close());

async function startStudio(wish: StudioWish): Promise<void> {
  studio = new Studio(wish);
  studio.room.join({ name: 'Ada' }, { name: 'Grace' });
  const [low, high] = await Promise.all([encodeTone(440, 2), encodeTone(1000, 2)]);
  const camera = new SentCamera(encodeCamera(1));
  studio.room.change('Ada', () => ({ camera, microphone: new SentMicrophone(440, low) }));
  studio.room.change('Grace', () => ({ microphone: new SentMicrophone(1000, high) }));
  await studio.start();
}

function path(file: string | undefined): string {
  return studio.path(file ?? '');
}

describe('recording of tracks', { timeout: 120_000 }, () => {
  it('keeps what each sends in a file of its own, with a manifest', async () => {
    await startStudio({ kind: 'tracks' });
    await studio.recorded(3);
    const { parts } = await studio.finish();
    expect(parts.map(({ name }) => name).toSorted()).toEqual([
      'camera p-Ada',
      'microphone p-Ada',
      'microphone p-Grace',
    ]);
    for (const { file, durationMs } of parts) {
      await assertDecodes(path(file));
      expect(durationMs).toBeGreaterThan(2500);
    }
    const voice = parts.find(({ name }) => name === 'microphone p-Grace');
    const sound = await readSound(path(voice?.file));
    expect(amplitudeOf(sound, 1000, { from: 1, to: 1.5 })).toBeGreaterThan(0.05);
    expect(amplitudeOf(sound, 440, { from: 1, to: 1.5 })).toBeLessThan(0.01);
    const camera = parts.find(({ name }) => name === 'camera p-Ada');
    expect(camera).toMatchObject({ width: 640, height: 360, mimeType: 'video/webm' });
    const manifest = await readManifest(studio.path('part-1.tracks'), []);
    expect(manifest.tracks).toHaveLength(3);
    expect(manifest.tracks.every(({ offsetMs }) => offsetMs < 1500)).toBe(true);
  });

  it('has silence where somebody was muted, so that times stay right', async () => {
    await startStudio({ kind: 'tracks' });
    await studio.recorded(1.5);
    const mute = (muted: boolean) =>
      studio.room.change('Grace', ({ microphone }) => {
        if (microphone) microphone.muted = muted;
        return {};
      });
    mute(true);
    await studio.recorded(3.5);
    mute(false);
    await studio.recorded(5.5);
    const { parts } = await studio.finish();
    const voice = parts.find(({ name }) => name === 'microphone p-Grace');
    const { mutes } = await readManifest(studio.path('part-1.tracks'), []);
    expect(mutes.map(({ muted }) => muted)).toEqual([true, false]);
    const sound = await readSound(path(voice?.file));
    const [from, to] = mutes.map(({ atMs }) => atMs / 1000);
    if (from === undefined || to === undefined) throw new Error('Two mutes were told of.');
    expect(amplitudeOf(sound, 1000, { from: from + 0.2, to: to - 0.2 })).toBeLessThan(0.01);
    expect(amplitudeOf(sound, 1000, { from: to + 0.3, to: to + 0.8 })).toBeGreaterThan(0.05);
    expect(Math.abs(sound.length / 48 - (voice?.durationMs ?? 0))).toBeLessThan(200);
  });

  it('closes up pauses', async () => {
    await startStudio({ kind: 'tracks' });
    await studio.recorded(1.5);
    await studio.tell({ type: 'pauseRecording', recordingId: 'one' });
    const paused = Date.now();
    await studio.event('stats', studio.of('stats').length + 1);
    await studio.tell({ type: 'resumeRecording', recordingId: 'one' });
    const lasted = Date.now() - paused;
    await studio.recorded(3.5);
    const until = Date.now();
    const { parts } = await studio.finish();
    const opened = await studio.event('partOpened');
    for (const { file, durationMs } of parts) {
      await assertDecodes(path(file));
      expect(Math.abs(durationMs - (until - opened.startedAt - lasted))).toBeLessThan(1500);
    }
  });
});

describe('recording of sound', { timeout: 120_000 }, () => {
  it('gives all voices in one file, and each in one of its own', async () => {
    await startStudio({ kind: 'audio' });
    await studio.recorded(3);
    const { parts, thumbnail } = await studio.finish();
    expect(parts.map(({ name }) => name).toSorted()).toEqual([
      'audio',
      'microphone p-Ada',
      'microphone p-Grace',
    ]);
    expect(thumbnail).toBeNull();
    const mixed = parts.find(({ name }) => name === 'audio');
    expect(mixed).toMatchObject({ file: 'part-1-audio.m4a', mimeType: 'audio/mp4', width: 0 });
    const sound = await readSound(path(mixed?.file));
    for (const frequency of [440, 1000])
      expect(amplitudeOf(sound, frequency, { from: 1.5, to: 2 })).toBeGreaterThan(0.1);
    for (const { file } of parts) await assertDecodes(path(file));
  });
});
